"""A comparison from its beginning to its end: tuned where that is asked for, stopped early where that is, and trained.

`python -m core.engine.conducting --store FOLDER ID` carries out what a page has asked for under that id, in a process
of its own that the engine starts (conductors.py); `python -m core compare` does the same in its own. Whatever was done
before is not done again, so each may be cut and started anew. The process ends soon after its engine, however that came
to its end: the comparison stays asked for, and the next engine goes on with it in a process of its own.
"""

from __future__ import annotations

import argparse
import logging
import os
import sys
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, NamedTuple

from filelock import FileLock, Timeout

from core.comparison.asked import Asked, asked_for, take_back
from core.comparison.plan import Member, Plan
from core.comparison.record import Comparison, kept, members_of, rewrite
from core.comparison.searches import OPTUNA, RANDOM
from core.comparison.tuning import Tuning, chosen_of
from core.engine.comparing import Standing, Told, carried_out, tried
from core.engine.conductors import LOOK_SECONDS
from core.engine.early_stops import halved
from core.engine.process import cores
from core.handover.optional_packages import check_installed
from core.records.main_numbers import MAP_AT_R
from core.runs.store import Row, Store

TRIALS, MEMBERS = "trials", "members"
log = logging.getLogger("core.engine")


class Conducted(NamedTuple):
    """The plan as it was trained, the members that came to their end by the ids of their runs, what was tuned, and
    after which share of its updates a strategy was stopped."""

    plan: Plan
    by_id: dict[str, Member]
    tuned: dict[str, Any]
    stopped: dict[str, float]


def conducted(
    plan: Plan,
    store: Store,
    slots: int,
    *,
    tune: int = 0,
    tuner: str = RANDOM,
    halves: bool = False,
    told: Told = lambda standing: None,
    begins: Callable[[str, Sequence[Member], dict[str, Any]], None] = lambda phase, members, chosen: None,
    stops: Callable[[dict[str, float]], None] = lambda stopped: None,
) -> Conducted:
    """All of it. `begins` hears of each phase, TRIALS or MEMBERS, with its trainings and what is tuned by then, and of
    more trials where the tuner has chosen them; `stops` of the strategies that are stopped early.

    Raises ValueError as a plan, its trials and its trainings do, and where the tuner is not installed; a
    KeyboardInterrupt pauses what is under way.
    """
    chosen: dict[str, Any] = {}
    if tune:
        check_tuner(tuner)
        tuning = Tuning(plan, tune, tuner)
        while trials := tuning.asked():
            begins(TRIALS, tuning.trials, chosen)
            tuning.told(tried(carried_out(trials, store, slots, told, may_fail=True), store, MAP_AT_R.key))
        plan = tuning.best
        chosen = {one.name: chosen_of(one.experiment) for one in plan.strategies}
    members, stopped = plan.members(), dict[str, float]()
    begins(MEMBERS, members, chosen)
    if halves:
        members, stopped = halved(members, store, slots, told, stops)
    return Conducted(plan, carried_out(members, store, slots, told), chosen, stopped)


def check_tuner(tuner: str) -> None:
    """Raise ValueError, with the command that installs it, where a tuner is not installed."""
    if tuner == OPTUNA:
        check_installed(f"tuning by {OPTUNA}", OPTUNA)


class _Over(Exception):
    """Somebody has taken the wish back, or the engine is gone that this process is of."""


class _Wish(NamedTuple):
    """What is asked for in a store under an id, of a process that the engine has started."""

    root: Path
    id: str
    engine: int

    @property
    def is_over(self) -> bool:
        """Whether this process has nothing more to do with it. Its parent is another one once the engine is gone."""
        return asked_for(self.root, self.id) is None or os.getppid() != self.engine

    def check(self) -> None:
        if self.is_over:
            raise _Over


class _Owned(Store):
    """A store in which whatever is asked for becomes somebody's."""

    def __init__(self, wish: _Wish, asked: Asked) -> None:
        super().__init__(wish.root)
        self._wish, self._owner = wish, (asked.owner, asked.owner_name)

    def submit(self, experiment: Any, run_id: str, name: str, owner: str = "", *, is_member: bool = False) -> Row:
        """As a store does it, as long as the wish is there."""
        self._wish.check()
        row = super().submit(experiment, run_id, name, owner, is_member=is_member)
        return self.join(run_id, *self._owner) if self._owner[0] else row


class _Record:
    """What the store keeps of a comparison while it is carried out."""

    def __init__(self, wish: _Wish, comparison: Comparison) -> None:
        self.wish, self.comparison = wish, comparison

    def say(self, **changes: Any) -> None:
        self.comparison = replace(self.comparison, **changes)
        rewrite(self.wish.root, self.comparison)

    def begins(self, phase: str, members: Sequence[Member], chosen: dict[str, Any]) -> None:
        known = members_of({member.run_id: member for member in members})
        self.say(**({"trials": known} if phase == TRIALS else {"members": known, "tuned": chosen}))

    def stops(self, stopped: dict[str, float]) -> None:
        self.say(stopped=dict(stopped))

    def told(self, standing: Standing) -> None:
        self.wish.check()


def conduct(root: Path, comparison_id: str, slots: int, engine: int | None = None) -> None:
    """Carry out what is asked for under an id and keep in its comparison how far it is; at its end it is no longer
    asked for. What makes it impossible stands there as its problem. Once the process `engine`, the parent of this one
    unless it is given, is gone, nothing more is done and it stays asked for."""
    asked, comparison = asked_for(root, comparison_id), kept(root, comparison_id)
    if asked is None or comparison is None:
        take_back(root, comparison_id)
        return
    wish = _Wish(root, comparison_id, os.getppid() if engine is None else engine)
    store, record = _Owned(wish, asked), _Record(wish, comparison)
    hears: dict[str, Any] = {"told": record.told, "begins": record.begins, "stops": record.stops}
    try:
        conducted(asked.plan(), store, slots, **asked.how, **hears)
    except _Over:
        return
    except Exception as error:  # whatever it is, nobody else would hear of it
        log.exception("the comparison %s could not be carried out", comparison_id)
        record.say(problem=str(error) if isinstance(error, ValueError) else f"{type(error).__name__}: {error}")
    else:
        record.say(asked={})
    take_back(root, comparison_id)


def main(words: Sequence[str]) -> int:
    """Carry out one comparison; the exit status. Where another process does, as that of an engine that was killed, wait
    for its end: to go on after it, or to have nothing left to do, as once its own engine is gone."""
    parser = argparse.ArgumentParser(prog="python -m core.engine.conducting", description="Carry out a comparison.")
    parser.add_argument("--store", type=Path, required=True)
    parser.add_argument("--slots", type=int, default=cores())
    parser.add_argument("--engine", type=int, default=os.getppid(), help="the process that it ends with")
    parser.add_argument("comparison")
    options = parser.parse_args(words)
    wish = _Wish(options.store, options.comparison, options.engine)
    lock, held = FileLock(options.store / "engine" / f"{options.comparison}.lock"), None
    while held is None:
        try:
            held = lock.acquire(timeout=LOOK_SECONDS, poll_interval=LOOK_SECONDS / 4)
        except Timeout:
            if wish.is_over:
                return 0
    with held:
        conduct(*wish[:2], options.slots, wish.engine)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

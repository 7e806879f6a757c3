"""Trainings of a comparison of which the worse half is stopped early: each is paused where it is judged."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from math import inf

from core.comparison.halving import looks_at, surviving
from core.comparison.plan import SNAPSHOTS, Member
from core.engine.comparing import Told, is_at_rest, looks, standing_of, submitted
from core.records.main_numbers import MAP_AT_R
from core.runs.run_folder import Run
from core.runs.states import UNDER_WAY
from core.runs.store import Store


def halved(
    members: Sequence[Member],
    store: Store,
    slots: int,
    told: Told = lambda standing: None,
    stops: Callable[[dict[str, float]], None] = lambda stopped: None,
) -> tuple[list[Member], dict[str, float]]:
    """Those that go on to their end, paused where they were judged last, and by name the share of its updates after
    which each other strategy was stopped (core/comparison/halving.py); `stops` hears of these after each look.

    What was under way before is somebody's for its own sake: it is neither paused nor stopped, and judged all the same.

    What was judged before is judged by the same snapshots again, and trains nothing. Raises ValueError where the
    members have no common number of updates, and where no engine can serve.
    """
    updates = {member.experiment.schedule.updates for member in members}
    if len(updates) != 1 or 0 in updates:
        raise ValueError(
            "strategies that are stopped early must have the same number of updates, got a budget of another kind. "
            "Give 500 updates say, or train all of them to their end."
        )
    own = _Own(store, members)
    going, stopped = list(members), dict[str, float]()
    for share, step in looks_at(updates.pop(), SNAPSHOTS).items():
        reached = _reached_at(step, going, own, slots, told)
        staying = surviving(reached)
        stopped |= {name: share for name in reached if name not in staying}
        stops(stopped)
        for member in going:
            if member.strategy in stopped:
                own.want(member.run_id, "stop")
        going = [member for member in going if member.strategy not in stopped]
    return going, stopped


class _Own:
    """The runs of these members, of which those are left alone that were under way before, and those that somebody else
    has asked for as well."""

    def __init__(self, store: Store, members: Sequence[Member]) -> None:
        self.store = store
        self._others = {row.id for row in store.in_states(*UNDER_WAY)} & {member.run_id for member in members}

    def want(self, run_id: str, wanted: str) -> None:
        if run_id not in self._others and len(self.store.row(run_id).entry.owned_by) < 2:
            self.store.want(run_id, wanted)


def _reached_at(step: int, members: Sequence[Member], own: _Own, slots: int, told: Told) -> dict[str, list[float]]:
    """MAP@R after so many updates, by strategy; what has not come so far is trained up to there and paused. One that
    fails before has reached -inf. Raises ValueError where the engine says why it cannot serve."""
    store = own.store
    by_id = {member.run_id: member for member in members}
    submitted([member for run_id, member in by_id.items() if _at(store, run_id, step) is None], store)
    found = dict[str, float]()
    try:
        for _ in looks(store, slots):
            for run_id in by_id.keys() - found.keys():
                value, row = _at(store, run_id, step), store.row(run_id)
                if value is not None or is_at_rest(row):
                    found[run_id] = -inf if value is None else value
                    own.want(run_id, "pause")
            told(standing_of([store.row(run_id) for run_id in by_id]))
            if len(found) == len(by_id):
                break
    except KeyboardInterrupt:
        for run_id in by_id:
            own.want(run_id, "pause")
        raise
    reached: dict[str, list[float]] = {}
    for run_id, member in by_id.items():
        reached.setdefault(member.strategy, []).append(found[run_id])
    return reached


def _at(store: Store, run_id: str, step: int) -> float | None:
    """What a run has reached after so many updates; None as long as it was not looked at there."""
    folder = store.folder(run_id)
    snapshots = Run(folder).snapshots() if (folder / "run.json").exists() else []
    return next((MAP_AT_R.of(numbers) for numbers in snapshots if numbers.step == step), None)

"""A comparison carried out in a store: its trainings go into the queue, the engine trains them, and what they have
reached is measured and compared.

A training that is there already is not trained again, and one that was cut goes on: so the same plan on the same store
goes on where it was, and costs nothing once it is done.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import NamedTuple

from core.comparison.differences import Trainings
from core.comparison.plan import Member
from core.comparison.results import by_strategy
from core.engine.process import cores, engine_problem, ensure_engine, is_alive
from core.experiment.prepared_data import prepare
from core.jobs.measure_reached import measured_all
from core.runs.run_folder import Run
from core.runs.states import RESTING
from core.runs.store import Row, Store

LOOK_SECONDS = 0.5
MOST_PROCESSES = 8  # that measure at a time, each with the distances of a set


class Standing(NamedTuple):
    """How far a comparison is: trainings that are finished, at work, waiting and failed, and which share of all updates
    is done."""

    finished: int
    running: int
    waiting: int
    failed: int
    share: float


Told = Callable[[Standing], None]


def submitted(members: Sequence[Member], store: Store) -> dict[str, Member]:
    """Trainings by the ids of their runs, all of them in the store. Raises ValueError, before any is, where one does
    not fit its data, and where two strategies are the same training."""
    for member in {member.strategy: member for member in members}.values():
        prepare(member.experiment)
    by_id: dict[str, Member] = {}
    for member in members:
        run_id = member.run_id
        if run_id in by_id:
            raise ValueError(
                f"strategies must be different trainings, got {by_id[run_id].strategy} and {member.strategy}, which "
                "are the same one. Leave one of them out."
            )
        by_id[run_id] = member
    for run_id, member in by_id.items():
        store.submit(member.experiment.described(), run_id, title_of(member), is_member=True)
    return by_id


def title_of(member: Member) -> str:
    """What its run is called: the strategy, and which of its trainings this is."""
    fold = f" · fold {member.fold}" if member.experiment.split.described().get("folds") else ""
    return f"{member.strategy}{fold} · seed {member.seed}"


def looks(store: Store, slots: int) -> Iterator[None]:
    """One look after another for whoever waits for runs, with an engine at work between them. Raises ValueError where
    one that was started says why it cannot serve."""
    was_started = False
    while True:
        yield
        if was_started and not is_alive(store.root) and (problem := engine_problem(store.root)):
            raise ValueError(problem)
        ensure_engine(store.root, "--slots", str(slots), "--idle-minutes", "1")
        was_started = True
        time.sleep(LOOK_SECONDS)


def carried_out(
    members: Sequence[Member],
    store: Store,
    slots: int,
    told: Told = lambda standing: None,
    *,
    may_fail: bool = False,
) -> dict[str, Member]:
    """Train everything; the members by the ids of their runs. Raises ValueError where a training has failed, with its
    message, once all others are done; a KeyboardInterrupt pauses what is under way."""
    by_id = submitted(members, store)
    rows: list[Row] = []
    try:
        for _ in looks(store, slots):
            rows = [store.row(run_id) for run_id in by_id]
            told(standing_of(rows))
            left = [row for row in rows if not is_at_rest(row)]
            if not left:
                break
    except KeyboardInterrupt:
        for run_id in by_id:
            store.want(run_id, "pause")
        raise
    if not may_fail and (failed := [row for row in rows if row.state != "finished"]):
        first = failed[0]
        raise ValueError(
            f"every training must end with its numbers, got {len(failed)} of {len(rows)} that did not, such as "
            f"{by_id[first.id].strategy} from seed {by_id[first.id].seed}: {first.message or first.state}"
        )
    return by_id


def standing_of(rows: list[Row]) -> Standing:
    """Of the rows of a comparison."""
    finished, failed = (sum(row.state in states for row in rows) for states in (("finished",), RESTING))
    running = sum(row.state in ("running", "pausing", "stopping") for row in rows)
    shares = [1.0 if row.state == "finished" else row.epoch / max(row.epochs, 1) for row in rows]
    return Standing(finished, running, len(rows) - finished - failed - running, failed, sum(shares) / max(len(rows), 1))


def tried(by_id: Mapping[str, Member], store: Store, key: str) -> list[float]:
    """What the trials of a tuning have reached in one of their final numbers, in their order; one that has failed, as
    a training does at too high a rate, is worse than all others."""
    results = [Run(store.folder(run_id)).result() for run_id in by_id]
    return [float(result[key]) if key in result else float("-inf") for result in results]


def results_of(
    by_id: Mapping[str, Member], store: Store, done: Callable[[int], None] = lambda count: None
) -> dict[str, Trainings]:
    """What each strategy has reached, by seed; of folds their means."""
    processes = min(cores(), MOST_PROCESSES)
    folders = [store.folder(run_id) for run_id in by_id]
    found = zip(by_id.values(), measured_all(store.root, folders, processes, done), strict=True)
    return by_strategy((member.strategy, member.seed, reached) for member, reached in found)


def is_at_rest(row: Row) -> bool:
    """Whether nothing more comes of it without anybody's asking."""
    return row.state == "finished" or (row.state in RESTING and row.wanted != "run")

"""A comparison in the queue of a store: its trainings, how far they are, and what becomes of one that fails."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from core.comparison.plan import UPDATES, Budget, Plan, along
from core.encoders import Mlp
from core.engine import comparing
from core.engine.comparing import Standing, carried_out, standing_of, submitted, title_of, tried
from core.experiment.experiment import Experiment
from core.experiment.schedule import Schedule
from core.experiment.splits import ByIdentity, BySample
from core.runs.states import ANSWERS
from core.runs.store import Store

BASE = Experiment(
    split=BySample(evaluation_share=0.9), encoder=Mlp(width=16, dimension=16), schedule=Schedule(epochs=1)
)
PLAN = Plan(along(BASE, "miner", ["semi-hard", "random"]), (0, 1), Budget(UPDATES, 3))


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store(tmp_path)


def engine(monkeypatch: pytest.MonkeyPatch, store: Store, end: str = "finished") -> list[tuple[str, ...]]:
    """One that needs a look for each run, the last of which ends so."""
    asked: list[tuple[str, ...]] = []

    def step(root: Path, *options: str) -> None:
        asked.append(options)
        for row in store.to_answer():
            store.set_state(row.id, ANSWERS[row.state, row.wanted])
        waiting = store.in_states("queued")
        if waiting:
            store.set_state(waiting[0].id, "running")
            store.set_state(waiting[0].id, "finished" if len(waiting) > 1 else end, "out of luck")

    monkeypatch.setattr(comparing, "ensure_engine", step)
    monkeypatch.setattr(comparing, "LOOK_SECONDS", 0.0)
    return asked


def test_every_training_is_in_the_queue_once_and_called_by_what_it_is(store: Store) -> None:
    by_id = submitted(PLAN.members(), store)
    assert [store.row(run_id).name for run_id in by_id] == [
        "semi-hard · seed 0",
        "random · seed 0",
        "semi-hard · seed 1",
        "random · seed 1",
    ]
    assert list(submitted(PLAN.members(), store)) == list(by_id) and len(store.rows()) == 4
    folds = replace(PLAN, strategies=along(replace(BASE, split=ByIdentity()), "miner", ["all", "random"]), folds=2)
    assert title_of(folds.members()[3]) == "random · fold 1 · seed 0"


def test_members_that_are_one_training_are_refused(store: Store) -> None:
    one = PLAN.members()[0]
    with pytest.raises(ValueError, match="strategies must be different trainings, got semi-hard and b, which are the"):
        submitted([one, one._replace(strategy="b")], store)
    assert not store.rows(), "and nothing is begun"


def test_it_is_told_of_until_all_is_done_and_done_at_once_the_next_time(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked, told = engine(monkeypatch, store), list[Standing]()
    by_id = carried_out(PLAN.members(), store, 2, told.append)
    assert [standing.finished for standing in told] == [0, 1, 2, 3, 4] and told[-1].share == 1
    assert asked[0] == ("--slots", "2", "--idle-minutes", "1") and len(asked) == 4
    assert carried_out(PLAN.members(), store, 2) == by_id and len(asked) == 4


def test_one_that_failed_is_named_once_all_others_are_done(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    engine(monkeypatch, store, end="failed")
    with pytest.raises(ValueError, match="got 1 of 4 that did not, such as random from seed 1: out of luck"):
        carried_out(PLAN.members(), store, 2)
    engine(monkeypatch, store)
    assert len(carried_out(PLAN.members(), store, 2)) == 4, "the next time it is tried again"


def test_who_interrupts_it_pauses_it(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupted(root: Path, *options: str) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(comparing, "ensure_engine", interrupted)
    with pytest.raises(KeyboardInterrupt):
        carried_out(PLAN.members(), store, 2)
    assert {row.wanted for row in store.rows()} == {"pause"}


def test_a_training_under_way_counts_by_its_epochs(store: Store) -> None:
    ids = list(submitted(PLAN.members(), store))
    store.set_state(ids[0], "running")
    store.progress(ids[0], 1, 4, 10, 1.0)
    rows = [store.row(run_id) for run_id in ids]
    assert standing_of(rows) == Standing(0, 1, 3, 0, 1 / 16)


def test_trials_are_told_by_their_final_numbers(store: Store) -> None:
    by_id = submitted(PLAN.members(), store)
    for number, run_id in enumerate(by_id):
        (store.folder(run_id) / "result.json").write_text(f'{{"map_at_r": 0.{number}5}}')
    assert tried(by_id, store, "map_at_r") == [0.05, 0.15, 0.25, 0.35]
    (store.folder(next(iter(by_id))) / "result.json").unlink()
    assert tried(by_id, store, "map_at_r") == [float("-inf"), 0.15, 0.25, 0.35], "it has failed"


def test_an_engine_that_cannot_serve_ends_the_wait_with_its_reason(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = engine(monkeypatch, store)
    (store.root / "engine").mkdir()
    (store.root / "engine" / "problem").write_text("a scheduler must answer at tls://here, got none.")
    with pytest.raises(ValueError, match="a scheduler must answer at tls://here"):
        carried_out(PLAN.members(), store, 2)
    assert len(asked) == 1, "what an earlier one has said counts for nothing before this one was started"


def test_members_wait_behind_a_run_that_is_asked_for_by_itself(store: Store) -> None:
    members = list(submitted(PLAN.members(), store))
    single = store.submit({}, "0" * 32, "single").id
    assert [row.id for row in store.queued()] == [single, *members]


def test_a_trial_may_fail(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    engine(monkeypatch, store, end="failed")
    assert len(carried_out(PLAN.members(), store, 2, may_fail=True)) == 4

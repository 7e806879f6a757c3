from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from core.comparison.plan import UPDATES, Budget, Plan, along
from core.encoders import CompactCnn, Mlp
from core.engine.comparing import submitted
from core.experiment.experiment import Experiment
from core.experiment.schedule import Schedule
from core.experiment.splits import ByIdentity
from core.jobs.train_run import record
from core.miners import BatchHard
from core.runs.checkpoints import kept_steps
from core.runs.fork import START, fork, forked, lay_weights, moments, start_from, started_from, submit_from
from core.runs.run_folder import Run
from core.runs.store import Store
from core.training.collapse import cures
from tests.core.trainings import SMALL

ABSURD = Experiment(miner=BatchHard(), schedule=Schedule(epochs=2, learning_rate=0.3, probe_points=300))


def recorded(store: Store, experiment: Experiment) -> Run:
    store.submit(experiment.described(), experiment.run_id(), experiment.title())
    run = Run.create(store.folder(experiment.run_id()), experiment)
    assert record(run) == "finished"
    return run


def alarms(run: Run) -> dict[float, str]:
    return {numbers.epoch: numbers.alarm.kind for numbers in run.snapshots() if numbers.alarm}


@pytest.fixture(scope="module")
def collapsed(tmp_path_factory: pytest.TempPathFactory) -> tuple[Store, Run]:
    store = Store(tmp_path_factory.mktemp("store"))
    return store, recorded(store, ABSURD)


def test_an_absurd_learning_rate_is_named_within_one_epoch(collapsed: tuple[Store, Run]) -> None:
    _, run = collapsed
    assert run.result()["spread"] < 0.05 < 0.5 < run.snapshots()[0].spread, "it did collapse"
    found = alarms(run)
    assert found and min(found) <= 1.0 and set(found.values()) == {"total"}
    assert "nearly become one point" in run.snapshots()[-1].alarm.sentence


def test_the_offered_fork_recovers(collapsed: tuple[Store, Run]) -> None:
    store, run = collapsed
    cure = cures("total", run.experiment())[0]
    row = fork(store, run, cure.changes, cure.title)
    healed = Run(store.folder(row.id))
    assert healed.record().fork.run == run.record().id
    assert healed.record().fork.cure == cure.title
    assert record(healed) == "finished"
    assert alarms(healed) == {}
    # Over five seeds 0.20 to 0.29 above the untrained encoder, so a tenth does not lean on luck.
    assert healed.result()["map_at_r"] > run.snapshots()[0].map_at_r + 0.1
    assert healed.result()["spread"] > 10 * run.result()["spread"]


def test_a_fork_starts_with_the_weights_of_the_last_healthy_checkpoint(tmp_path: Path) -> None:
    store = Store(tmp_path)
    parent = recorded(store, SMALL)
    row = fork(store, parent, {"schedule": {"learning_rate": 0.0005}}, "slower")
    child = Run(store.folder(row.id))
    record(child)
    first, last = (run.snapshot(run.snapshots()[place].step, "embeddings") for run, place in ((child, 0), (parent, -1)))
    np.testing.assert_allclose(first["embeddings"], last["embeddings"], atol=1e-6)
    assert child.record().fork.step == parent.snapshots()[-1].step
    assert child.experiment() == replace(SMALL, schedule=replace(SMALL.schedule, learning_rate=0.0005))


def test_the_same_fork_is_one_run_and_another_is_not(tmp_path: Path) -> None:
    store = Store(tmp_path)
    parent = recorded(store, SMALL)
    changes = {"schedule": {"learning_rate": 0.0005}}
    first, again = fork(store, parent, changes, "slower"), fork(store, parent, changes, "slower")
    other = fork(store, parent, {"schedule": {"learning_rate": 0.0002}}, "slower still")
    assert first.id == again.id != other.id
    assert first.id != parent.experiment().changed(changes).run_id(), "a fork is not a fresh run of its settings"


def test_a_fork_into_another_encoder_is_refused_in_one_sentence(tmp_path: Path) -> None:
    store = Store(tmp_path)
    parent = recorded(store, SMALL)
    with pytest.raises(ValueError, match="a fork must keep the encoder"):
        fork(store, parent, {"encoder": CompactCnn(dimension=2).described()}, "another encoder")


def test_a_fork_names_the_data_as_whoever_asks_does(collapsed: tuple[Store, Run]) -> None:
    store, run = collapsed
    changes = {"schedule": {"learning_rate": 0.0123}}
    row = fork(store, run, changes, "slower", "my digits")
    assert row.title.startswith("my digits · ") and row.title.endswith(" · fork")
    assert Run(store.folder(row.id)).record().title.startswith("my digits · ")


@pytest.fixture(scope="module")
def parent(tmp_path_factory: pytest.TempPathFactory) -> tuple[Store, Run]:
    """Three epochs, of which the last two keep their weights."""
    store = Store(tmp_path_factory.mktemp("store"))
    return store, recorded(store, SMALL)


def strategies(*miners: str) -> Plan:
    return Plan(along(SMALL, "miner", miners), (0, 1), Budget(UPDATES, 4))


def test_a_fork_starts_at_any_moment_whose_weights_are_kept(parent: tuple[Store, Run]) -> None:
    _, run = parent
    assert moments(run) == {10: 2.0, 15: 3.0} and kept_steps(run.folder / "checkpoints") == [10, 15]
    assert start_from(run).origin.step == 15 and start_from(run, 2).origin.step == 10
    assert start_from(run, 2).content != start_from(run, 3).content
    with pytest.raises(ValueError, match="where weights are kept, after epoch 2, 3, got 1. Choose one"):
        start_from(run, 1)


def test_forks_begin_with_the_same_weights_and_are_runs_of_their_own(parent: tuple[Store, Run]) -> None:
    store, run = parent
    start = start_from(run, 2)
    members = forked(strategies("semi-hard", "random"), run, start).members()
    rows = [submit_from(store, start, one.experiment, one.strategy) for one in members[:2]]
    assert [row.id for row in rows] == [one.run_id for one in members[:2]]
    assert {one.experiment.run_id() for one in members}.isdisjoint(one.run_id for one in members)
    first = []
    for row in rows:
        child = Run(store.folder(row.id))
        assert record(child) == "finished" and child.record().fork == start.origin
        first.append(child.snapshot(0, "embeddings")["embeddings"])
    np.testing.assert_array_equal(*first)
    places = np.searchsorted(child.probe()["rows"], run.probe()["rows"])
    np.testing.assert_allclose(first[0][places], run.snapshot(10, "embeddings")["embeddings"], atol=1e-6)


def test_a_fork_is_repeated_bit_for_bit_once_its_parent_is_gone(tmp_path: Path) -> None:
    store, other = Store(tmp_path / "one"), Store(tmp_path / "other")
    run = recorded(store, SMALL)
    start = start_from(run)
    (member, *_) = forked(strategies("random", "semi-hard"), run, start).members()
    made = []
    for place in (store, other):
        child = Run(place.folder(submit_from(place, start, member.experiment, "random").id))
        if place is other:
            (run.folder / "run.json").unlink()
        record(child)
        made.append(child.snapshot(4, "embeddings")["embeddings"])
    np.testing.assert_array_equal(*made)


@pytest.mark.parametrize("content", [None, b"another"])
def test_a_fork_without_its_checkpoint_is_not_trained_from_other_weights(
    parent: tuple[Store, Run], tmp_path: Path, content: bytes | None
) -> None:
    start = start_from(parent[1])
    (member, *_) = forked(strategies("batch-hard", "all"), parent[1], start).members()
    store = Store(tmp_path)
    child = Run(store.folder(submit_from(store, start, member.experiment, "batch-hard").id))
    assert started_from(child) is not None and started_from(parent[1]) is None
    (child.folder / START).unlink() if content is None else (child.folder / START).write_bytes(content)
    with pytest.raises(ValueError, match="a fork must have the checkpoint that it starts from, that of digits"):
        record(child)
    assert not child.snapshots()
    submit_from(store, start, member.experiment, "batch-hard")
    assert (child.folder / START).read_bytes() == start.content and started_from(child) is not None


def test_a_checkpoint_that_is_not_as_it_was_is_no_start(tmp_path: Path) -> None:
    run = recorded(Store(tmp_path), SMALL)
    for file in (run.folder / "checkpoints").glob("*.pt"):
        file.write_bytes(b"damaged")
    with pytest.raises(ValueError, match="after epoch 3 must be as it was written"):
        start_from(run)
    (run.folder / "checkpoints" / "manifest.json").unlink()
    (run.folder / "checkpoints" / "healthy.json").unlink()
    with pytest.raises(ValueError, match="which keeps none. Train it for an epoch first"):
        start_from(run)


def test_forks_are_judged_by_samples_that_are_new_to_the_weights(parent: tuple[Store, Run]) -> None:
    run, start = parent[1], start_from(parent[1])
    by_identity = replace(SMALL, split=ByIdentity())
    other = Plan(along(by_identity, "miner", ["all", "random"]), (0,), Budget(UPDATES, 4))
    with pytest.raises(ValueError, match="a fork must keep data and split of digits"):
        forked(other, run, start)
    wider = along(replace(SMALL, encoder=Mlp(dimension=16)), "miner", ["all", "random"])
    with pytest.raises(ValueError, match="a fork must keep the encoder"):
        forked(Plan(wider, (0,), Budget(UPDATES, 4)), run, start)


def test_weights_lie_there_before_the_runs_are_asked_for(parent: tuple[Store, Run], tmp_path: Path) -> None:
    store, start = Store(tmp_path), start_from(parent[1])
    members = forked(strategies("semi-hard", "random"), parent[1], start).members()
    lay_weights(store, start, members)
    assert not store.rows()
    assert {(store.folder(one.run_id) / START).read_bytes() for one in members} == {start.content}
    assert list(submitted(members, store)) == [one.run_id for one in members]
    child = Run(store.folder(members[0].run_id))
    assert record(child) == "finished" and child.record().fork == start.origin

"""Comparisons as sweeps of runs in the index."""

from __future__ import annotations

import os
from dataclasses import replace
from pathlib import Path

import pytest

from core.comparison.asked import Asked, ask
from core.comparison.plan import UPDATES, Budget, Plan, along
from core.comparison.record import HOME, Comparison, all_kept, keep, kept, removed, rewrite
from core.experiment.experiment import Experiment
from core.runs import sweeps
from core.runs.store import Store
from core.runs.sweeps import (
    ARCHIVED,
    DELETED,
    Summary,
    forget_gone,
    newest,
    newest_sweep_of,
    parts,
    runs_of,
    summaries,
    take_up,
)


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store(tmp_path)


def made(store: Store, number: int, runs: range, title: str = "sweep") -> Comparison:
    """A comparison of these runs, in turn of two strategies from seeds 0, 1, ..."""
    for run in runs:
        store.submit({}, f"{run:032x}", f"run {run}")
    members = {f"{run:032x}": [("b", "a")[place % 2], place // 2, 0] for place, run in enumerate(runs)}
    created = store.row(f"{runs[-1]:032x}").submitted_at[:19] + "+00:00"
    comparison = Comparison(id=f"{number:032x}", title=title, created=created, members=members, budget={"updates": 1})
    keep(store.root, comparison)
    return comparison


def test_what_the_folder_has_is_taken_up_and_left_out(store: Store) -> None:
    assert list(newest(store)) == [] and not sweeps.sweeps(store, ["0" * 32])
    first, second = made(store, 1, range(1, 5), "first"), made(store, 2, range(5, 9), "second")
    assert [one.title for one in newest(store)] == ["second", "first"]
    found = sweeps.sweeps(store, [first.id])[first.id]
    assert (found.title, found.created) == ("first", first.created)
    removed(store.root, second.id)
    assert [one.title for one in newest(store)] == ["first"]


def test_a_folder_that_has_not_changed_is_not_read_again(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    made(store, 1, range(1, 5))
    long_ago = 10**18
    os.utime(store.root / HOME, ns=(long_ago, long_ago))
    take_up(store)
    monkeypatch.setattr(sweeps, "kept", lambda *_: pytest.fail("it is known"))
    assert len(list(newest(Store(store.root)))) == 1


def test_a_file_of_the_same_moment_is_not_overlooked(store: Store) -> None:
    made(store, 1, range(1, 5))
    take_up(store)
    stamp = (store.root / HOME).stat().st_mtime_ns
    made(store, 2, range(5, 9))
    os.utime(store.root / HOME, ns=(stamp, stamp))
    assert len(list(newest(store))) == 2


def test_an_index_made_anew_knows_them_again(store: Store) -> None:
    comparison = made(store, 1, range(1, 5))
    take_up(store)
    (store.root / "index.sqlite").unlink()
    assert [one.id for one in newest(store)] == [comparison.id]
    (store.root / "index.sqlite").write_bytes(b"")
    assert len(parts(store, comparison.id)) == 0 or sweeps.sweeps(store, [comparison.id])
    assert [one.id for one in newest(store)] == [comparison.id]


def test_a_damaged_file_is_passed_over(store: Store) -> None:
    made(store, 1, range(1, 5))
    (store.root / HOME / f"{2:032x}.json").write_text("{")
    (store.root / HOME / "notes.json").write_text("{}")
    assert len(list(newest(store))) == 1


def test_the_summary_is_of_the_runs_that_stand_there(store: Store) -> None:
    comparison = made(store, 1, range(1, 9))
    states = {1: "finished", 2: "finished", 3: "failed", 4: "running", 5: "paused", 6: "interrupted"}
    for run, state in states.items():
        if state != "paused":
            store.set_state(f"{run:032x}", "running")
        if state != "running":
            store.set_state(f"{run:032x}", state)
    store.progress(f"{4:032x}", epoch=5, epochs=10, step=1, seconds=3.0)
    sizes = "UPDATE runs SET size = 100, map_at_r = number / 10.0 WHERE state IN ('finished', 'failed')"
    store.ask(sizes)
    store.star(f"{1:032x}")
    take_up(store)
    assert summaries(store, [comparison.id]) == {
        comparison.id: Summary(
            count=8,
            finished=2,
            running=1,
            waiting=3,
            failed=1,
            resting=1,
            size=300 + store.row(f"{5:032x}").size,
            map_at_r=0.3,
            seconds=3.0,
            share=pytest.approx(2.5 / 8),
            starred=1,
            strategies=2,
            seeds=4,
        )
    }
    store.archive(f"{1:032x}")
    store.delete(f"{2:032x}")
    counts = [summaries(store, [comparison.id], shelf)[comparison.id].count for shelf in (ARCHIVED, DELETED)]
    assert counts == [1, 1] and summaries(store, [comparison.id])[comparison.id].count == 6


def test_its_runs_come_by_strategy_as_asked_for_and_by_seed(store: Store) -> None:
    comparison = made(store, 1, range(1, 7))
    take_up(store)
    found = [(part.strategy, part.seed, int(part.row.id, 16)) for part in parts(store, comparison.id)]
    assert found == [("b", 0, 1), ("b", 1, 3), ("b", 2, 5), ("a", 0, 2), ("a", 1, 4), ("a", 2, 6)]
    assert runs_of(store, [comparison.id]) == {comparison.id: [f"{run:032x}" for run in range(1, 7)]}


def test_a_run_of_several_is_found_in_the_newest(store: Store) -> None:
    made(store, 1, range(1, 5), "first")
    made(store, 2, range(3, 9), "second")
    found = newest_sweep_of(store, [f"{run:032x}" for run in (1, 3, 9)])
    assert {int(run, 16): sweep.title for run, sweep in found.items()} == {1: "first", 3: "second"}


def test_what_has_no_run_any_more_is_forgotten(store: Store) -> None:
    comparison, other = made(store, 1, range(1, 3)), made(store, 2, range(3, 5))
    store.delete_all([f"{1:032x}", f"{2:032x}"])
    for run in (1, 2):
        store.set_state(f"{run:032x}", "stopped")
    assert [one.id for one in newest(store)] == [other.id]
    forget_gone(store)
    assert kept(store.root, comparison.id) is not None, "its runs can be restored"
    assert len(store.purge(days=0)) == 2
    forget_gone(store)
    assert [one.id for one in all_kept(store.root)] == [other.id]


def test_what_is_only_asked_for_is_not_taken_for_gone(store: Store) -> None:
    plan = Plan(along(Experiment(), "miner", ["all", "random"]), (0,), Budget(UPDATES, 9))
    asked = Asked.of("two miners", plan, halves=True)
    keep(store.root, asked.begun())
    ask(store.root, asked)
    forget_gone(store)
    assert kept(store.root, asked.id) is not None, "an engine that starts is to carry it out"
    trials = {"0" * 32: ["all, trial 1", 0, 0]}
    rewrite(store.root, replace(asked.begun(), trials=trials))
    forget_gone(store)
    assert kept(store.root, asked.id) is not None, "nor where its first runs are still to be asked for"

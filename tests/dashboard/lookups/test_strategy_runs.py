"""Which seeds of a comparison have begun, and which of them count."""

from __future__ import annotations

import pytest

from core.comparison.record import Comparison, keep
from core.runs.store import Store
from dashboard.figures.strategy_looks import looks_of
from dashboard.lookups.strategy_runs import SeedRuns, begun, counted, differing_settings, looks_of_runs, of_seed, paired
from tests.dashboard.compared_strategies import compared


def test_a_seed_has_begun_once_there_is_a_snapshot(empty_store: Store) -> None:
    comparison = compared(empty_store.root, trained=3, is_measured=False)
    found = begun(comparison)
    first, other = comparison.runs_of("random")
    assert found["random"] == (SeedRuns(0, True, ((first, 3),)), SeedRuns(1, False, ((other, 3),)))
    (run, snapshots), *rest = found["random"][1].snapshots()
    assert run.record().id == other and [one.step for one in snapshots] == [0, 10, 20] and not rest
    (empty_store.folder(other) / "snapshots.jsonl").write_text("")
    assert [one.seed for one in begun(comparison)["random"]] == [0]
    empty_store.delete(first)
    assert list(begun(comparison)) == ["semi-hard"]


def test_a_seed_of_folds_has_begun_once_all_of_them_have(empty_store: Store) -> None:
    made = compared(empty_store.root, is_measured=False)
    members = {run_id: [name, 0, seed] for run_id, (name, seed, _) in made.members.items()}
    comparison = Comparison(id="f" * 32, title="", created="", members=members, budget=made.budget)
    keep(empty_store.root, comparison)
    (one,) = begun(comparison)["semi-hard"]
    assert [name for name, _ in one.runs] == made.runs_of("semi-hard") and one.is_finished
    (empty_store.folder(one.runs[1][0]) / "snapshots.jsonl").write_text("")
    assert list(begun(comparison)) == ["random"]


def test_those_that_are_finished_count_and_before_them_all() -> None:
    whole, part = SeedRuns(0, True, (("a", 3),)), SeedRuns(1, False, (("b", 1),))
    assert counted((whole, part)) == (whole,) and counted((part,)) == (part,)
    assert of_seed((whole, part), None) == (whole,) and of_seed((whole, part), 1) == (part,)
    assert of_seed((whole,), 1) == ()


def test_only_settings_that_differ_are_named(empty_store: Store) -> None:
    comparison = compared(empty_store.root, seeds=1, is_measured=False)
    found = differing_settings(comparison, ["random", "semi-hard"])
    assert found["miner"] == ["random", "semi-hard"] and all(name.startswith("miner") for name in found)
    assert differing_settings(comparison, ["random"]) == {}


def test_settings_of_a_run_that_waits_are_known_and_of_one_that_is_gone_are_not(empty_store: Store) -> None:
    comparison = compared(empty_store.root, seeds=1, is_measured=False)
    waiting = empty_store.folder(comparison.runs_of("random")[0]) / "run.json"
    waiting.rename(waiting.with_name("kept"))
    assert differing_settings(comparison, ["random", "semi-hard"])["miner"] == ["random", "semi-hard"]
    gone = Comparison(id="f" * 32, title="", created="", members={"0" * 32: ["a", 0, 0]}, budget={})
    with pytest.raises(ValueError, match="must be one that is kept here"):
        differing_settings(gone, ["a"])


def test_runs_look_as_their_strategies_do_where_each_has_its_own() -> None:
    members = {"x": ["random", 0, 0], "y": ["semi-hard", 0, 0], "z": ["random", 1, 0]}
    comparison = Comparison(id="f" * 32, title="", created="", members=members, budget={})
    looks = looks_of(["random", "semi-hard"], "light")
    assert looks_of_runs(comparison, ["y", "x"], "light") == (looks["semi-hard"], looks["random"])
    assert looks_of_runs(comparison, ["x", "z"], "light") == looks_of_runs(comparison, ["x", "other"], "light") == ()
    assert looks_of_runs(None, ["x"], "light") == ()


def test_differences_count_of_the_seeds_that_both_have_finished_and_before_that_of_those_begun() -> None:
    def seeds(**finished: bool) -> tuple[SeedRuns, ...]:
        return tuple(SeedRuns(int(name[1:]), is_finished, ()) for name, is_finished in finished.items())

    assert paired(seeds(s0=True, s1=True, s2=True), seeds(s1=True, s2=False, s3=True)) == [1]
    assert paired(seeds(s1=False, s0=False), seeds(s0=True, s1=False)) == [0]
    assert paired(seeds(s1=False), seeds(s0=True, s1=False)) == [1]
    assert paired(seeds(s0=True), seeds(s1=True)) == []

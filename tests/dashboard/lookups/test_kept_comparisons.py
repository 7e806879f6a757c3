"""How far a comparison is, and what its strategies have reached."""

from __future__ import annotations

import pytest

from core.runs.store import Store
from dashboard.lookups import kept_comparisons
from dashboard.lookups.kept_comparisons import Standing, find, listed, results, standing
from tests.dashboard.compared_strategies import compared


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Of how many runs a process is asked to measure, which none is."""
    counts: list[int] = []
    monkeypatch.setattr(kept_comparisons, "_have_measured", lambda name, missing: counts.append(len(missing)))
    return counts


def test_what_is_measured_is_there_by_strategy_and_seed(empty_store: Store, asked: list[int]) -> None:
    comparison = compared(empty_store.root)
    there = find(comparison.id)
    assert there is not None and there.members == comparison.members
    assert [one.id for one in listed(5)] == [comparison.id]
    found = results(comparison)
    assert list(found) == ["semi-hard", "random"] and all(list(of) == [0, 1] for of in found.values())
    assert standing(comparison) == Standing(4, 4, 0, 0) and not asked


def test_what_is_finished_and_not_measured_another_process_measures(empty_store: Store, asked: list[int]) -> None:
    comparison = compared(empty_store.root, trained=3, is_measured=False)
    assert results(comparison) == {} and asked == [3]
    assert standing(comparison) == Standing(4, 3, 1, 0)


def test_one_is_asked_at_a_time_and_keeps_what_it_finds(empty_store: Store) -> None:
    comparison = compared(empty_store.root, seeds=1, is_measured=False)
    assert results(comparison) == {}
    process = kept_comparisons._measuring[comparison.id]
    results(comparison)
    assert kept_comparisons._measuring[comparison.id] is process
    assert process.wait(timeout=120) == 0
    assert list(results(comparison)) == ["semi-hard", "random"]
    assert not kept_comparisons.is_measuring(comparison)


def test_what_cannot_be_measured_is_tried_once(empty_store: Store, asked: list[int]) -> None:
    comparison = compared(empty_store.root, is_measured=False)
    for _ in range(3):
        assert results(comparison) == {} and not kept_comparisons.is_measuring(comparison)
    assert asked == [4]


def test_of_runs_that_are_gone_there_is_no_comparison(empty_store: Store) -> None:
    comparison = compared(empty_store.root, seeds=1, is_measured=False)
    assert find("0" * 32) is None and find("../x") is None
    for run_id in comparison.members:
        empty_store.delete(run_id)
    assert find(comparison.id) is None and listed(5) == []
    assert standing(comparison).failed == 2

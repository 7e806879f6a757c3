from __future__ import annotations

import numpy as np
import pytest

from core.statistics.crossing import PAIRS_ACROSS, Crossing
from core.statistics.distance_blocks import distance_matrix
from core.statistics.pair_distances import pair_distances
from core.statistics.roc import at, exact_curve
from core.verification import wrong_pairs
from core.verification.wrong_pairs import first_of_each, identity_pairs, nearest_pairs, spread_pairs
from tests.core.crossings import listed, tied_set


@pytest.mark.parametrize("threshold", [0.0, 1.0, 2.0**0.5, 2.5, 9.0])
@pytest.mark.parametrize("is_same", [True, False])
@pytest.mark.parametrize("worst_first", [False, True])
def test_nearest_pairs_equal_the_definition_with_ties(is_same: bool, threshold: float, worst_first: bool) -> None:
    generator = np.random.default_rng(0)
    embeddings = generator.integers(0, 4, size=(300, 3)).astype(np.float32)  # more than one block of rows
    labels = generator.integers(0, 5, size=300)
    distances = distance_matrix(embeddings)
    wrong = [
        (abs(distances[a, b] - threshold) * (-1 if worst_first else 1), a, b)
        for a, b in zip(*np.triu_indices(300, 1), strict=True)
        if (labels[a] == labels[b]) == is_same and (distances[a, b] > threshold) == is_same
    ]
    expected = sorted(wrong)[:40]
    rows_a, rows_b, found = nearest_pairs(embeddings, labels, threshold, 40, is_same=is_same, worst_first=worst_first)
    assert list(zip(rows_a, rows_b, strict=True)) == [(a, b) for _, a, b in expected]
    assert found.tolist() == [distances[a, b] for _, a, b in expected]


def test_nearest_pairs_are_the_false_accepts_of_the_verdict() -> None:
    generator = np.random.default_rng(1)
    embeddings, labels = generator.normal(size=(60, 4)), np.arange(60) % 4
    verdict = at(exact_curve(pair_distances(embeddings, labels)), 2.0)
    assert verdict.false_accepts and verdict.false_rejects
    assert len(nearest_pairs(embeddings, labels, 2.0, 9999, is_same=False)[0]) == verdict.false_accepts
    assert len(nearest_pairs(embeddings, labels, 2.0, 9999, is_same=True)[0]) == verdict.false_rejects


def test_count_must_be_positive() -> None:
    with pytest.raises(ValueError, match="count must be at least 1, got 0"):
        nearest_pairs(np.eye(3), np.arange(3), 1.0, 0, is_same=True)


@pytest.mark.parametrize("is_same", [True, False])
@pytest.mark.parametrize("worst_first", [False, True])
@pytest.mark.parametrize("held", [1024, 40])
@pytest.mark.parametrize("count", [12, 70])
def test_no_two_identities_have_more_than_their_share_as_long_as_there_are_others(
    is_same: bool, worst_first: bool, held: int, count: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(wrong_pairs, "HELD", held)  # few: several looks are needed
    generator, threshold = np.random.default_rng(0), 2.0**0.5
    embeddings = generator.integers(0, 4, size=(300, 3)).astype(np.float32)
    labels = generator.choice(6, size=300, p=[0.6, 0.2, 0.05, 0.05, 0.05, 0.05])  # one identity has most pairs
    distances = distance_matrix(embeddings)
    wrong = sorted(
        (abs(distances[a, b] - threshold) * (-1 if worst_first else 1), a, b)
        for a, b in zip(*np.triu_indices(300, 1), strict=True)
        if (labels[a] == labels[b]) == is_same and (distances[a, b] > threshold) == is_same
    )
    taken: dict[frozenset[int], int] = {}
    chosen = []
    for one in wrong:
        pair = frozenset((int(labels[one[1]]), int(labels[one[2]])))
        taken[pair] = taken.get(pair, 0) + 1
        chosen += [one] if taken[pair] <= 3 and len(chosen) < count else []
    others = [one for one in wrong if one not in chosen][: count - len(chosen)]
    assert (len(chosen) == count) != bool(others)
    expected = [(a, b) for _, a, b in sorted([*chosen, *others])]
    found = spread_pairs(embeddings, labels, threshold, count, each=3, is_same=is_same, worst_first=worst_first)
    assert list(zip(*(rows.tolist() for rows in found[:2]), strict=True)) == expected
    assert found[2].tolist() == [distances[a, b] for a, b in expected]


def test_no_pair_at_all_is_none() -> None:
    found = spread_pairs(np.eye(4), np.arange(4), 0.1, 5, each=2, is_same=False)
    assert [len(part) for part in found] == [0, 0, 0]


def test_the_order_of_two_identities_does_not_matter() -> None:
    groups = identity_pairs(np.array([1, 2, 1, 0]), np.array([2, 1, 2, 0]))
    assert first_of_each(groups, 2, 1).tolist() == [0, 3]
    assert first_of_each(groups, 3, 1).tolist() == [0, 1, 3]
    assert first_of_each(groups, 3, 1, fill=False).tolist() == [0, 3]


@pytest.mark.parametrize("is_same", [True, False])
def test_with_a_crossing_only_pairs_that_count_are_shown(is_same: bool) -> None:
    points, labels, groups = tied_set(6)
    crossing, threshold = Crossing(PAIRS_ACROSS, labels, groups), 3.0
    first, second, apart = spread_pairs(points, labels, threshold, 10_000, each=2, is_same=is_same, crossing=crossing)
    wrong = [p for p in listed(points, crossing) if p.is_same == is_same and (p.distance > threshold) == is_same]
    assert sorted(zip(first.tolist(), second.tolist(), strict=True)) == sorted((p.first, p.second) for p in wrong)
    assert len(wrong) > 10 and sorted(apart.tolist()) == sorted(pair.distance for pair in wrong)

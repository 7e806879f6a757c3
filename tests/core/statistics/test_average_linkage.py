"""Average linkage: the groups of a slow loop that puts the two nearest together, at any threshold and any number."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.cluster import AgglomerativeClustering

from core.statistics.average_linkage import average_linkage
from core.statistics.partitions import crosstab


def distances_of(seed: int, count: int = 24) -> np.ndarray:
    points = np.random.default_rng(seed).normal(size=(count, 3))
    return np.linalg.norm(points[:, None] - points, axis=2)


def loop(distances: np.ndarray, threshold: float) -> list[set[int]]:
    """Put the two groups with the smallest mean distance together while that is at most the threshold."""
    groups = [{row} for row in range(len(distances))]
    while len(groups) > 1:
        means = {
            (i, j): np.mean([distances[a, b] for a in groups[i] for b in groups[j]])
            for i in range(len(groups))
            for j in range(i + 1, len(groups))
        }
        (i, j), apart = min(means.items(), key=lambda found: found[1])
        if apart > threshold:
            break
        groups[i] |= groups.pop(j)
    return groups


def are_the_same(groups: np.ndarray, others: np.ndarray) -> bool:
    shared = crosstab(groups, others) > 0
    return bool((shared.sum(axis=0) == 1).all() and (shared.sum(axis=1) == 1).all())


@pytest.mark.parametrize("threshold", [0.0, 0.7, 1.3, 2.0, 9.0])
@pytest.mark.parametrize("seed", range(3))
def test_the_groups_at_a_threshold_are_those_of_a_loop(seed: int, threshold: float) -> None:
    distances = distances_of(seed)
    found = average_linkage(distances).at(threshold)
    expected = np.empty(len(distances), int)
    for number, group in enumerate(loop(distances, threshold)):
        expected[list(group)] = number
    assert are_the_same(found, expected) and len(np.unique(expected)) == found.max() + 1


@pytest.mark.parametrize("count", [1, 5, 24])
def test_as_many_groups_as_asked_for_equal_scikit_learn(count: int) -> None:
    distances = distances_of(7)
    other = AgglomerativeClustering(count, metric="precomputed", linkage="average").fit_predict(distances)
    found = average_linkage(distances).into(count)
    assert are_the_same(found, other) and found.max() + 1 == count


@settings(deadline=None, max_examples=60)
@given(st.lists(st.integers(0, 3), min_size=1, max_size=20), st.integers(1, 20))
def test_among_ties_there_are_exactly_as_many_groups_always_the_same(places: list[int], count: int) -> None:
    points = np.array(places, np.float64)
    merges = average_linkage(np.abs(points[:, None] - points))
    groups = merges.into(min(count, len(points)))
    assert np.array_equal(np.unique(groups), np.arange(min(count, len(points))))
    assert np.array_equal(groups, average_linkage(np.abs(points[:, None] - points)).into(min(count, len(points))))
    firsts = [np.flatnonzero(groups == number)[0] for number in range(groups.max() + 1)]
    assert firsts == sorted(firsts), "numbered by their first points"
    assert are_the_same(merges.at(0.0), points), "what is nowhere apart is together"
    assert (np.diff(merges.apart) >= 0).all()


def test_a_distance_equal_to_the_threshold_is_together() -> None:
    merges = average_linkage(np.array([[0.0, 1.0], [1.0, 0.0]]))
    assert merges.at(1.0).tolist() == [0, 0] and merges.at(np.nextafter(1.0, 0)).tolist() == [0, 1]
    assert average_linkage(np.zeros((1, 1))).at(5.0).tolist() == [0]


@pytest.mark.parametrize("count", [0, 3])
def test_another_number_of_groups_is_refused(count: int) -> None:
    with pytest.raises(ValueError, match=f"must be from 1 to 2, got {count}. Ask for one of these."):
        average_linkage(np.ones((2, 2))).into(count)

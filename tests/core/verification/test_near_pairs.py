"""Pairs near a threshold: all of them, from points and from a list, and by distance where they are many."""

from __future__ import annotations

from math import comb

import numpy as np
import pytest
from numpy.testing import assert_array_equal

from core.distances import EUCLIDEAN, Hamming
from core.distances.base import Distance
from core.statistics.crossing import CROSSINGS, Crossing
from core.statistics.distance_blocks import distance_matrix
from core.verification import near_pairs
from core.verification.near_pairs import NearPairs, PointPairs
from core.verification.protocols import FOLDS, OTHERS, SAME, parts
from tests.core.crossings import listed, tied_set

LABELS = np.repeat(np.arange(40), 6)
EVERYTHING = np.array([[-np.inf, np.inf]])


@pytest.fixture(params=[EUCLIDEAN, Hamming()], ids=["apart", "tied"])
def pairs(request: pytest.FixtureRequest) -> PointPairs:
    distance: Distance = request.param
    points = (
        np.random.default_rng(2).normal(size=(240, 5)) * 0.4 + np.random.default_rng(3).normal(size=(40, 5))[LABELS]
    )
    return PointPairs(distance.prepared(points), LABELS, distance)


def every_pair(pairs: PointPairs) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    first, second = np.triu_indices(240, 1)
    apart = distance_matrix(pairs.points, pairs.distance)[first, second]
    sides = parts(LABELS, 2)
    return apart, LABELS[first] == LABELS[second], np.sort(np.stack([sides[first], sides[second]]), axis=0)


def sided(found: NearPairs, row: int, column: int) -> np.ndarray:
    here = (np.sort(found.parts, axis=0).T == (row, column)).all(axis=1)
    return np.sort(np.repeat(found.distances[here], found.at_each[here]))


def test_pairs_are_those_of_a_plain_matrix(pairs: PointPairs) -> None:
    apart, is_same, sides = every_pair(pairs)
    low, middle, high = np.quantile(apart, [0.1, 0.3, 0.35])
    found = pairs.within(np.array([[-np.inf, low], [middle, high]]), OTHERS)
    inside = (apart <= low) | ((apart > middle) & (apart <= high))
    assert_array_equal(np.sort(found.distances), np.sort(apart[inside]))
    assert found.is_same.sum() == is_same[inside].sum() and found.counts is None
    for row, column in ((0, 0), (0, 1), (1, 1)):
        here = (sides.T == (row, column)).all(axis=1)
        assert_array_equal(sided(found, row, column), np.sort(apart[inside & here]))


def test_pairs_beyond_what_is_held_are_counted_by_distance(pairs: PointPairs, monkeypatch: pytest.MonkeyPatch) -> None:
    whole = pairs.within(EVERYTHING, OTHERS)
    monkeypatch.setattr(near_pairs, "MOST_HELD", 1000)
    few = pairs.within(EVERYTHING, OTHERS)
    assert len(whole.distances) == comb(240, 2) == few.at_each.sum()
    for row, column in ((0, 0), (0, 1), (1, 1)):
        assert_array_equal(sided(whole, row, column), sided(few, row, column))


@pytest.mark.parametrize("protocol", [SAME, OTHERS, FOLDS])
def test_counted_pairs_are_as_many_up_to_each_of_some_distances(
    pairs: PointPairs, protocol: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(near_pairs, "SAMPLE", 60)
    apart, _, _ = every_pair(pairs)
    low, end, high = np.quantile(apart, [0.2, 0.4, 0.7])
    spans = np.array([[low, high]])
    whole = pairs.within(spans, protocol)
    asked = np.array([[low, end]])
    counted, some, expected, listed = pairs.counted(spans, protocol, np.array([low, end, high]), lambda some: asked)
    assert expected is asked
    for one, other in zip(listed[:3], pairs.within(asked, protocol)[:3], strict=True):
        assert_array_equal(one, other)
    assert counted.at_each.sum() == len(whole.distances) and 0 < len(some.distances) < len(whole.distances)
    assert np.isin(some.distances, apart).all()
    for cut in (*np.unique(some.distances), end, high):
        for is_same in (False, True):
            kinds = [of.at_each[(of.distances <= cut) & (of.is_same == is_same)].sum() for of in (whole, counted)]
            assert kinds[0] == kinds[1]


def test_no_spans_hold_no_pairs(pairs: PointPairs) -> None:
    assert len(pairs.within(np.empty((0, 2)), SAME).distances) == 0


def test_with_a_crossing_only_pairs_that_count_are_looked_up() -> None:
    points, labels, groups = tied_set(3)
    spans = np.array([[-np.inf, 2.0], [4.0, 9.0]])
    for kind in CROSSINGS:
        crossing = Crossing(kind, labels, groups)
        found = PointPairs(points, labels, crossing=crossing).within(spans, SAME)
        expected = [p for p in listed(points, crossing) if p.distance <= 2 or 4 < p.distance <= 9]
        assert sorted(found.distances.tolist()) == sorted(pair.distance for pair in expected)
        assert int(found.is_same.sum()) == sum(pair.is_same for pair in expected) > 0

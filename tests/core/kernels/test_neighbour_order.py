"""The order of neighbours against sorted rows: ties, crowds, infinities, and points of every kind."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.testing import assert_array_equal

from core.kernels.neighbour_order import (
    find_doubts,
    merge_kinds,
    nearest_limits,
    order_nearest,
    slack_at,
    split_kinds,
)
from core.statistics.distance_blocks import distance_matrix
from tests.core.spreads import KINDS, spread

OWN = np.array([3, 0, 88, 41, 7])


def rows_of(kind: str, count: int = 90) -> tuple[np.ndarray, np.ndarray]:
    """Distances of some points to all, (B, N), and the numbers of all classes."""
    points, labels = spread(kind, count)
    numbers = np.unique(labels, return_inverse=True)[1].reshape(-1).astype(np.int32)
    return distance_matrix(points)[OWN], numbers


def sorted_row(row: np.ndarray, own: int) -> list[int]:
    """The columns of the others, nearest first, equal ones in their order."""
    return sorted((column for column in range(len(row)) if column != own), key=lambda column: (row[column], column))


CROWDS = {
    "one value": np.zeros(200),
    "two values": np.arange(200) % 2 + 1.0,
    "a crowd and one far away": np.append(np.random.default_rng(0).permutation(199) * 1e-9, 1e9),
    "a crowd of ties and one far away": np.append(np.random.default_rng(0).integers(3, size=199) * 1e-9, 1e9),
    "infinities": np.where(np.random.default_rng(0).random(200) < 0.3, np.inf, 1.0),
    "all infinite": np.full(200, np.inf),
    "next to each other": 1 + np.random.default_rng(0).integers(9, size=200) * np.spacing(1.0),
    "denormal": np.random.default_rng(0).integers(40, size=200) * 5e-324,
}


@pytest.mark.parametrize("row", CROWDS.values(), ids=CROWDS)
def test_crowded_rows_are_in_order_and_ties_in_that_of_their_columns(row: np.ndarray) -> None:
    """Kinds alternate so that a pair in the wrong order shows."""
    numbers = np.random.default_rng(1).integers(2, size=len(row)).astype(np.int32)
    check_order(row[None], np.array([5]), numbers, np.array([np.inf]))


@pytest.mark.parametrize("kind", KINDS)
def test_rows_of_any_kind_are_in_order_up_to_their_limits(kind: str) -> None:
    distances, numbers = rows_of(kind)
    for limits in (np.full(5, np.inf), np.sort(distances, axis=1)[:, 20], np.full(5, -1.0)):
        check_order(distances, OWN, numbers, limits)


def check_order(distances: np.ndarray, own: np.ndarray, numbers: np.ndarray, limits: np.ndarray) -> None:
    values, is_match = np.full(distances.shape, np.nan), np.zeros(distances.shape, bool)
    sizes, asked = np.full(len(own), -7), np.ones(len(own), bool)
    asked[1:2] = False
    order_nearest(distances, own, numbers, limits, asked, values, is_match, sizes)
    for index, row in enumerate(distances):
        if not asked[index]:
            assert sizes[index] == -7 and np.isnan(values[index]).all(), "what nobody asked for is left alone"
            continue
        expected = [column for column in sorted_row(row, own[index]) if row[column] <= limits[index]]
        assert sizes[index] == len(expected)
        assert_array_equal(values[index, : len(expected)], row[expected])
        assert_array_equal(is_match[index, : len(expected)], numbers[expected] == numbers[own[index]])


@pytest.mark.parametrize("most", [0, 1, 10, 89])
@pytest.mark.parametrize("kind", KINDS)
def test_a_limit_has_so_many_smaller_or_equal_ones_before_it(kind: str, most: int) -> None:
    distances, _ = rows_of(kind)
    assert_array_equal(nearest_limits(distances, most), np.sort(distances, axis=1)[:, most])


@pytest.mark.parametrize("row", CROWDS.values(), ids=CROWDS)
@pytest.mark.parametrize("most", [0, 3, 150])
def test_a_limit_is_found_in_crowded_rows(row: np.ndarray, most: int) -> None:
    for some in (row, np.sort(row), np.sort(row)[::-1].copy()):
        assert nearest_limits(some[None], most).tolist() == [np.sort(row)[most]]


def test_distances_are_split_by_class_and_filled_up_with_infinities() -> None:
    distances, numbers = rows_of("scattered")
    order = np.argsort(numbers, kind="stable")
    begins = np.concatenate([[0], np.cumsum(np.bincount(numbers))])
    positives, negatives = np.full((5, 60), np.nan), np.full((5, 90), np.nan)
    split_kinds(distances, OWN, numbers, order, begins, positives, negatives)
    for index, own in enumerate(OWN):
        same = numbers == numbers[own]
        others = distances[index, same & (np.arange(90) != own)]
        assert sorted(positives[index]) == sorted(others) + [np.inf] * (60 - len(others))
        assert_array_equal(negatives[index], np.where(same, np.inf, distances[index]))


def test_both_kinds_are_merged_in_order_and_a_tie_between_them_is_told() -> None:
    generator, inf = np.random.default_rng(0), np.inf
    positives = np.sort(np.append(generator.random((6, 4)), np.full((6, 1), inf), axis=1))
    negatives = np.sort(np.append(generator.random((6, 9)), np.full((6, 2), inf), axis=1))
    positives[2, 1], positives[3, 3] = negatives[2, 1], negatives[3, 8]
    positives[4] = inf
    positives.sort(axis=1)
    values, is_match, is_tied = np.empty((6, 20)), np.empty((6, 20), bool), np.empty(6, bool)
    most = 9
    merge_kinds(positives, negatives, most, values, is_match, is_tied)
    for index in range(6):
        both = [(value, True) for value in positives[index]] + [(value, False) for value in negatives[index]]
        expected = sorted(both)[:most]
        assert values[index, :most].tolist() == [value for value, _ in expected]
        met = {value for value, match in expected if match and (value, False) in both and value < inf}
        assert is_tied[index] == bool(met)
        if not met:
            assert is_match[index, :most].tolist() == [match for _, match in expected]
    assert is_tied.any() and not is_tied.all()


@pytest.mark.parametrize("rooted", [True, False])
@pytest.mark.parametrize("distance", [0.0, 1e-9, 0.5, 30.0])
def test_the_slack_of_a_distance_is_what_its_square_may_be_off(distance: float, rooted: bool) -> None:
    share, length = 1e-12, 2.0
    square = distance**2 if rooted else distance
    error = share * (2 * length + np.sqrt(square)) ** 2
    slack = slack_at(distance, share, rooted, length)
    highest, lowest = square + error, max(square - error, 0.0)
    if rooted:
        assert slack >= max(np.sqrt(highest) - distance, distance - np.sqrt(lowest))
        assert slack <= 3 * max(np.sqrt(highest) - distance, distance - np.sqrt(lowest)) + 1e-15 * distance
    else:
        assert error <= slack <= 1.02 * error


@pytest.mark.parametrize(
    ("gaps", "matches", "wanted", "doubtful"),
    [
        ([9, 9, 9, 9], "nnpnn", 2, False),
        ([9, 0, 9, 9], "nnpnn", 2, True),
        ([0, 9, 9, 9], "nnpnn", 2, False),
        ([9, 9, 0, 0], "nnnnn", 3, True),
        ([9, 9, 0, 9], "nnnnn", 3, False),
        ([9, 9, 9, 0], "nnnnp", 2, True),
        ([9, 9, 9, 0], "nnnnn", 2, False),
    ],
    ids=[
        "all clear",
        "two kinds too near",
        "one kind too near",
        "no clear end",
        "a later clear end",
        "two kinds beyond",
        "one kind beyond",
    ],
)
def test_a_row_is_doubtful_where_kinds_or_its_end_may_stand_the_wrong_way_round(
    gaps: list[int], matches: str, wanted: int, doubtful: bool
) -> None:
    """Gaps in units of the slack of two distances: 9 of them are clear, none is not."""
    share, length, values = 1e-10, 1.0, [1.0]
    for gap in gaps:
        values.append(values[-1] + gap * 2 * slack_at(1.0, share, False, length))
    ascending, is_match = np.full((1, 40), np.nan), np.zeros((1, 40), bool)
    ascending[0, :5], is_match[0, :5] = values, [match == "p" for match in matches]
    found = np.array([False])
    find_doubts(ascending, is_match, np.array([5]), np.array([wanted]), share, False, np.array([length]), found)
    assert found[0] == doubtful


def test_a_row_with_all_others_needs_no_clear_end_and_a_doubt_stays() -> None:
    values, is_match = np.ones((2, 6)), np.zeros((2, 6), bool)
    found = np.array([False, True])
    find_doubts(values, is_match, np.array([5, 5]), np.array([3, 3]), 1e-10, True, np.ones(2), found)
    assert found.tolist() == [False, True]

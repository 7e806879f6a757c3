"""Pairs put into two lists, and couples of both counted, one by one."""

from __future__ import annotations

from itertools import product

import numpy as np
import pytest

from core.kernels.pair_lists import count_couples, split_pairs


@pytest.mark.parametrize("labels", [[0, 1, 0, 2, 1, 0], [3, 3, 3], [0, 1, 2], [5]])
def test_later_points_go_to_the_list_of_their_kind_in_their_order(labels: list[int]) -> None:
    count = len(labels)
    block = np.arange(count * count, dtype=float).reshape(count, count)
    expected: dict[bool, list[float]] = {True: [], False: []}
    for row in range(count):
        for other in range(row + 1, count):
            expected[labels[row] == labels[other]].append(block[row, other])
    positive, negative = (np.empty(len(kind) + 1) for kind in expected.values())
    ends, half = (0, 0), (count + 1) // 2
    ends = split_pairs(block[:half], np.array(labels), positive, negative, *ends)
    ends = split_pairs(block[half:, half:], np.array(labels[half:]), positive, negative, *ends)
    assert ends == (len(expected[True]), len(expected[False]))
    assert sorted(positive[: ends[0]]) == expected[True] and sorted(negative[: ends[1]]) == expected[False]


@pytest.mark.parametrize("places", [3, 50, 10**6], ids=["tied", "some ties", "hardly any"])
@pytest.mark.parametrize(("positives", "negatives"), [(30, 70), (70, 30), (1, 40), (0, 5), (5, 0)])
def test_couples_are_counted_with_and_without_ties(places: int, positives: int, negatives: int) -> None:
    generator = np.random.default_rng(places)
    positive, negative = (np.sort(generator.integers(places, size=size) / 7) for size in (positives, negatives))
    couples = list(product(positive.tolist(), negative.tolist()))
    assert count_couples(positive, negative) == (
        sum(further < closer for closer, further in couples),
        sum(further <= closer for closer, further in couples),
    )


def test_infinite_distances_are_counted_like_any_other() -> None:
    positive, negative = np.array([0.0, np.inf]), np.array([0.0, 1.0, np.inf])
    assert count_couples(positive, negative) == (2, 4)

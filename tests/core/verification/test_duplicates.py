"""Duplicates: planted copies, exact and blurred, are found, contradicting labels first, and nothing else is."""

from __future__ import annotations

import numpy as np

from core.statistics.neighbourhoods import neighbourhoods
from core.verification.duplicates import duplicates, near_distance


def planted(noise: float, share: float = 0.02) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Points of which the last ones copy the first, with noise; every second copy has another label."""
    rng = np.random.default_rng(0)
    points, labels = rng.normal(size=(500, 16)), rng.integers(0, 10, 500)
    count = round(share * 500)
    points[-count:] = points[:count] + noise * rng.normal(size=(count, 16))
    labels[-count:] = labels[:count]
    labels[-count::2] = (labels[-count::2] + 1) % 10
    return points, labels, np.arange(count)


def test_planted_copies_are_the_whole_list_and_conflicts_stand_first() -> None:
    for noise in (0.0, 0.01):
        points, labels, copied = planted(noise)
        found = neighbourhoods(points, labels)
        pairs = duplicates(found.copies, found.apart, labels)
        assert sorted((one.first, one.second) for one in pairs) == [(row, 490 + row) for row in copied]  # precision 1
        assert [one.is_conflict for one in pairs] == [True] * 5 + [False] * 5  # base rate .02
        assert all(one.is_exact == (noise == 0) for one in pairs)


def test_a_pair_that_is_nearest_from_both_ends_stands_once() -> None:
    points = np.array([[0.0], [0.001], [5.0], [7.0], [9.5], [12.5]])
    found = neighbourhoods(points, np.arange(6) % 2)
    pairs = duplicates(found.copies, found.apart, np.arange(6) % 2)
    assert [(one.first, one.second) for one in pairs] == [(0, 1)]
    assert 0 < near_distance(found.apart) < 1


def test_points_that_are_all_apart_have_none() -> None:
    found = neighbourhoods(np.arange(8.0)[:, None], np.arange(8) % 2)
    assert duplicates(found.copies, found.apart, np.arange(8) % 2) == []


def test_of_a_set_of_copies_every_one_is_listed() -> None:
    found = neighbourhoods(np.ones((5, 2)), np.arange(5) % 2)
    listed = {row for one in duplicates(found.copies, found.apart, np.arange(5) % 2) for row in one[:2]}
    assert listed == set(range(5))

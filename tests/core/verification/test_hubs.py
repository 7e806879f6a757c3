"""Hubs: a planted one comes first, the skewness is scipy's, and equal points have none."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.stats import skew

from core.statistics.neighbourhoods import neighbourhoods
from core.verification.hubs import hubs, skewness


def shell(seed: int = 0) -> tuple[np.ndarray, np.ndarray]:
    """Points on a sphere of many dimensions around eight that lie in its middle: those are near everybody."""
    rng = np.random.default_rng(seed)
    points = rng.normal(size=(400, 30))
    points /= np.linalg.norm(points, axis=1, keepdims=True)
    points[:8] *= 0.2
    return points, np.arange(400) % 4


def test_planted_hubs_stand_first() -> None:
    points, labels = shell()
    found = neighbourhoods(points, labels)
    listed = hubs(found.rows, found.occurrences, labels)
    assert {one.row for one in listed[:8]} == set(range(8))  # precision at 8 is 1, the base rate .02
    for one in listed[:3]:
        asking = [row for row in range(400) if one.row in found.rows[row].tolist()]
        assert one.occurrences == len(asking)
        assert one.wrong == sum(labels[row] != labels[one.row] for row in asking)
    assert skewness(found.occurrences) > 3


def test_the_skewness_is_that_of_scipy() -> None:
    occurrences = np.random.default_rng(2).poisson(10, 300)
    assert skewness(occurrences) == pytest.approx(skew(occurrences))


def test_where_all_are_near_as_many_there_is_no_hub() -> None:
    rows = np.array([[(row + 1) % 6, (row + 2) % 6] for row in range(6)])
    assert skewness(np.full(6, 2)) == 0
    assert hubs(rows, np.full(6, 2), np.zeros(6)) == []


def test_equal_hubs_stand_by_their_rows() -> None:
    rows = np.array([[8, 9]] * 8 + [[9, 0], [8, 1]] + [[10 + row // 2, row] for row in range(0, 20)])[:30]
    occurrences = np.bincount(rows.ravel(), minlength=30)
    listed = [one.row for one in hubs(rows, occurrences, np.zeros(30))]
    assert listed == [8, 9] and occurrences[8] == occurrences[9]

"""Outliers: planted ones come first, the fence is Tukey's, and even points have none."""

from __future__ import annotations

import numpy as np
import pytest

from core.statistics.neighbourhoods import neighbourhoods
from core.verification.outliers import outlier_limit, outliers


def test_planted_outliers_stand_first() -> None:
    rng = np.random.default_rng(0)
    points = rng.normal(size=(500, 8))
    points[:10] *= 6 / np.linalg.norm(points[:10], axis=1, keepdims=True)
    away = neighbourhoods(points, np.arange(500) % 5).distances[:, -1]
    listed = outliers(away)
    assert {one.row for one in listed[:10]} == set(range(10))  # precision at 10 is 1, the base rate .02
    assert [one.away for one in listed] == sorted((one.away for one in listed), reverse=True)
    assert listed[0].usual == pytest.approx(np.median(away))


def test_the_fence_is_one_and_a_half_quartile_ranges_above_the_upper_quartile() -> None:
    away = np.array([1.0, 2.0, 3.0, 4.0, 5.0])
    assert outlier_limit(away) == 4 + 1.5 * 2
    assert [one.row for one in outliers(np.append(away, [9.0, 9.0, 8.0]))] == []
    assert [one.row for one in outliers(np.array([1.0] * 20 + [9.0, 8.0, 9.0]))] == [20, 22, 21]


def test_equal_distances_have_no_outlier() -> None:
    assert outliers(np.full(12, 0.5)) == []

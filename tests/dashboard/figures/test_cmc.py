from __future__ import annotations

import numpy as np

from dashboard.figures.cmc import cmc_curve


def test_the_curve_has_a_point_for_each_rank_and_shows_them_all() -> None:
    shares = np.array([0.62, 0.7, 0.9, 1.0])
    figure = cmc_curve(shares, "light")
    assert figure.data[0].x.tolist() == [1, 2, 3, 4] and figure.data[0].y.tolist() == shares.tolist()
    low, high = figure.layout.yaxis.range
    assert 0.5 < low <= 0.62 and high >= 1


def test_nobody_to_be_found_has_an_empty_curve_from_zero() -> None:
    assert cmc_curve(np.full(3, np.nan), "dark").layout.yaxis.range[0] == 0

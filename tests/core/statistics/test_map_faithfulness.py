"""Trustworthiness and continuity are scikit-learn's; what is lost is counted by sets."""

from __future__ import annotations

import math

import numpy as np
import pytest
from sklearn.manifold import trustworthiness

from core.statistics.map_faithfulness import faithfulness, map_errors
from core.statistics.rank_orders import RankOrders


def orders(seed: int, count: int = 60) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    points = np.random.default_rng(seed).normal(size=(count, 8))
    layout = points[:, :2].copy()
    return points, layout, RankOrders(points).of(0, count), RankOrders(layout).of(0, count)


@pytest.mark.parametrize("k", [1, 5, 12])
@pytest.mark.parametrize("seed", range(3))
def test_both_shares_are_those_of_scikit_learn(seed: int, k: int) -> None:
    points, layout, true, on_map = orders(seed)
    errors = map_errors(true, on_map, k)
    trust, continuity = (faithfulness(ranks, 60, k) for ranks in (errors.stranger_ranks, errors.lost_ranks))
    assert trust == pytest.approx(trustworthiness(points, layout, n_neighbors=k))
    assert continuity == pytest.approx(trustworthiness(layout, points, n_neighbors=k))
    assert 0 < trust < 1 and 0 < continuity < 1 and trust != continuity


def test_lost_neighbours_are_those_in_one_set_alone() -> None:
    _, _, true, on_map = orders(7)
    lost = map_errors(true, on_map, 6).lost
    assert lost.tolist() == [len(set(a[:6]) - set(b[:6])) for a, b in zip(true.tolist(), on_map.tolist(), strict=True)]
    assert 0 < lost.sum() < lost.size * 6


def test_a_map_that_keeps_all_orders_loses_nothing() -> None:
    _, _, true, _ = orders(1)
    errors = map_errors(true, true, 10)
    assert errors.lost.sum() == 0 and faithfulness(errors.stranger_ranks, 60, 10) == 1


@pytest.mark.parametrize(("count", "k"), [(20, 10), (2, 1), (5, 0)])
def test_too_few_points_for_so_many_neighbours_have_no_share(count: int, k: int) -> None:
    assert math.isnan(faithfulness(0, count, k))

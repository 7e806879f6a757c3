"""CMC, average precision and inverse negative penalty: by a slow loop, by scikit-learn, and at the edges."""

from __future__ import annotations

import math

import numpy as np
import pytest
from sklearn.metrics import average_precision_score

from core.statistics.rank_lists import rank_scores
from core.statistics.rank_orders import RankOrders
from core.statistics.retrieval import retrieval


def lists(seed: int) -> np.ndarray:
    rng = np.random.default_rng(seed)
    is_match = rng.random((40, 25)) < 0.2
    is_match[3] = False
    is_match[4] = True
    return is_match


@pytest.mark.parametrize("seed", range(4))
def test_scores_equal_a_loop_over_the_list(seed: int) -> None:
    is_match = lists(seed)
    scores = rank_scores(is_match)
    for query, row in enumerate(is_match.tolist()):
        ranks = [rank for rank, match in enumerate(row, start=1) if match]
        if not ranks:
            assert scores.first[query] == 0
            assert math.isnan(scores.average_precision[query]) and math.isnan(scores.inverse_negative_penalty[query])
            continue
        precisions = [place / rank for place, rank in enumerate(ranks, start=1)]
        assert scores.first[query] == ranks[0]
        assert scores.average_precision[query] == pytest.approx(sum(precisions) / len(ranks))
        assert scores.inverse_negative_penalty[query] == pytest.approx(len(ranks) / ranks[-1])
    assert 0 < scores.mean_inverse_negative_penalty < scores.mean_average_precision < 1


def test_average_precision_is_that_of_scikit_learn() -> None:
    is_match = lists(9)
    scores = rank_scores(is_match)
    closeness = -np.arange(25.0)
    for query in np.flatnonzero(is_match.any(axis=1)):
        assert scores.average_precision[query] == pytest.approx(average_precision_score(is_match[query], closeness))


def test_the_cmc_is_recall_at_k_of_the_retrieval() -> None:
    rng = np.random.default_rng(5)
    labels = np.array([0] * 12 + [1] * 7 + [2] * 20 + [3])  # one point alone in its class
    points = rng.normal(size=(4, 6))[labels] + rng.normal(size=(len(labels), 6))
    order = RankOrders(points).of(0, len(points))
    cmc = rank_scores(labels[order] == labels[:, None]).cmc(10)
    np.testing.assert_allclose(cmc, retrieval(points, labels).recalls)
    assert 0 < cmc[0] < cmc[-1]


def test_a_perfect_list_scores_one_and_the_worst_is_known() -> None:
    best, worst = np.arange(10) < 3, np.arange(10) >= 7
    scores = rank_scores(np.stack([best, worst]))
    assert scores.average_precision.tolist() == pytest.approx([1.0, (1 / 8 + 2 / 9 + 3 / 10) / 3])
    assert scores.inverse_negative_penalty.tolist() == pytest.approx([1.0, 0.3])
    assert scores.cmc(8).tolist() == [0.5] * 7 + [1.0]


def test_nobody_to_be_found_has_no_mean() -> None:
    scores = rank_scores(np.zeros((3, 5), bool))
    assert scores.queries == 0 and np.isnan(scores.cmc(4)).all()
    assert math.isnan(scores.mean_average_precision) and math.isnan(scores.mean_inverse_negative_penalty)
    assert rank_scores(np.zeros((1, 0), bool)).first.tolist() == [0]

from __future__ import annotations

import numpy as np
import pytest
import torch
from scipy.optimize import minimize

from core.losses import Mmc
from tests.core.loops import all_pairs, batch, distance, evaluated
from tests.core.pair_loops import columns_of, pairs_of


@pytest.mark.parametrize("is_some", [False, True], ids=["all pairs", "some pairs"])
def test_equals_the_definition_one_pair_at_a_time(is_some: bool) -> None:
    points, labels = batch()
    pairs, rows = pairs_of(labels, is_some), points.tolist()
    similar = [distance(rows[i], rows[j], True) for i, own in enumerate(columns_of(pairs.positive)) for j in own]
    apart = [distance(rows[i], rows[j]) for i, other in enumerate(columns_of(pairs.negative)) for j in other]
    scale = (sum(apart) / len(apart)) ** 2
    terms = evaluated(Mmc(), points, labels, pairs)
    assert terms.count == terms.active == len(similar) > 10
    assert float(terms.objective) == pytest.approx(sum(similar) / len(similar) / scale)


def test_the_least_ratio_is_the_metric_that_solves_the_constrained_problem_of_the_paper() -> None:
    """Diagonal metrics of three numbers: Xing's sums under his constraint by a solver of constrained problems, beside
    the least of our ratio. Both metrics are the same but for their size."""
    points, labels = batch(seed=2, dimension=3, sizes=(6, 5, 4))
    points[:, 0] += 2.0 * labels  # the classes differ along the first axis, and a little along the second
    points[:, 1] += 0.5 * labels
    pairs = all_pairs(labels)
    squares = (points[:, None] - points).square()
    similar, dissimilar = squares[pairs.positive].numpy(), squares[pairs.negative].numpy()

    size = np.sqrt(dissimilar.sum(1)).sum() ** -2  # at which the plain metric meets the constraint
    theirs = minimize(
        lambda metric: similar.mean(0) @ metric,
        np.ones(3),
        constraints={"type": "ineq", "fun": lambda metric: np.sqrt(dissimilar @ metric * size).sum() - 1},
        bounds=[(1e-12, None)] * 3,
        options={"maxiter": 500, "ftol": 1e-14},
    )
    assert theirs.success and np.sqrt(dissimilar @ theirs.x * size).sum() == pytest.approx(1)

    def ratio(roots: np.ndarray) -> float:
        return float(evaluated(Mmc(), points * torch.from_numpy(roots), labels, pairs).objective)

    ours = minimize(ratio, np.ones(3), method="Nelder-Mead", options={"xatol": 1e-9, "fatol": 1e-14, "maxiter": 4000}).x
    assert theirs.x.max() > 3 * theirs.x.min(), "the metric is not the one that it started from"
    np.testing.assert_allclose(ours**2 / (ours**2).sum(), theirs.x / theirs.x.sum(), atol=1e-4)


@pytest.mark.parametrize("size", [1e-3, 1.0, 1e4])
def test_the_size_of_the_embeddings_does_not_matter(size: float) -> None:
    points, labels = batch()
    expected = evaluated(Mmc(), points, labels, all_pairs(labels)).objective
    torch.testing.assert_close(evaluated(Mmc(), size * points, labels, all_pairs(labels)).objective, expected)


@pytest.mark.parametrize("sizes", [(5,), (1, 1, 1)], ids=["one class", "single samples"])
def test_without_pairs_of_either_kind_there_is_nothing_to_learn(sizes: tuple[int, ...]) -> None:
    points, labels = batch(sizes=sizes)
    points.requires_grad_()
    terms = evaluated(Mmc(), points, labels, all_pairs(labels))
    terms.objective.backward()
    assert (terms.objective.item(), terms.count) == (0.0, 0)


def test_embeddings_in_one_point_are_left_there() -> None:
    labels = batch()[1]
    points = torch.zeros(len(labels), 4, dtype=torch.float64, requires_grad=True)
    terms = evaluated(Mmc(), points, labels, all_pairs(labels))
    terms.objective.backward()
    assert terms.objective.item() == 0 and points.grad is not None and not points.grad.any()

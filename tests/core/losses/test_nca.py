"""NCA against its definition, and against scikit-learn's and pytorch-metric-learning's, value and gradient."""

from __future__ import annotations

import math

import numpy as np
import pytest
import torch
from pytorch_metric_learning.distances import LpDistance
from pytorch_metric_learning.losses import NCALoss
from sklearn.neighbors import NeighborhoodComponentsAnalysis

from core.distances import SquaredEuclidean
from core.losses import Nca
from tests.core.loops import all_pairs, batch, distance, evaluated
from tests.core.pair_loops import columns_of, pairs_of


@pytest.mark.parametrize("is_some", [False, True], ids=["all pairs", "some pairs"])
@pytest.mark.parametrize("shape", ["expected errors", "logarithm"])
def test_equals_the_definition_one_anchor_at_a_time(shape: str, is_some: bool) -> None:
    points, labels = batch()
    pairs, rows = pairs_of(labels, is_some), points.tolist()
    values = []
    for i, (own, other) in enumerate(zip(columns_of(pairs.positive), columns_of(pairs.negative), strict=True)):
        chances = {j: math.exp(-distance(rows[i], rows[j], squared=True) / 2) for j in own + other}
        if own:
            right = sum(chances[j] for j in own) / sum(chances.values())
            values.append(-math.log(right) if shape == "logarithm" else 1 - right)
    assert 0 < len(values) < len(labels) and max(values) > 2 * min(values)
    terms = evaluated(Nca(temperature=2.0, shape=shape), points, labels, pairs, distance=SquaredEuclidean())
    assert (terms.count, terms.active) == (len(values), sum(value > 0 for value in values))
    assert float(terms.objective) == pytest.approx(sum(values) / len(values))


@pytest.mark.parametrize("seed", range(3))
def test_a_linear_map_has_the_objective_and_the_gradient_of_scikit_learn(seed: int) -> None:
    points, labels = batch(seed, dimension=5, sizes=(9, 8, 3, 2, 1))
    matrix = torch.randn(3, 5, dtype=torch.float64, generator=torch.Generator().manual_seed(seed)) / 2
    is_same = labels.numpy()[:, None] == labels.numpy()
    theirs = NeighborhoodComponentsAnalysis()
    theirs.n_iter_ = 0
    value, slope = theirs._loss_grad_lbfgs(matrix.numpy().ravel().copy(), points.numpy(), is_same, 1.0)
    matrix.requires_grad_()
    terms = evaluated(Nca(), points @ matrix.T, labels, all_pairs(labels), distance=SquaredEuclidean())
    (gradient,) = torch.autograd.grad(terms.total, matrix)
    assert terms.count == len(labels) - 1 and np.abs(slope).max() > 0.1
    assert terms.count - terms.total.item() == pytest.approx(float(value))  # theirs: sum of p; ours: of 1 - p
    np.testing.assert_allclose(-gradient.numpy().ravel(), slope, rtol=1e-7, atol=1e-9)


def test_the_logarithm_equals_that_of_pytorch_metric_learning() -> None:
    points, labels = batch(sizes=(5, 4, 2))  # where every sample has another of its class
    theirs_at = points.clone().requires_grad_()
    theirs = NCALoss(softmax_scale=0.5, distance=LpDistance(normalize_embeddings=False, power=2))(theirs_at, labels)
    theirs.backward()
    points.requires_grad_()
    loss = Nca(temperature=2.0, shape="logarithm")
    ours = evaluated(loss, points, labels, all_pairs(labels), distance=SquaredEuclidean()).objective
    ours.backward()
    torch.testing.assert_close(ours, theirs)
    torch.testing.assert_close(points.grad, theirs_at.grad)


def test_far_classes_cost_nothing_and_mixed_ones_nearly_one() -> None:
    labels = torch.tensor([0, 0, 1, 1])
    apart = torch.tensor([[0.0], [1.0], [90.0], [91.0]], dtype=torch.float64)
    for points, expected in ((apart, 0.0), (apart[[0, 2, 1, 3]], 1.0)):
        terms = evaluated(Nca(), points, labels, all_pairs(labels), distance=SquaredEuclidean())
        assert float(terms.objective) == pytest.approx(expected, abs=1e-12) and terms.count == 4

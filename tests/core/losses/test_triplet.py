from __future__ import annotations

import math

import numpy as np
import pytest
import torch
from pytorch_metric_learning.distances import LpDistance
from pytorch_metric_learning.losses import TripletMarginLoss
from pytorch_metric_learning.reducers import AvgNonZeroReducer, MeanReducer

from core.indices import Triplets
from core.losses import Triplet
from tests.core.loops import all_triplets, batch, rows_of

DIALECTS = [
    Triplet(margin=margin, shape=shape, squared=squared)
    for margin in (0.0, 0.2, 1.5)
    for shape in ("hinge", "soft margin")
    for squared in (False, True)
]


def by_hand(points: np.ndarray, triplets: Triplets, loss: Triplet) -> tuple[list[float], np.ndarray]:
    """The value of each triplet, and the gradient of their sum, one triplet at a time."""
    values, gradient = [], np.zeros_like(points)
    for a, p, n in rows_of(triplets):
        to_positive, to_negative = points[a] - points[p], points[a] - points[n]
        d_ap, d_an = np.sqrt((to_positive**2).sum()), np.sqrt((to_negative**2).sum())
        along_ap, along_an = to_positive / d_ap, to_negative / d_an
        if loss.squared:
            along_ap, along_an, d_ap, d_an = 2 * to_positive, 2 * to_negative, d_ap**2, d_an**2
        if loss.shape == "soft margin":
            values.append(math.log1p(math.exp(d_ap - d_an)))
            weight = 1 / (1 + math.exp(d_an - d_ap))
        else:
            values.append(max(0.0, d_ap - d_an + loss.margin))
            weight = float(d_ap - d_an + loss.margin > 0)
        gradient[a] += weight * (along_ap - along_an)
        gradient[p] -= weight * along_ap
        gradient[n] += weight * along_an
    return values, gradient


@pytest.mark.parametrize("loss", DIALECTS, ids=str)
def test_value_and_gradient_are_those_of_the_definition(loss: Triplet) -> None:
    points, labels = batch()
    triplets = all_triplets(labels)
    values, gradient = by_hand(points.numpy(), triplets, loss)
    if loss.shape == "hinge":
        assert 0 < sum(value > 0 for value in values) < len(values), "the case must exercise both sides of the hinge"
    points.requires_grad_()
    terms = loss(points, labels, triplets, {})
    terms.sum().backward()
    torch.testing.assert_close(terms.detach(), torch.tensor(values, dtype=torch.float64))
    torch.testing.assert_close(points.grad, torch.from_numpy(gradient))


@pytest.mark.parametrize("mean_over", ["active", "all"])
@pytest.mark.parametrize("squared", [False, True])
@pytest.mark.parametrize("shape", ["hinge", "soft margin"])
def test_the_mean_equals_that_of_pytorch_metric_learning(shape: str, squared: bool, mean_over: str) -> None:
    """Its smooth loss keeps the margin inside the softplus, Hermans' has none: compared at margin 0."""
    loss = Triplet(margin=0.3 if shape == "hinge" else 0.0, shape=shape, squared=squared, mean_over=mean_over)
    points, labels = batch()
    triplets = all_triplets(labels)
    theirs = TripletMarginLoss(
        margin=loss.margin,
        smooth_loss=shape == "soft margin",
        distance=LpDistance(normalize_embeddings=False, p=2, power=2 if squared else 1),
        reducer=AvgNonZeroReducer() if mean_over == "active" else MeanReducer(),
    )
    their_points = points.clone().requires_grad_()
    their_value = theirs(their_points, labels, indices_tuple=tuple(triplets))
    their_value.backward()
    points.requires_grad_()
    terms = loss(points, labels, triplets, {})
    value = terms.sum() / (int((terms > 0).sum()) if loss.averages == "active" else len(terms))
    value.backward()
    assert their_value.item() > 0
    torch.testing.assert_close(value, their_value)
    torch.testing.assert_close(points.grad, their_points.grad)


def test_the_hinge_equals_that_of_torch() -> None:
    points, labels = batch()
    a, p, n = all_triplets(labels)
    theirs = torch.nn.functional.triplet_margin_loss(
        points[a], points[p], points[n], margin=0.7, eps=0, reduction="none"
    )
    assert 0 < int((theirs > 0).sum()) < len(theirs)
    torch.testing.assert_close(Triplet(margin=0.7)(points, labels, Triplets(a, p, n), {}), theirs)


def on_a_line(loss: Triplet, positive: float, negative: float) -> float:
    """The value for an anchor at 0 with its positive and negative at these places."""
    points = torch.tensor([[0.0], [positive], [negative]], dtype=torch.float64)
    one = Triplets(torch.tensor([0]), torch.tensor([1]), torch.tensor([2]))
    return float(loss(points, torch.tensor([0, 0, 1]), one, {}))


def test_squares_are_compared_only_when_asked_for() -> None:
    assert on_a_line(Triplet(margin=1.0, squared=False), 2.0, 3.0) == 0.0
    assert on_a_line(Triplet(margin=6.0, squared=True), 2.0, 3.0) == 1.0  # 4 - 9 + 6


def test_a_triplet_exactly_at_the_margin_costs_nothing() -> None:
    assert on_a_line(Triplet(margin=1.0), 1.0, 2.0) == 0.0


def test_the_soft_margin_never_stops_pulling() -> None:
    assert 0 < on_a_line(Triplet(shape="soft margin"), 1.0, 20.0) < 1e-8
    assert on_a_line(Triplet(shape="soft margin", margin=5.0), 1.0, 2.0) == pytest.approx(math.log1p(math.exp(-1)))


def test_hardness_is_judged_in_the_distance_and_with_the_margin_of_the_loss() -> None:
    loss = Triplet(margin=0.7, squared=True)
    assert (loss.hardness_margin, loss.hardness_squared) == (0.7, True)

from __future__ import annotations

import math

import numpy as np
import pytest
import torch
from pytorch_metric_learning.distances import LpDistance
from pytorch_metric_learning.losses import TripletMarginLoss
from pytorch_metric_learning.reducers import AvgNonZeroReducer, MeanReducer

from core.batch.mined import Band, Triplets
from core.distances import Euclidean, SquaredEuclidean
from core.distances.base import Distance
from core.losses import Triplet
from core.losses.base import Batch
from tests.core.loops import (
    all_triplets,
    batch,
    distance_table,
    evaluated,
    rows_of,
    tied_batch,
    triplets_of,
)

SQUARED = pytest.mark.parametrize("distance", [Euclidean(), SquaredEuclidean()], ids=lambda kind: kind.name)
DIALECTS = [
    Triplet(margin=margin, shape=shape, mean_over=mean_over)
    for margin in (0.0, 0.2, 1.5)
    for shape in ("hinge", "soft margin")
    for mean_over in ("active", "all")
]


def by_hand(points: np.ndarray, triplets: Triplets, loss: Triplet, is_squared: bool) -> tuple[list[float], np.ndarray]:
    """The value of each triplet, and the gradient of their sum, one triplet at a time."""
    values, gradient = [], np.zeros_like(points)
    for a, p, n in rows_of(triplets):
        to_positive, to_negative = points[a] - points[p], points[a] - points[n]
        d_ap, d_an = np.sqrt((to_positive**2).sum()), np.sqrt((to_negative**2).sum())
        along_ap, along_an = to_positive / d_ap, to_negative / d_an
        if is_squared:
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


@SQUARED
@pytest.mark.parametrize("is_rule", [False, True], ids=["rows", "rule"])
@pytest.mark.parametrize("loss", DIALECTS, ids=str)
def test_value_and_gradient_are_those_of_the_definition(loss: Triplet, is_rule: bool, distance: Distance) -> None:
    points, labels = batch()
    triplets = all_triplets(labels)
    values, gradient = by_hand(points.numpy(), triplets, loss, isinstance(distance, SquaredEuclidean))
    active = sum(value > 0 for value in values)
    if loss.shape == "hinge":
        assert 0 < active < len(values), "the case must exercise both sides of the hinge"
    points.requires_grad_()
    mined = Band(-math.inf, math.inf) if is_rule else triplets
    terms = evaluated(loss, points, labels, mined, distance=distance)
    terms.objective.backward()
    count = active if loss.averages == "active" else len(values)
    assert (terms.count, terms.active, terms.total.item()) == (len(values), active, pytest.approx(sum(values)))
    assert terms.objective.item() == pytest.approx(sum(values) / count)
    torch.testing.assert_close(points.grad, torch.from_numpy(gradient / count))


@pytest.mark.parametrize("dtype", [torch.float64, torch.float32])
@pytest.mark.parametrize("shape", ["hinge", "soft margin"])
@pytest.mark.parametrize("band", [Band(0.0, 1.5), Band(-math.inf, 0.0), Band(-1.0, 1.0), Band(2.0, math.inf)], ids=str)
@pytest.mark.parametrize("tied", [False, True])
def test_a_rule_gives_what_its_triplets_give(band: Band, shape: str, dtype: torch.dtype, tied: bool) -> None:
    loss = Triplet(margin=1.0, shape=shape, mean_over="all")
    points, labels = (tied_batch if tied else batch)(sizes=(9, 8, 3, 2, 1))
    points = points.to(dtype)
    distances = distance_table(points).to(dtype)
    rows, rule = distances.clone().requires_grad_(), distances.clone().requires_grad_()
    triplets = band.triplets(distances, labels)
    terms = loss(Batch(points, labels, rows, {}, torch.Generator()), triplets)
    summed = loss(Batch(points, labels, rule, {}, torch.Generator()), band)
    terms.objective.backward()
    summed.objective.backward()
    assert (summed.count, summed.active) == (terms.count, terms.active) and terms.count > 0
    torch.testing.assert_close(summed.objective, terms.objective)
    torch.testing.assert_close(rule.grad, rows.grad)


@pytest.mark.parametrize("mean_over", ["active", "all"])
@SQUARED
@pytest.mark.parametrize("shape", ["hinge", "soft margin"])
def test_the_mean_equals_that_of_pytorch_metric_learning(shape: str, distance: Distance, mean_over: str) -> None:
    """Its smooth loss keeps the margin inside the softplus, Hermans' has none: compared at margin 0."""
    loss = Triplet(margin=0.3 if shape == "hinge" else 0.0, shape=shape, mean_over=mean_over)
    points, labels = batch()
    triplets = all_triplets(labels)
    theirs = TripletMarginLoss(
        margin=loss.margin,
        smooth_loss=shape == "soft margin",
        distance=LpDistance(normalize_embeddings=False, p=2, power=2 if isinstance(distance, SquaredEuclidean) else 1),
        reducer=AvgNonZeroReducer() if mean_over == "active" else MeanReducer(),
    )
    their_points = points.clone().requires_grad_()
    their_value = theirs(their_points, labels, indices_tuple=tuple(triplets[:3]))
    their_value.backward()
    points.requires_grad_()
    value = evaluated(loss, points, labels, triplets, distance=distance).objective
    value.backward()
    assert their_value.item() > 0
    torch.testing.assert_close(value, their_value)
    torch.testing.assert_close(points.grad, their_points.grad)


def test_the_hinge_equals_that_of_torch() -> None:
    points, labels = batch()
    a, p, n = all_triplets(labels)[:3]
    theirs = torch.nn.functional.triplet_margin_loss(
        points[a], points[p], points[n], margin=0.7, eps=0, reduction="none"
    )
    assert 0 < int((theirs > 0).sum()) < len(theirs)
    torch.testing.assert_close(evaluated(Triplet(margin=0.7), points, labels, Triplets(a, p, n)).total, theirs.sum())


def on_a_line(loss: Triplet, positive: float, negative: float) -> float:
    """The value for an anchor at 0 with its positive and negative at these places."""
    points = torch.tensor([[0.0], [positive], [negative]], dtype=torch.float64)
    one = Triplets(torch.tensor([0]), torch.tensor([1]), torch.tensor([2]))
    return float(evaluated(loss, points, torch.tensor([0, 0, 1]), one).objective)


def test_a_triplet_exactly_at_the_margin_costs_nothing() -> None:
    assert on_a_line(Triplet(margin=1.0), 1.0, 2.0) == 0.0


def test_the_soft_margin_never_stops_pulling() -> None:
    assert 0 < on_a_line(Triplet(shape="soft margin"), 1.0, 20.0) < 1e-8
    assert on_a_line(Triplet(shape="soft margin", margin=5.0), 1.0, 2.0) == pytest.approx(math.log1p(math.exp(-1)))


def test_a_weight_multiplies_its_triplet() -> None:
    points, labels = batch()
    triplets = all_triplets(labels)
    weight = torch.linspace(0.0, 1.0, len(triplets.anchor), dtype=torch.float64)
    loss = Triplet(margin=1.0, mean_over="all")
    each = [float(evaluated(loss, points, labels, triplets_of([row])).total) for row in rows_of(triplets)]
    terms = evaluated(loss, points, labels, triplets._replace(weight=weight))
    assert terms.total.item() == pytest.approx(float(weight @ torch.tensor(each, dtype=torch.float64)))

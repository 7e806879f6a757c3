"""Hadsell's form against its definition: the paper's formula with the gradient written out (its equations 6 and 8).
pytorch-metric-learning's loss of this name is linear in the distance; the linear form is compared with that."""

from __future__ import annotations

from itertools import permutations

import numpy as np
import pytest
import torch
from pytorch_metric_learning.distances import LpDistance
from pytorch_metric_learning.losses import ContrastiveLoss

from core.losses import Contrastive
from tests.core.loops import all_pairs, batch, evaluated


def by_hand(points: np.ndarray, labels: list[int], loss: Contrastive) -> tuple[list[float], np.ndarray]:
    """The value of each ordered pair, and the gradient of their sum, one pair at a time."""
    values, gradient = [], np.zeros_like(points)
    for first, second in permutations(range(len(points)), 2):
        difference = points[first] - points[second]
        distance = np.sqrt((difference**2).sum())
        if labels[first] == labels[second]:
            lacks, direction = max(0.0, distance - loss.positive_margin), difference / distance
        else:
            lacks, direction = max(0.0, loss.margin - distance), -difference / distance
        is_linear = loss.shape == "linear"
        values.append(lacks if is_linear else lacks**2 / 2)
        slope = (float(lacks > 0) if is_linear else lacks) * direction
        gradient[first] += slope
        gradient[second] -= slope
    return values, gradient


@pytest.mark.parametrize("mean_over", ["active", "all"])
@pytest.mark.parametrize("positive_margin", [0.0, 1.5])
@pytest.mark.parametrize("shape", ["quadratic", "linear"])
@pytest.mark.parametrize("margin", [0.5, 2.5, 10.0])
def test_value_and_gradient_are_those_of_the_definition(
    margin: float, shape: str, positive_margin: float, mean_over: str
) -> None:
    points, labels = batch()
    loss = Contrastive(margin=margin, positive_margin=positive_margin, shape=shape, mean_over=mean_over)
    values, gradient = by_hand(points.numpy(), labels.tolist(), loss)
    active = sum(value > 0 for value in values)
    assert margin != 2.5 or 0 < active < len(values), "both sides of the hinge"
    points.requires_grad_()
    terms = evaluated(loss, points, labels, all_pairs(labels))
    terms.objective.backward()
    count = active if mean_over == "active" else len(values)
    assert (terms.count, terms.active, terms.total.item()) == (len(values), active, pytest.approx(sum(values)))
    assert terms.objective.item() == pytest.approx(sum(values) / count)
    torch.testing.assert_close(points.grad, torch.from_numpy(gradient / count))


@pytest.mark.parametrize("kind", ["positive", "negative"])
def test_each_kind_of_the_linear_form_equals_that_of_pytorch_metric_learning(kind: str) -> None:
    """Theirs averages the active pairs of each kind on its own, so the kinds are compared one by one."""
    points, labels = batch()
    every = all_pairs(labels)
    mined = every._replace(**{"negative" if kind == "positive" else "positive": torch.zeros_like(every.positive)})
    indices = [rows for mask in mined for rows in mask.nonzero(as_tuple=True)]
    flat = LpDistance(normalize_embeddings=False)
    theirs, ours = points.clone().requires_grad_(), points.clone().requires_grad_()
    their_value = ContrastiveLoss(pos_margin=2.5, neg_margin=2.5, distance=flat)(theirs, labels, tuple(indices))
    loss = Contrastive(margin=2.5, positive_margin=2.5, shape="linear", mean_over="active")
    terms = evaluated(loss, ours, labels, mined)
    assert 0 < terms.active < terms.count
    their_value.backward()
    terms.objective.backward()
    torch.testing.assert_close(terms.objective, their_value)
    torch.testing.assert_close(ours.grad, theirs.grad)


def two_points(distance: float, is_same: bool) -> float:
    points = torch.tensor([[0.0, 0.0], [0.0, distance]], dtype=torch.float64)
    labels = torch.tensor([0, 1 - is_same])
    return float(evaluated(Contrastive(margin=2.0), points, labels, all_pairs(labels)).objective)


def test_a_pair_of_one_class_costs_half_its_squared_distance() -> None:
    assert two_points(3.0, is_same=True) == 4.5


def test_a_pair_of_two_classes_costs_half_the_square_of_what_it_lacks() -> None:
    assert two_points(0.5, is_same=False) == 1.125  # (2 - 0.5)^2 / 2


def test_a_pair_of_two_classes_is_left_alone_from_the_margin_on() -> None:
    assert two_points(2.0, is_same=False) == 0.0
    assert two_points(5.0, is_same=False) == 0.0


def test_one_class_pulls_and_two_classes_push() -> None:
    """The polarity: the paper's Y is 0 for one class."""
    for is_same, moves_apart in ((True, False), (False, True)):
        points, labels = torch.tensor([[0.0], [1.0]], requires_grad=True), torch.tensor([0, 1 - is_same])
        evaluated(Contrastive(margin=2.0), points, labels, all_pairs(labels)).objective.backward()
        after = (points - 0.1 * points.grad).detach()
        assert bool((after[1] - after[0]) > 1) == moves_apart

"""Hadsell's form against its definition. pytorch-metric-learning's loss of this name is linear in the distance, another
function, so the oracle is the paper's formula with the gradient written out (its equations 6 and 8)."""

from __future__ import annotations

from itertools import permutations

import numpy as np
import pytest
import torch

from core.losses import Contrastive
from tests.core.loops import all_pairs, batch, evaluated


def by_hand(points: np.ndarray, labels: list[int], margin: float) -> tuple[list[float], np.ndarray]:
    """The value of each ordered pair, and the gradient of their sum, one pair at a time."""
    values, gradient = [], np.zeros_like(points)
    for first, second in permutations(range(len(points)), 2):
        difference = points[first] - points[second]
        distance = np.sqrt((difference**2).sum())
        if labels[first] == labels[second]:
            values.append(distance**2 / 2)
            slope = difference
        else:
            values.append(max(0.0, margin - distance) ** 2 / 2)
            slope = -(margin - distance) / distance * difference if distance < margin else np.zeros_like(difference)
        gradient[first] += slope
        gradient[second] -= slope
    return values, gradient


@pytest.mark.parametrize("mean_over", ["active", "all"])
@pytest.mark.parametrize("margin", [0.5, 2.5, 10.0])
def test_value_and_gradient_are_those_of_the_definition(margin: float, mean_over: str) -> None:
    points, labels = batch()
    values, gradient = by_hand(points.numpy(), labels.tolist(), margin)
    active = sum(value > 0 for value in values)
    assert margin != 2.5 or 0 < active < len(values), "both sides of the hinge"
    points.requires_grad_()
    terms = evaluated(Contrastive(margin=margin, mean_over=mean_over), points, labels, all_pairs(labels))
    terms.objective.backward()
    count = active if mean_over == "active" else len(values)
    assert (terms.count, terms.active, terms.total.item()) == (len(values), active, pytest.approx(sum(values)))
    assert terms.objective.item() == pytest.approx(sum(values) / count)
    torch.testing.assert_close(points.grad, torch.from_numpy(gradient / count))


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

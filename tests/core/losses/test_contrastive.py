"""Hadsell's form against its definition. pytorch-metric-learning's loss of this name is linear in the distance, another
function, so the oracle is the paper's formula with the gradient written out (its equations 6 and 8)."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from core.indices import Pairs
from core.losses import Contrastive
from tests.core.loops import all_pairs, batch


def by_hand(points: np.ndarray, pairs: Pairs, margin: float) -> tuple[list[float], np.ndarray]:
    """The value of each pair, and the gradient of their sum, one pair at a time."""
    values, gradient = [], np.zeros_like(points)
    for first, second, is_same in zip(*(column.tolist() for column in pairs), strict=True):
        difference = points[first] - points[second]
        distance = np.sqrt((difference**2).sum())
        if is_same:
            values.append(distance**2 / 2)
            slope = difference
        else:
            values.append(max(0.0, margin - distance) ** 2 / 2)
            slope = -(margin - distance) / distance * difference if distance < margin else np.zeros_like(difference)
        gradient[first] += slope
        gradient[second] -= slope
    return values, gradient


@pytest.mark.parametrize("margin", [0.5, 2.5, 10.0])
def test_value_and_gradient_are_those_of_the_definition(margin: float) -> None:
    points, labels = batch()
    pairs = all_pairs(labels)
    values, gradient = by_hand(points.numpy(), pairs, margin)
    assert margin != 2.5 or 0 < sum(value == 0 for value in values) < len(values), "both sides of the hinge"
    points.requires_grad_()
    terms = Contrastive(margin=margin)(points, labels, pairs, {})
    terms.sum().backward()
    torch.testing.assert_close(terms.detach(), torch.tensor(values, dtype=torch.float64))
    torch.testing.assert_close(points.grad, torch.from_numpy(gradient))


def two_points(distance: float, is_same: bool) -> float:
    points = torch.tensor([[0.0, 0.0], [0.0, distance]], dtype=torch.float64)
    pairs = Pairs(torch.tensor([0]), torch.tensor([1]), torch.tensor([is_same]))
    return float(Contrastive(margin=2.0)(points, torch.tensor([0, 1 - is_same]), pairs, {}))


def test_a_pair_of_one_class_costs_half_its_squared_distance() -> None:
    assert two_points(3.0, is_same=True) == 4.5


def test_a_pair_of_two_classes_costs_half_the_square_of_what_it_lacks() -> None:
    assert two_points(0.5, is_same=False) == 1.125  # (2 - 0.5)^2 / 2


def test_a_pair_of_two_classes_is_left_alone_from_the_margin_on() -> None:
    assert two_points(2.0, is_same=False) == 0.0
    assert two_points(5.0, is_same=False) == 0.0


def test_one_class_pulls_and_two_classes_push() -> None:
    """The polarity: `is_same` is 1 where the paper's Y is 0."""
    for is_same, moves_apart in ((True, False), (False, True)):
        points = torch.tensor([[0.0], [1.0]], requires_grad=True)
        pairs = Pairs(torch.tensor([0]), torch.tensor([1]), torch.tensor([is_same]))
        Contrastive(margin=2.0)(points, torch.tensor([0, 1]), pairs, {}).sum().backward()
        after = (points - 0.1 * points.grad).detach()
        assert bool((after[1] - after[0]) > 1) == moves_apart

"""The multi-class N-pair loss against its definition and against pytorch-metric-learning, which takes the same first
two rows of each class and has no penalty; it is told to leave the embeddings' length alone."""

from __future__ import annotations

import math

import numpy as np
import pytest
import torch
from pytorch_metric_learning.distances import DotProductSimilarity
from pytorch_metric_learning.losses import NPairsLoss

from core.losses import NPair
from tests.core.loops import batch, evaluated


def pairs_by_hand(labels: list[int]) -> list[tuple[int, int]]:
    """The first two rows of every class that has two."""
    rows = [[row for row, of in enumerate(labels) if of == label] for label in sorted(set(labels))]
    return [(of_class[0], of_class[1]) for of_class in rows if len(of_class) > 1]


def by_hand(points: np.ndarray, labels: list[int]) -> tuple[list[float], np.ndarray]:
    """The value of each anchor, and the gradient of their sum, one negative at a time."""
    pairs = pairs_by_hand(labels)
    values, gradient = [], np.zeros_like(points)
    for a, p in pairs:
        others = [n for _, n in pairs if n != p]
        excess = [math.exp(points[a] @ points[n] - points[a] @ points[p]) for n in others]
        values.append(math.log(1 + sum(excess)))
        for n, part in zip(others, excess, strict=True):
            weight = part / (1 + sum(excess))
            gradient[a] += weight * (points[n] - points[p])
            gradient[n] += weight * points[a]
            gradient[p] -= weight * points[a]
    return values, gradient


@pytest.mark.parametrize("weight", [0.0, 0.02, 3.0])
@pytest.mark.parametrize("sizes", [(5, 4, 2, 1), (2, 2, 2, 2, 2)])
def test_value_and_gradient_are_those_of_the_definition(sizes: tuple[int, ...], weight: float) -> None:
    points, labels = batch(sizes=sizes)
    values, gradient = by_hand(points.numpy(), labels.tolist())
    pairs = pairs_by_hand(labels.tolist())
    assert any(0.1 < math.exp(-value) < 0.9 for value in values), "the logarithm is neither flat nor straight"
    squares = [sum(float(x) ** 2 for x in points[row]) for pair in pairs for row in pair]
    expected_gradient = gradient / len(pairs)
    for row in (row for pair in pairs for row in pair):
        expected_gradient[row] += 0.25 * weight * 2 * points[row].numpy() / len(pairs)
    points.requires_grad_()
    terms = evaluated(NPair(l2_weight=weight), points, labels, None)
    terms.objective.backward()
    assert (terms.count, terms.active, terms.total.item()) == (len(pairs), len(pairs), pytest.approx(sum(values)))
    assert terms.objective.item() == pytest.approx(sum(values) / len(pairs) + 0.25 * weight * sum(squares) / len(pairs))
    torch.testing.assert_close(points.grad, torch.from_numpy(expected_gradient))


@pytest.mark.parametrize("sizes", [(5, 4, 2, 1), (2, 2, 2, 2, 2), (8, 8, 8)])
def test_without_the_penalty_it_equals_that_of_pytorch_metric_learning(sizes: tuple[int, ...]) -> None:
    points, labels = batch(sizes=sizes)
    their_points = points.clone().requires_grad_()
    theirs = NPairsLoss(distance=DotProductSimilarity(normalize_embeddings=False))(their_points, labels)
    theirs.backward()
    points.requires_grad_()
    ours = evaluated(NPair(l2_weight=0.0), points, labels, None).objective
    ours.backward()
    assert theirs.item() > 0
    torch.testing.assert_close(ours, theirs)
    torch.testing.assert_close(points.grad, their_points.grad)


def test_two_classes_cost_what_the_formula_says() -> None:
    """log(1 + e^(a.n - a.p)) for each anchor: a.p = 2, a.n = -1 for the first, 3 and -1 for the second."""
    points = torch.tensor([[1.0, 0.0], [2.0, -1.0], [0.0, 1.0], [-1.0, 3.0]], dtype=torch.float64)
    expected = (math.log(1 + math.exp(-1 - 2)) + math.log(1 + math.exp(-1 - 3))) / 2
    value = evaluated(NPair(l2_weight=0.0), points, torch.tensor([0, 0, 1, 1]), None).objective
    assert float(value) == pytest.approx(expected)


@pytest.mark.parametrize("labels", [[0, 0, 0], [0, 1, 2], [0, 0, 1], [0]], ids=str)
def test_a_batch_without_two_pairs_has_nothing_to_tell_apart(labels: list[int]) -> None:
    points = torch.randn(len(labels), 3, generator=torch.Generator().manual_seed(0)).requires_grad_()
    terms = evaluated(NPair(l2_weight=0.0), points, torch.tensor(labels), None)
    terms.objective.backward()
    assert terms.objective.item() == 0 and terms.active == 0
    assert points.grad is not None and not bool(points.grad.any())


def test_only_the_first_two_rows_of_a_class_are_looked_at() -> None:
    points, labels = batch()
    looked_at = {row for pair in pairs_by_hand(labels.tolist()) for row in pair}
    points.requires_grad_()
    evaluated(NPair(), points, labels, None).objective.backward()
    assert set(points.grad.abs().sum(1).nonzero().flatten().tolist()) == looked_at and len(looked_at) < len(labels)


def test_longer_embeddings_alone_lower_the_loss_until_the_penalty_stops_them() -> None:
    points, labels = torch.eye(3).repeat_interleave(2, 0), torch.arange(3).repeat_interleave(2)

    def value(length: float, weight: float) -> float:
        return float(evaluated(NPair(l2_weight=weight), length * points, labels, None).objective)

    assert value(1, 0.0) > value(2, 0.0) > value(4, 0.0) and value(2, 0.02) < min(value(1, 0.02), value(9, 0.02))

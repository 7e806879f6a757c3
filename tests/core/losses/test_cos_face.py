from __future__ import annotations

import math

import pytest
import torch
from pytorch_metric_learning.losses import CosFaceLoss
from torch import Tensor

from core.losses import CosFace
from tests.core.class_loops import Row, assert_equals, cosine, cross_entropy, learned_by
from tests.core.loops import batch, evaluated


@pytest.mark.parametrize("margin", [0.0, 0.35])
def test_value_and_gradients_are_those_of_the_definition(margin: float) -> None:
    points, labels = batch()
    loss = CosFace(margin=margin, scale=3.0)

    def by_hand(points: list[Row], labels: list[int], learned: dict[str, list[Row]]) -> list[Tensor]:
        values = []
        for point, label in zip(points, labels, strict=True):
            cosines = [cosine(point, row) for row in learned["weight"]]
            logits = [3.0 * (c - margin * (j == label)) for j, c in enumerate(cosines)]
            values.append(cross_entropy(logits, label))
        return values

    assert_equals(loss, by_hand, points, labels, learned_by(loss))


def test_it_equals_pytorch_metric_learning() -> None:
    points, labels = batch()
    learned = learned_by(CosFace())
    theirs = CosFaceLoss(num_classes=4, embedding_size=4, margin=0.35, scale=16)
    theirs.W = torch.nn.Parameter(learned["weight"].T.clone())
    their_points = points.clone().requires_grad_()
    their_value = theirs(their_points, labels)
    their_value.backward()
    weight = learned["weight"].requires_grad_()
    points.requires_grad_()
    value = evaluated(CosFace(), points, labels, None, learned).objective
    value.backward()
    torch.testing.assert_close(value, their_value)
    torch.testing.assert_close(points.grad, their_points.grad)
    torch.testing.assert_close(weight.grad, theirs.W.grad.T)


def test_a_sample_on_its_direction_among_orthogonal_ones() -> None:
    """Its cosine is 1, the others' 0: log(1 + (C - 1) e^(-s (1 - m)))."""
    learned = {"weight": 5 * torch.eye(4, dtype=torch.float64)}
    point = torch.tensor([[0.0, 3.0, 0.0, 0.0]], dtype=torch.float64)
    value = evaluated(CosFace(margin=0.35, scale=16.0), point, torch.tensor([1]), None, learned).objective
    assert value.item() == pytest.approx(math.log1p(3 * math.exp(-16 * 0.65)))

from __future__ import annotations

import math

import numpy as np
import pytest
import torch
from pytorch_metric_learning.losses import ArcFaceLoss
from torch import Tensor

from core.losses import ArcFace
from tests.core.class_loops import Row, assert_equals, cosine, cross_entropy, learned_by
from tests.core.loops import batch, evaluated

# With a margin some angles of the batch would pass pi.
MARGINS = pytest.mark.parametrize("margin", [0.0, 0.5, 1.2])


@MARGINS
def test_value_and_gradients_are_those_of_the_definition(margin: float) -> None:
    points, labels = batch()
    loss = ArcFace(margin=margin, scale=3.0)
    passed = []

    def by_hand(points: list[Row], labels: list[int], learned: dict[str, list[Row]]) -> list[Tensor]:
        values = []
        for point, label in zip(points, labels, strict=True):
            cosines = [cosine(point, row) for row in learned["weight"]]
            angle = torch.acos(cosines[label])
            passed.append(bool(angle + margin > math.pi))
            cosines[label] = torch.cos(angle) - margin * math.sin(margin) if passed[-1] else torch.cos(angle + margin)
            values.append(cross_entropy([3.0 * c for c in cosines], label))
        return values

    assert_equals(loss, by_hand, points, labels, learned_by(loss))
    assert not all(passed) and any(passed) == (margin > 0)


@MARGINS
def test_it_equals_pytorch_metric_learning(margin: float) -> None:
    """There the margin is in degrees."""
    points, labels = batch()
    learned = learned_by(ArcFace())
    theirs = ArcFaceLoss(num_classes=4, embedding_size=4, margin=float(np.degrees(margin)), scale=16)
    theirs.W = torch.nn.Parameter(learned["weight"].T.clone())
    their_points = points.clone().requires_grad_()
    their_value = theirs(their_points, labels)
    their_value.backward()
    weight = learned["weight"].requires_grad_()
    points.requires_grad_()
    value = evaluated(ArcFace(margin=margin), points, labels, None, learned).objective
    value.backward()
    torch.testing.assert_close(value, their_value)
    torch.testing.assert_close(points.grad, their_points.grad)
    torch.testing.assert_close(weight.grad, theirs.W.grad.T)


def test_a_wider_angle_always_costs_more() -> None:
    """Two classes at a right angle; the sample of the first turns away from it, past pi - m."""
    learned = {"weight": torch.eye(3, dtype=torch.float64)[:2]}
    angles = torch.linspace(0, math.pi, 1001, dtype=torch.float64)
    points = torch.stack([angles.cos(), torch.zeros_like(angles), angles.sin()], 1)
    label = torch.tensor([0])
    values = [float(evaluated(ArcFace(), point[None], label, None, learned).objective) for point in points]
    assert (np.diff(values) > 0).all()


@pytest.mark.parametrize("dtype", [torch.float32, torch.float64])
def test_the_gradient_is_finite_along_and_against_a_row(dtype: torch.dtype) -> None:
    row = torch.tensor([0.6, 0.8], dtype=dtype)
    learned = {"weight": torch.stack([row, row.flip(0)])}
    points = torch.stack([row, -row, row + 1e-5, torch.zeros(2, dtype=dtype)]).requires_grad_()
    evaluated(ArcFace(), points, torch.tensor([0, 0, 0, 0]), None, learned).objective.backward()
    assert points.grad is not None and bool(points.grad.isfinite().all())
    assert points.grad[:3].abs().max() < 100

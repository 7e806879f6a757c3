from __future__ import annotations

import math

import pytest
import torch
from pytorch_metric_learning.losses import SphereFaceLoss
from torch import Tensor

from core.losses import ASoftmax
from tests.core.class_loops import Row, assert_equals, cosine, cross_entropy, dot, learned_by
from tests.core.loops import batch, evaluated

MULTIPLES = pytest.mark.parametrize("multiple", [1, 2, 3, 4])


def psi(angle: Tensor, multiple: int) -> Tensor:
    """Equation 6's piecewise function of the angle."""
    piece = min(int(angle / (math.pi / multiple)), multiple - 1)
    return (-1) ** piece * torch.cos(multiple * angle) - 2 * piece


@pytest.mark.parametrize("step", [1, 100, 10**6])
@MULTIPLES
def test_value_and_gradients_are_those_of_the_definition(multiple: int, step: int) -> None:
    points, labels = batch()
    loss = ASoftmax(multiple=multiple)
    weight = max(5, 1000 / (1 + 0.12 * step))
    angles = []

    def by_hand(points: list[Row], labels: list[int], learned: dict[str, list[Row]]) -> list[Tensor]:
        values = []
        for point, label in zip(points, labels, strict=True):
            length = dot(point, point).sqrt()
            logits = [length * cosine(point, row) for row in learned["weight"]]
            angles.append(torch.acos(cosine(point, learned["weight"][label])))
            logits[label] = length * (weight * torch.cos(angles[-1]) + psi(angles[-1], multiple)) / (1 + weight)
            values.append(cross_entropy(logits, label))
        return values

    assert_equals(loss, by_hand, points, labels, learned_by(loss), step=step)
    pieces = {int(angle / (math.pi / multiple)) for angle in angles}
    assert len(pieces) >= min(multiple, 3), "angles of several pieces of psi"


@MULTIPLES
def test_psi_falls_without_a_jump_from_1_to_1_minus_2m(multiple: int) -> None:
    angles = torch.linspace(0, math.pi, 10_001, dtype=torch.float64)
    values = ASoftmax(multiple=multiple).psi(torch.cos(angles))
    torch.testing.assert_close(values, torch.stack([psi(angle, multiple) for angle in angles]))
    steps = values.diff()
    assert values[0] == 1 and values[-1] == pytest.approx(1 - 2 * multiple)
    assert (steps <= 1e-12).all() and steps.min() > -2 * multiple * math.pi / 10_000


@MULTIPLES
def test_psi_is_continuous_where_its_pieces_meet(multiple: int) -> None:
    """At k pi / m both pieces are 1 - 2k."""
    loss = ASoftmax(multiple=multiple)
    for k in range(multiple + 1):
        for beside in (-1e-9, 0.0, 1e-9):
            at = torch.tensor(k * math.pi / multiple + beside, dtype=torch.float64)
            assert loss.psi(at.cos()).item() == pytest.approx(1 - 2 * k, abs=1e-7)


@pytest.mark.filterwarnings("ignore:__array_wrap__:DeprecationWarning")  # from a scipy call of theirs
@MULTIPLES
def test_without_annealing_it_equals_pytorch_metric_learning(multiple: int) -> None:
    points, labels = batch()
    loss = ASoftmax(multiple=multiple, annealing_start=0.0, annealing_floor=0.0)
    learned = learned_by(loss)
    theirs = SphereFaceLoss(num_classes=4, embedding_size=4, margin=multiple)
    theirs.W = torch.nn.Parameter(learned["weight"].T.clone())
    their_points = points.clone().requires_grad_()
    their_value = theirs(their_points, labels)
    their_value.backward()
    weight = learned["weight"].requires_grad_()
    points.requires_grad_()
    value = evaluated(loss, points, labels, None, learned).objective
    value.backward()
    torch.testing.assert_close(value, their_value)
    torch.testing.assert_close(points.grad, their_points.grad)
    torch.testing.assert_close(weight.grad, theirs.W.grad.T)


def test_annealing_falls_to_its_floor() -> None:
    loss = ASoftmax(annealing_start=1000.0, annealing_rate=0.12, annealing_floor=5.0)
    assert [loss.annealing(step) for step in (1, 50, 1659, 10**6)] == [1000 / 1.12, 1000 / 7, 5.0, 5.0]
    assert loss.annealing(1658) > 5


def test_the_length_of_the_rows_does_not_matter_and_that_of_the_embeddings_does() -> None:
    points, labels = batch()
    learned = learned_by(ASoftmax())
    value = evaluated(ASoftmax(), points, labels, None, learned).objective
    longer = evaluated(ASoftmax(), points, labels, None, {"weight": 7 * learned["weight"]}).objective
    torch.testing.assert_close(longer, value)
    assert not torch.isclose(evaluated(ASoftmax(), 7 * points, labels, None, learned).objective, value)


@MULTIPLES
def test_the_gradient_is_finite_along_and_against_a_row_and_at_the_origin(multiple: int) -> None:
    row = torch.tensor([0.6, 0.8])
    learned = {"weight": torch.stack([row, row.flip(0)])}
    points = torch.stack([row, -row, torch.zeros(2)]).requires_grad_()
    loss = ASoftmax(multiple=multiple, annealing_floor=0.0)
    evaluated(loss, points, torch.tensor([0, 0, 0]), None, learned, step=10**6).objective.backward()
    assert points.grad is not None and bool(points.grad.isfinite().all())

"""Against the paper's formulas as loops; pytorch-metric-learning has no centre loss."""

from __future__ import annotations

import pytest
import torch
from torch import Tensor

from core.losses import Center, Softmax
from core.losses.base import Batch
from tests.core.class_loops import Row, assert_equals, cross_entropy, dot, learned_by, squared_distance
from tests.core.loops import batch, evaluated


def batch_of(points: Tensor, labels: Tensor, centres: Tensor) -> Batch:
    return Batch(points, labels, torch.cdist(points, points), {"centres": centres}, torch.Generator())


@pytest.mark.parametrize("reduction", ["mean", "sum"])
@pytest.mark.parametrize("softmax_weight", [0.0, 0.7])
def test_value_and_gradients_are_those_of_the_definition(softmax_weight: float, reduction: str) -> None:
    points, labels = batch()
    loss = Center(softmax_weight=softmax_weight, centre_weight=0.3, reduction=reduction)
    weight = 0.3 * (len(labels) if reduction == "sum" else 1)

    def by_hand(points: list[Row], labels: list[int], learned: dict[str, list[Row]]) -> list[Tensor]:
        values = []
        for point, label in zip(points, labels, strict=True):
            logits = [dot(w, point) + b for w, (b,) in zip(learned["weight"], learned["bias"], strict=True)]
            pull = squared_distance(point, learned["centres"][label]) / 2
            values.append(softmax_weight * cross_entropy(logits, label) + weight * pull)
        return values

    assert_equals(loss, by_hand, points, labels, learned_by(loss))


def test_without_the_pull_it_is_softmax() -> None:
    points, labels = batch()
    learned = learned_by(Center())
    ours = evaluated(Center(centre_weight=0.0), points, labels, None, learned).objective
    torch.testing.assert_close(ours, evaluated(Softmax(), points, labels, None, learned).objective)


def test_centres_follow_by_the_rule_of_the_paper() -> None:
    """Equation 4, one class at a time; the last class is absent."""
    points, labels = batch()
    centres = torch.randn(5, 4, dtype=torch.float64, generator=torch.Generator().manual_seed(2))
    expected = centres.clone()
    for label in range(5):
        rows = [row for row, of_row in enumerate(labels.tolist()) if of_row == label]
        change = sum(centres[label] - points[row] for row in rows) / (1 + len(rows))
        expected[label] -= 0.4 * change
    assert torch.equal(expected[4], centres[4]) and not torch.equal(expected[3], centres[3])
    moved = centres.clone().requires_grad_()
    Center(centre_rate=0.4).follow(batch_of(points, labels, moved))
    torch.testing.assert_close(moved.detach(), expected)


def test_a_centre_goes_half_of_the_way_to_a_single_sample() -> None:
    centres = torch.zeros(2, 3)
    point = torch.tensor([[4.0, 0.0, -2.0]])
    Center(centre_rate=1.0).follow(batch_of(point, torch.tensor([1]), centres))
    assert torch.equal(centres, torch.stack([torch.zeros(3), point[0] / 2]))


def test_no_gradient_moves_the_centres() -> None:
    assert Center().learning_rates() == {"centres": 0.0}


def spread_after(softmax_weight: float) -> tuple[float, float]:
    """The loss and the mean distance of free points from their common mean after 200 updates."""
    points, labels = batch()
    loss = Center(softmax_weight=softmax_weight, centre_weight=1.0)
    learned = {name: tensor.requires_grad_() for name, tensor in learned_by(loss).items()}
    points.requires_grad_()
    optimiser = torch.optim.SGD([points, learned["weight"], learned["bias"]], lr=1.0)
    for _ in range(200):
        terms = evaluated(loss, points, labels, None, learned)
        optimiser.zero_grad()
        terms.objective.backward()
        optimiser.step()
        loss.follow(Batch(points.detach(), labels, points.detach(), learned, torch.Generator()))
    return terms.objective.item(), float((points - points.mean(0)).norm(dim=1).mean().detach())


def test_its_pull_alone_reaches_its_optimum_without_telling_classes_apart() -> None:
    """Samples fall onto their centres at no cost, wherever these are; with softmax the classes stay apart."""
    alone, _ = spread_after(softmax_weight=0.0)
    assert alone < 1e-6
    together, spread = spread_after(softmax_weight=1.0)
    assert together > 1e-3 and spread > 0.5

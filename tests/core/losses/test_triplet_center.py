"""Against the paper's formula as a loop. pytorch-metric-learning has no such loss: its CentroidTripletLoss compares
with the mean of the others of a class, once per sample and class."""

from __future__ import annotations

import math

import pytest
import torch
from torch import Tensor

from core.losses import Softmax, TripletCenter
from core.losses.base import Batch
from tests.core.class_loops import Row, assert_equals, cross_entropy, dot, learned_by, squared_distance
from tests.core.loops import batch, evaluated


def means(points: list[Row], labels: list[int]) -> dict[int, Row]:
    """The mean of every class in the batch."""
    found = {}
    for label in set(labels):
        own = [point for point, of_point in zip(points, labels, strict=True) if of_point == label]
        found[label] = [sum(column) / len(own) for column in zip(*own, strict=True)]
    return found


@pytest.mark.parametrize("softmax_weight", [0.0, 0.7])
@pytest.mark.parametrize("centres", ["learned", "batch mean", "running mean"])
def test_value_and_gradients_are_those_of_the_definition(centres: str, softmax_weight: float) -> None:
    points, labels = batch(sizes=(5, 4, 2, 0, 1))  # of five classes one is absent
    loss = TripletCenter(margin=0.1, centre_weight=0.3, softmax_weight=softmax_weight, centres=centres)
    hinges = []

    def by_hand(points: list[Row], labels: list[int], learned: dict[str, list[Row]]) -> list[Tensor]:
        rows = means(points, labels) if centres == "batch mean" else dict(enumerate(learned["centres"]))
        values = []
        for point, label in zip(points, labels, strict=True):
            halves = {j: squared_distance(point, centre) / 2 for j, centre in rows.items()}
            nearest = min(half for j, half in halves.items() if j != label)
            hinges.append(torch.relu(halves[label] + 0.1 - nearest))
            logits = [dot(w, point) + b for w, (b,) in zip(learned["weight"], learned["bias"], strict=True)]
            values.append(0.3 * hinges[-1] + softmax_weight * cross_entropy(logits, label))
        return values

    assert_equals(loss, by_hand, points, labels, learned_by(loss, 5))
    assert 0 < sum(hinge > 0 for hinge in hinges) < len(hinges), "both sides of the hinge"


def on_a_line(place: float, centres: tuple[float, ...], margin: float) -> float:
    """The hinge of a sample of class 0."""
    loss = TripletCenter(margin=margin, centre_weight=1.0, softmax_weight=0.0)
    learned = {"weight": torch.zeros(len(centres), 1), "bias": torch.zeros(len(centres))}
    learned["centres"] = torch.tensor(centres)[:, None]
    return float(evaluated(loss, torch.tensor([[place]]), torch.tensor([0]), None, learned).objective)


def test_half_squared_distances_to_the_own_and_the_nearest_other_centre() -> None:
    assert on_a_line(1.0, (0.0, 3.0, 9.0), margin=5.0) == 0.5 + 5 - 2
    assert on_a_line(1.0, (0.0, 9.0, -3.0), margin=5.0) == 0.0  # 0.5 + 5 - 8 < 0
    assert on_a_line(1.0, (0.0, 9.0, -3.0), margin=7.5) == 0.0  # exactly at the margin


def test_one_class_alone_has_nothing_to_stay_away_from() -> None:
    assert on_a_line(7.0, (0.0,), margin=5.0) == 0.0
    points, _ = batch()
    labels = torch.full((len(points),), 2)
    loss = TripletCenter(centres="batch mean")
    learned = learned_by(loss)
    points.requires_grad_()
    value = evaluated(loss, points, labels, None, learned).objective
    torch.testing.assert_close(value, evaluated(Softmax(), points, labels, None, learned).objective)
    value.backward()
    assert points.grad is not None and bool(points.grad.isfinite().all())


def test_a_single_sample_is_its_own_mean() -> None:
    """The sample at 0 is at distance 0 from itself, and 3 from the mean of 2 and 4."""
    points, labels = torch.tensor([[0.0], [2.0], [4.0]]), torch.tensor([0, 1, 1])
    loss = TripletCenter(margin=5.0, centre_weight=1.0, softmax_weight=0.0, centres="batch mean")
    learned = {"weight": torch.zeros(2, 1), "bias": torch.zeros(2)}
    total = evaluated(loss, points, labels, None, learned).total
    assert total.item() == (0 + 5 - 4.5) + (0.5 + 5 - 2) + 0.0  # the sample at 4: 0.5 + 5 - 8 < 0


def follow(loss: TripletCenter, centres: Tensor) -> Tensor:
    points, labels = batch()
    moved = centres.clone().requires_grad_()
    loss.follow(Batch(points, labels, points, {"centres": moved}, torch.Generator()))
    return moved.detach()


def test_running_means_take_over_a_share_of_the_batch_and_absent_classes_stay() -> None:
    points, labels = batch()
    centres = torch.randn(5, 4, dtype=torch.float64, generator=torch.Generator().manual_seed(2))
    expected = torch.stack([0.7 * centres[label] + 0.3 * points[labels == label].mean(0) for label in range(4)])
    moved = follow(TripletCenter(centres="running mean", centre_rate=0.3), centres)
    torch.testing.assert_close(moved, torch.cat([expected, centres[4:]]))


@pytest.mark.parametrize("centres", ["learned", "batch mean"])
def test_other_centres_are_not_moved_by_a_rule(centres: str) -> None:
    before = torch.ones(5, 4, dtype=torch.float64)
    assert torch.equal(follow(TripletCenter(centres=centres), before), before)


def test_each_kind_of_centre_has_its_own_rate() -> None:
    assert TripletCenter(centre_learning_rate=0.2).learning_rates() == {"centres": 0.2}
    assert TripletCenter(centres="running mean").learning_rates() == {"centres": 0.0}
    assert TripletCenter(centres="batch mean").learning_rates() == {}
    assert "centres" not in TripletCenter(centres="batch mean").learned(3, 2, torch.Generator())


@pytest.mark.parametrize("centres", ["learned", "batch mean"])
def test_the_hinge_knows_no_origin(centres: str) -> None:
    points, labels = batch()
    loss = TripletCenter(margin=1.0, softmax_weight=0.0, centres=centres)
    learned = learned_by(loss)
    shift = torch.tensor([3.0, -1.0, 0.5, 2.0], dtype=torch.float64)
    moved = {name: tensor + shift if name == "centres" else tensor for name, tensor in learned.items()}
    value = evaluated(loss, points, labels, None, learned).objective
    torch.testing.assert_close(evaluated(loss, points + shift, labels, None, moved).objective, value)
    assert math.isfinite(value.item()) and value > 0

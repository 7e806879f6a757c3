from __future__ import annotations

import math
from collections import defaultdict

import pytest
import torch
from pytorch_metric_learning.distances import LpDistance
from pytorch_metric_learning.losses import RankedListLoss

from core.batch.mined import Pairs
from core.losses import RankedList
from tests.core.loops import all_pairs, batch, distance_table, evaluated
from tests.core.pair_loops import Found, assert_agree, columns_of, pairs_of, through_distances


def by_hand(distances: list[list[float]], mined: Pairs, loss: RankedList) -> Found:
    """The weights are numbers here: the slopes hold them constant."""
    positives, negatives = columns_of(mined.positive), columns_of(mined.negative)
    radius = loss.boundary - loss.margin
    values, slopes = [], defaultdict(float)
    for a, row in enumerate(distances):
        if not (positives[a] or negatives[a]):
            continue
        far = [p for p in positives[a] if row[p] > radius]
        near = {
            n: math.exp(loss.temperature * (loss.boundary - row[n])) for n in negatives[a] if row[n] < loss.boundary
        }
        shares = {n: weight / sum(near.values()) for n, weight in near.items()}
        pulled = sum(row[p] - radius for p in far) / max(len(far), 1)
        pushed = sum(share * (loss.boundary - row[n]) for n, share in shares.items())
        values.append(pulled + loss.balance * pushed)
        for p in far:
            slopes[a, p] += 1 / len(far)
        for n, share in shares.items():
            slopes[a, n] -= loss.balance * share
    return Found(values, slopes)


@pytest.mark.parametrize("is_some", [False, True], ids=["all pairs", "some pairs"])
@pytest.mark.parametrize(
    "loss",
    [RankedList(), RankedList(boundary=2.5, margin=0.5, balance=0.3), RankedList(boundary=2.5, temperature=0.0)],
    ids=str,
)
def test_value_and_gradient_are_those_of_the_definition(loss: RankedList, is_some: bool) -> None:
    points, labels = batch()
    points = points / 2
    mined = pairs_of(labels, is_some)
    distances = distance_table(points)
    assert bool((mined.negative & (distances < loss.boundary)).any())
    found = by_hand(distances.tolist(), mined, loss)
    assert_agree(loss, found, through_distances(points.numpy(), found.slopes), points, labels, mined)


def test_the_value_is_twice_that_of_pytorch_metric_learning() -> None:
    """Theirs halves both parts, adds 0.00001 per sample to the weights, and follows the gradient through them."""
    points, labels = batch()
    points = torch.nn.functional.normalize(points)
    theirs = RankedListLoss(margin=0.4, Tn=5, distance=LpDistance(normalize_embeddings=False))(points, labels)
    value = evaluated(RankedList(temperature=5.0), points, labels, all_pairs(labels)).objective
    assert float(value) == pytest.approx(2 * float(theirs), rel=1e-4)


def test_the_nearest_negative_is_pushed_hardest_and_none_is_pulled() -> None:
    points = torch.tensor([[0.0], [0.1], [0.6], [1.1], [5.0]], dtype=torch.float64, requires_grad=True)
    labels = torch.tensor([0, 1, 1, 1, 1])
    mined = Pairs(torch.zeros(5, 5, dtype=torch.bool), torch.zeros(5, 5, dtype=torch.bool))
    mined.negative[0, 1:] = True
    evaluated(RankedList(), points, labels, mined).objective.backward()
    assert points.grad is not None
    pushes = (-points.grad.flatten()[1:]).tolist()
    assert pushes[0] > pushes[1] > pushes[2] > pushes[3] == 0
    assert sum(pushes) == pytest.approx(1)  # the weights of an anchor's negatives add up to 1


def test_a_class_within_its_radius_is_left_alone() -> None:
    points = torch.tensor([[0.0], [0.79]], dtype=torch.float64)
    terms = evaluated(RankedList(), points, torch.tensor([0, 0]), all_pairs(torch.tensor([0, 0])))
    assert (terms.objective.item(), terms.count, terms.active) == (0.0, 2, 0)

"""Song's two equations as loops. pytorch-metric-learning has the smooth one; nobody seems to ship the hard one."""

from __future__ import annotations

import math
from collections import defaultdict

import pytest
import torch
from pytorch_metric_learning.distances import LpDistance
from pytorch_metric_learning.losses import LiftedStructureLoss

from core.batch.mined import Pairs
from core.losses import LiftedStructured
from tests.core.loops import all_pairs, batch, distance_table, evaluated
from tests.core.pair_loops import Found, assert_agree, columns_of, pairs_of, through_distances


def by_hand(distances: list[list[float]], mined: Pairs, loss: LiftedStructured) -> Found:
    positives, negatives = columns_of(mined.positive), columns_of(mined.negative)
    values, slopes = [], defaultdict(float)
    for i, own in enumerate(positives):
        for j in own:
            ends = [(i, k) for k in negatives[i]] + [(j, k) for k in negatives[j]]
            reach = {end: loss.margin - distances[end[0]][end[1]] for end in ends}
            if loss.shape == "hard" and ends:
                nearest = max(ends, key=lambda end: reach[end])
                both, shares = reach[nearest], {nearest: 1.0}
            elif ends:
                total = sum(math.exp(value) for value in reach.values())
                both, shares = math.log(total), {end: math.exp(reach[end]) / total for end in ends}
            else:
                both, shares = -math.inf, {}
            excess = max(0.0, distances[i][j] + both)
            values.append(excess**2 / 2)
            slopes[i, j] += excess
            for end, share in shares.items():
                slopes[end] -= excess * share
    return Found(values, slopes)


@pytest.mark.parametrize("is_some", [False, True], ids=["all pairs", "some pairs"])
@pytest.mark.parametrize("margin", [0.0, 1.0])
@pytest.mark.parametrize("shape", ["smooth", "hard"])
def test_value_and_gradient_are_those_of_the_definition(shape: str, margin: float, is_some: bool) -> None:
    loss = LiftedStructured(margin=margin, shape=shape)
    points, labels = batch()
    mined = pairs_of(labels, is_some)
    found = by_hand(distance_table(points).tolist(), mined, loss)
    gradient = through_distances(points.numpy(), found.slopes)
    assert_agree(loss, found, gradient, points, labels, mined)


def test_the_hard_form_has_terms_that_are_over() -> None:
    points, labels = batch()
    points[labels == 1] += 20
    terms = evaluated(LiftedStructured(margin=0.1, shape="hard"), points, labels, all_pairs(labels))
    assert 0 < terms.active < terms.count


def test_the_smooth_form_equals_that_of_pytorch_metric_learning() -> None:
    points, labels = batch()
    theirs, ours = points.clone().requires_grad_(), points.clone().requires_grad_()
    their_value = LiftedStructureLoss(neg_margin=1, distance=LpDistance(normalize_embeddings=False))(theirs, labels)
    value = evaluated(LiftedStructured(), ours, labels, all_pairs(labels)).objective
    their_value.backward()
    value.backward()
    torch.testing.assert_close(value, their_value)
    torch.testing.assert_close(ours.grad, theirs.grad)


def test_a_pair_without_a_negative_at_either_end_costs_nothing() -> None:
    points, labels = torch.tensor([[0.0], [3.0]], requires_grad=True), torch.tensor([0, 0])
    for shape in ("smooth", "hard"):
        terms = evaluated(LiftedStructured(shape=shape), points, labels, all_pairs(labels))
        assert (terms.objective.item(), terms.count, terms.active) == (0.0, 2, 0)
        terms.objective.backward()
        assert points.grad is not None and not bool(points.grad.any())


def test_the_hard_form_is_below_the_smooth_one() -> None:
    points, labels = batch()
    smooth, hard = (
        evaluated(LiftedStructured(shape=shape), points, labels, all_pairs(labels)).total
        for shape in ("smooth", "hard")
    )
    assert 0 < hard < smooth


def test_distances_of_hundreds_neither_overflow_nor_vanish() -> None:
    points, labels = batch()
    points = (points * 1000).float().requires_grad_()
    terms = evaluated(LiftedStructured(), points, labels, all_pairs(labels))
    terms.objective.backward()
    assert points.grad is not None and bool(points.grad.isfinite().all()) and bool(points.grad.any())
    exact = evaluated(LiftedStructured(), points.detach().double(), labels, all_pairs(labels))
    torch.testing.assert_close(terms.objective.double(), exact.objective, rtol=1e-4, atol=0)

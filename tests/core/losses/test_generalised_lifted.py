from __future__ import annotations

import math
from collections import defaultdict

import pytest
import torch
from pytorch_metric_learning.distances import LpDistance
from pytorch_metric_learning.losses import GeneralizedLiftedStructureLoss

from core.batch.mined import Pairs
from core.losses import GeneralisedLifted
from tests.core.loops import all_pairs, batch, distance_table, evaluated
from tests.core.pair_loops import Found, assert_agree, columns_of, pairs_of, through_distances


def by_hand(distances: list[list[float]], mined: Pairs, loss: GeneralisedLifted) -> Found:
    positives, negatives = columns_of(mined.positive), columns_of(mined.negative)
    values, slopes = [], defaultdict(float)
    for a, row in enumerate(distances):
        if not (positives[a] and negatives[a]):
            continue
        near = {n: math.exp(loss.margin - row[n]) for n in negatives[a]}
        far = {p: math.exp(row[p]) for p in positives[a]}
        values.append(max(0.0, math.log(sum(far.values())) + math.log(sum(near.values()))))
        if values[-1] > 0:
            for p, weight in far.items():
                slopes[a, p] += weight / sum(far.values())
            for n, weight in near.items():
                slopes[a, n] -= weight / sum(near.values())
    return Found(values, slopes)


@pytest.mark.parametrize("is_some", [False, True], ids=["all pairs", "some pairs"])
@pytest.mark.parametrize("margin", [0.0, 1.0])
def test_value_and_gradient_are_those_of_the_definition(margin: float, is_some: bool) -> None:
    loss = GeneralisedLifted(margin=margin)
    points, labels = batch()
    mined = pairs_of(labels, is_some)
    found = by_hand(distance_table(points).tolist(), mined, loss)
    assert_agree(loss, found, through_distances(points.numpy(), found.slopes), points, labels, mined)


def test_classes_that_are_far_apart_cost_nothing() -> None:
    points, labels = batch()
    points[labels == 0] += 20
    terms = evaluated(GeneralisedLifted(), points, labels, all_pairs(labels))
    assert 0 < terms.active < terms.count == 11


def test_it_equals_that_of_pytorch_metric_learning() -> None:
    """Theirs also has a term for an anchor without a positive, so the class of one sample is left out."""
    points, labels = batch(sizes=(5, 4, 2))
    theirs, ours = points.clone().requires_grad_(), points.clone().requires_grad_()
    flat = LpDistance(normalize_embeddings=False)
    their_value = GeneralizedLiftedStructureLoss(neg_margin=1, distance=flat)(theirs, labels)
    value = evaluated(GeneralisedLifted(), ours, labels, all_pairs(labels)).objective
    their_value.backward()
    value.backward()
    torch.testing.assert_close(value, their_value)
    torch.testing.assert_close(ours.grad, theirs.grad)

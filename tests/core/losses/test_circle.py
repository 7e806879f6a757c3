from __future__ import annotations

import math
from collections import defaultdict

import pytest
import torch
from pytorch_metric_learning.losses import CircleLoss

from core.batch.mined import Pairs
from core.losses import Circle
from tests.core.loops import all_pairs, batch, evaluated
from tests.core.pair_loops import Found, assert_agree, columns_of, cosine_table, pairs_of, through_cosines


def by_hand(similarities: list[list[float]], mined: Pairs, loss: Circle) -> Found:
    """The paper's equation 6; its weights are numbers here, which the slopes hold constant."""
    positives, negatives = columns_of(mined.positive), columns_of(mined.negative)
    m, values, slopes = loss.margin, [], defaultdict(float)
    for a, row in enumerate(similarities):
        if not (positives[a] and negatives[a]):
            continue
        weights = {p: -loss.scale * max(0.0, 1 + m - row[p]) for p in positives[a]}
        weights |= {n: loss.scale * max(0.0, row[n] + m) for n in negatives[a]}
        of_positives = {p: math.exp(weights[p] * (row[p] - (1 - m))) for p in positives[a]}
        of_negatives = {n: math.exp(weights[n] * (row[n] - m)) for n in negatives[a]}
        product = sum(of_positives.values()) * sum(of_negatives.values())
        values.append(math.log1p(product))
        for part in (of_positives, of_negatives):
            for j, size in part.items():
                slopes[a, j] += product / (1 + product) * size / sum(part.values()) * weights[j]
    return Found(values, slopes)


@pytest.mark.parametrize("is_some", [False, True], ids=["all pairs", "some pairs"])
@pytest.mark.parametrize("loss", [Circle(), Circle(margin=0.25, scale=2.0)], ids=str)
def test_value_and_gradient_are_those_of_the_definition(loss: Circle, is_some: bool) -> None:
    points, labels = batch()
    mined = pairs_of(labels, is_some)
    table = cosine_table(points)
    assert min(map(min, table)) < -loss.margin, "a weight must be cut off at 0"
    found = by_hand(table, mined, loss)
    assert_agree(loss, found, through_cosines(points.numpy(), found.slopes), points, labels, mined)


@pytest.mark.parametrize("loss", [Circle(), Circle(margin=0.25, scale=2.0)], ids=str)
def test_it_equals_that_of_pytorch_metric_learning(loss: Circle) -> None:
    """Theirs averages over the anchors above 0, which here are all that have both kinds of pairs."""
    points, labels = batch()
    theirs, ours = points.clone().requires_grad_(), points.clone().requires_grad_()
    their_value = CircleLoss(loss.margin, loss.scale)(theirs, labels)
    terms = evaluated(loss, ours, labels, all_pairs(labels))
    assert terms.active == terms.count == 11
    their_value.backward()
    terms.objective.backward()
    torch.testing.assert_close(terms.objective, their_value)
    torch.testing.assert_close(ours.grad, theirs.grad)

from __future__ import annotations

import math
from collections import defaultdict

import pytest
import torch
from pytorch_metric_learning.losses import MultiSimilarityLoss

from core.batch.mined import Pairs
from core.losses import MultiSimilarity
from tests.core.loops import all_pairs, batch, evaluated
from tests.core.pair_loops import Found, assert_agree, columns_of, cosine_table, pairs_of, through_cosines


def by_hand(similarities: list[list[float]], mined: Pairs, loss: MultiSimilarity) -> Found:
    positives, negatives = columns_of(mined.positive), columns_of(mined.negative)
    values, slopes = [], defaultdict(float)
    for a, row in enumerate(similarities):
        if not (positives[a] or negatives[a]):
            continue
        value = 0.0
        for columns, scale in ((positives[a], -loss.alpha), (negatives[a], loss.beta)):
            weights = {j: math.exp(scale * (row[j] - loss.base)) for j in columns}
            total = 1 + sum(weights.values())
            value += math.log(total) / abs(scale)
            for j, weight in weights.items():
                slopes[a, j] += math.copysign(weight / total, scale)
        values.append(value)
    return Found(values, slopes)


LOSSES = [MultiSimilarity(), MultiSimilarity(alpha=5.0, beta=8.0, base=0.1)]


@pytest.mark.parametrize("is_some", [False, True], ids=["all pairs", "some pairs"])
@pytest.mark.parametrize("loss", LOSSES, ids=str)
def test_value_and_gradient_are_those_of_the_definition(loss: MultiSimilarity, is_some: bool) -> None:
    points, labels = batch()
    mined = pairs_of(labels, is_some)
    found = by_hand(cosine_table(points), mined, loss)
    assert_agree(loss, found, through_cosines(points.numpy(), found.slopes), points, labels, mined)


@pytest.mark.parametrize("loss", LOSSES, ids=str)
def test_it_equals_that_of_pytorch_metric_learning(loss: MultiSimilarity) -> None:
    points, labels = batch()
    theirs, ours = points.clone().requires_grad_(), points.clone().requires_grad_()
    their_value = MultiSimilarityLoss(loss.alpha, loss.beta, loss.base)(theirs, labels)
    value = evaluated(loss, ours, labels, all_pairs(labels)).objective
    their_value.backward()
    value.backward()
    torch.testing.assert_close(value, their_value)
    torch.testing.assert_close(ours.grad, theirs.grad)


def test_lengths_do_not_matter() -> None:
    points, labels = batch()
    scaled = points * torch.linspace(0.5, 3.0, len(points), dtype=torch.float64)[:, None]
    values = [evaluated(MultiSimilarity(), rows, labels, all_pairs(labels)).objective for rows in (points, scaled)]
    torch.testing.assert_close(*values)

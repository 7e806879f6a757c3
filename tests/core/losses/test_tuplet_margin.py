from __future__ import annotations

from collections import defaultdict
from math import acos, cos, exp, log1p, radians, sin

import pytest
import torch
from pytorch_metric_learning.losses import TupletMarginLoss

from core.batch.mined import Pairs
from core.losses import InfoNce, TupletMargin
from core.losses.base import Loss
from tests.core.loops import all_pairs, batch, evaluated
from tests.core.pair_loops import Found, assert_agree, columns_of, cosine_table, pairs_of, through_cosines

every_setting = pytest.mark.parametrize("loss", [TupletMargin(), TupletMargin(scale=3.0, slack=20.0)], ids=str)


def by_hand(similarities: list[list[float]], mined: Pairs, loss: TupletMargin) -> Found:
    """One tuplet at a time, by its angles; the slope of cos(angle - slack) by cos(angle) is a ratio of sines."""
    slack, values, slopes = radians(loss.slack), [], defaultdict(float)
    for a, (positives, negatives) in enumerate(
        zip(columns_of(mined.positive), columns_of(mined.negative), strict=True)
    ):
        for p in positives if negatives else []:
            angle = acos(similarities[a][p])
            excess = {n: exp(loss.scale * (similarities[a][n] - cos(angle - slack))) for n in negatives}
            total = sum(excess.values())
            values.append(log1p(total))
            slopes[a, p] -= total / (1 + total) * loss.scale * sin(angle - slack) / sin(angle)
            for n, part in excess.items():
                slopes[a, n] += part / (1 + total) * loss.scale
    return Found(values, slopes)


@every_setting
@pytest.mark.parametrize("is_some", [False, True], ids=["all pairs", "some pairs"])
def test_value_and_gradient_are_those_of_the_definition(loss: TupletMargin, is_some: bool) -> None:
    points, labels = batch()
    mined = pairs_of(labels, is_some)
    found = by_hand(cosine_table(points), mined, loss)
    assert min(found.values) < 1 < max(found.values), "the logarithm is neither flat nor straight"
    assert_agree(loss, found, through_cosines(points.numpy(), found.slopes), points, labels, mined)


def value_and_gradient(loss: Loss) -> tuple[torch.Tensor, torch.Tensor]:
    points, labels = batch()
    points.requires_grad_()
    value = evaluated(loss, points, labels, all_pairs(labels)).objective
    return value, torch.autograd.grad(value, points)[0]


@every_setting
def test_it_equals_that_of_pytorch_metric_learning(loss: TupletMargin) -> None:
    points, labels = batch()
    points.requires_grad_()
    their_value = TupletMarginLoss(loss.slack, loss.scale)(points, labels)
    assert their_value > 0.1
    torch.testing.assert_close(
        value_and_gradient(loss), (their_value, torch.autograd.grad(their_value, points)[0]), check_dtype=False
    )


@pytest.mark.parametrize("scale", [2.0, 64.0])
def test_without_a_slack_it_is_info_nce_one_pair_at_a_time(scale: float) -> None:
    beside = InfoNce(temperature=1 / scale, positives="one pair at a time")
    torch.testing.assert_close(value_and_gradient(TupletMargin(scale, slack=0.0)), value_and_gradient(beside))


@pytest.mark.parametrize("angle, is_pushed_apart", [(19.0, True), (21.0, False)])
def test_a_positive_pair_settles_at_the_slack(angle: float, is_pushed_apart: bool) -> None:
    """From -60 degrees the negative sees the anchor; the derivative is that by the angle of the positive."""
    turn = torch.tensor(radians(angle), dtype=torch.float64, requires_grad=True)
    points = torch.stack(
        [turn.new_tensor([1.0, 0.0]), torch.stack([turn.cos(), turn.sin()]), turn.new_tensor([0.5, -0.8])]
    )
    from_first = Pairs(torch.zeros(3, 3, dtype=torch.bool), torch.zeros(3, 3, dtype=torch.bool))
    from_first.positive[0, 1] = from_first.negative[0, 2] = True
    evaluated(TupletMargin(slack=20.0, scale=3.0), points, torch.tensor([0, 0, 1]), from_first).objective.backward()
    assert turn.grad is not None and (turn.grad < 0) == is_pushed_apart


@pytest.mark.parametrize("labels", [[0, 0, 0], [0, 1, 2], [0]], ids=str)
def test_a_batch_without_a_tuplet_has_nothing_to_say(labels: list[int]) -> None:
    points = torch.randn(len(labels), 3, generator=torch.Generator().manual_seed(0)).requires_grad_()
    terms = evaluated(TupletMargin(), points, torch.tensor(labels), all_pairs(torch.tensor(labels)))
    terms.objective.backward()
    assert (terms.objective.item(), terms.count) == (0.0, 0)
    assert points.grad is not None and not points.grad.any()

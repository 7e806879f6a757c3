from __future__ import annotations

import math
from collections.abc import Callable

import pytest
import torch
from pytorch_metric_learning.losses import NTXentLoss, SupConLoss
from torch import Tensor

from core.batch.mined import Pairs
from core.losses import InfoNce
from tests.core.class_loops import Row, assert_equals, cosine, log_of_sum
from tests.core.loops import all_pairs, batch, evaluated

FORMS = pytest.mark.parametrize("positives", ["outside the logarithm", "inside the logarithm", "one pair at a time"])


def some_pairs(labels: Tensor) -> Pairs:
    """About half of all pairs; some anchors lose all their positives or all their negatives."""
    pairs = all_pairs(labels)
    kept = torch.rand(2, *pairs.positive.shape, generator=torch.Generator().manual_seed(4)) < 0.5
    kept[1, 1] = False
    return Pairs(pairs.positive & kept[0], pairs.negative & kept[1])


@pytest.mark.parametrize("mine", [all_pairs, some_pairs])
@FORMS
def test_value_and_gradient_are_those_of_the_definition(positives: str, mine: Callable[[Tensor], Pairs]) -> None:
    points, labels = batch()
    pairs = mine(labels)
    is_positive, is_negative = pairs.positive.tolist(), pairs.negative.tolist()

    def by_hand(points: list[Row], labels: list[int], learned: dict[str, list[Row]]) -> list[Tensor]:
        values = []
        for a, anchor in enumerate(points):
            scores = [cosine(anchor, other) / 0.5 for other in points]
            own = [s for s, taken in zip(scores, is_positive[a], strict=True) if taken]
            other = [s for s, taken in zip(scores, is_negative[a], strict=True) if taken]
            if not own:
                continue
            if positives == "one pair at a time":
                values += [log_of_sum([p, *other]) - p for p in own]
            elif positives == "inside the logarithm":
                values.append(math.log(len(own)) + log_of_sum(own + other) - log_of_sum(own))
            else:
                values.append(sum(log_of_sum(own + other) - p for p in own) / len(own))
        return values

    if mine is some_pairs:
        has = [(pairs.positive.any(1) & ~pairs.negative.any(1)).any(), (~pairs.positive.any(1)).sum() > 1]
        assert all(has), "anchors without negatives and without positives"
    assert_equals(InfoNce(temperature=0.5, positives=positives), by_hand, points, labels, {}, pairs)


@pytest.mark.parametrize("positives, kind", [("outside the logarithm", SupConLoss), ("one pair at a time", NTXentLoss)])
def test_it_equals_pytorch_metric_learning(positives: str, kind: type[SupConLoss] | type[NTXentLoss]) -> None:
    points, labels = batch()
    their_points = points.clone().requires_grad_()
    their_value = kind(temperature=0.2)(their_points, labels)
    their_value.backward()
    points.requires_grad_()
    loss = InfoNce(temperature=0.2, positives=positives)
    value = evaluated(loss, points, labels, all_pairs(labels)).objective
    value.backward()
    torch.testing.assert_close(value, their_value)
    torch.testing.assert_close(points.grad, their_points.grad)


def test_with_two_samples_of_each_class_all_forms_are_one() -> None:
    points, labels = batch(sizes=(2, 2, 2, 2))
    kinds = ("outside the logarithm", "inside the logarithm", "one pair at a time")
    values = [evaluated(InfoNce(positives=kind), points, labels, all_pairs(labels)).objective for kind in kinds]
    torch.testing.assert_close(values[0], values[1])
    torch.testing.assert_close(values[0], values[2])
    expected = torch.nn.functional.normalize(points) @ torch.nn.functional.normalize(points).T / 0.1
    partner = all_pairs(labels).positive.int().argmax(1)
    torch.testing.assert_close(
        values[0], torch.nn.functional.cross_entropy(expected.fill_diagonal_(-math.inf), partner)
    )


def test_inside_the_logarithm_is_never_larger() -> None:
    """Jensen's inequality, as in the paper: the logarithm of a mean is at least the mean of logarithms."""
    points, labels = batch()
    outside, inside = (
        evaluated(InfoNce(positives=f"{where} the logarithm"), points, labels, all_pairs(labels)).objective
        for where in ("outside", "inside")
    )
    assert inside < outside


@FORMS
def test_a_low_temperature_does_not_overflow(positives: str) -> None:
    points, labels = batch()
    points = points.float().requires_grad_()
    value = evaluated(InfoNce(temperature=0.01, positives=positives), points, labels, all_pairs(labels)).objective
    value.backward()
    assert value.isfinite() and points.grad is not None and bool(points.grad.isfinite().all())


def test_the_length_of_the_embeddings_does_not_matter() -> None:
    points, labels = batch()
    lengths = torch.linspace(0.1, 9, len(labels), dtype=torch.float64)[:, None]
    pairs = all_pairs(labels)
    expected = evaluated(InfoNce(), points, labels, pairs).objective
    torch.testing.assert_close(evaluated(InfoNce(), points * lengths, labels, pairs).objective, expected)

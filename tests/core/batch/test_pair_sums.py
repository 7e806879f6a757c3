from __future__ import annotations

import pytest
import torch
from torch import Tensor

from core.batch.mined import NOTHING
from core.batch.pair_sums import circle_exponents, hinge_sums, lifted_sums, row_sums
from tests.core.loops import batch, distance_table
from tests.core.pair_loops import pairs_of


def distances_of(dtype: torch.dtype = torch.float64) -> tuple[Tensor, Tensor]:
    points, labels = batch()
    return distance_table(points).to(dtype).requires_grad_(), labels


@pytest.mark.parametrize("scales", [(1.0, -1.0), (-2.0, 50.0), (0.5, 0.0)], ids=str)
def test_logarithms_of_sums_have_the_gradient_of_their_value(scales: tuple[float, float]) -> None:
    distances, labels = distances_of()
    pairs = pairs_of(labels, is_some=True)
    taken = pairs.positive.any(1) & pairs.negative.any(1)
    assert 0 < int(taken.sum()) < 12
    for scale, mask, logs in zip(scales, pairs, row_sums(distances, pairs, *scales)[:2], strict=True):
        expected = (scale * distances).masked_fill(~mask, -torch.inf).logsumexp(1)
        torch.testing.assert_close(logs, torch.where(mask.any(1), expected, NOTHING))
    assert torch.autograd.gradcheck(
        lambda given: [log[taken] for log in row_sums(given, pairs, *scales)[:2]], distances
    )


def test_means_hold_their_weights() -> None:
    distances, labels = distances_of()
    pairs = pairs_of(labels, is_some=True)
    for scale, mask, mean in zip((0.0, -3.0), pairs, row_sums(distances, pairs, 0.0, -3.0)[2:], strict=True):
        shares = torch.nan_to_num((scale * distances.detach()).masked_fill(~mask, -torch.inf).softmax(1))
        torch.testing.assert_close(mean, (shares * distances).sum(1))
        (gradient,) = torch.autograd.grad(mean.sum(), distances, retain_graph=True)
        torch.testing.assert_close(gradient, shares)


def test_exponents_of_hundreds_are_summed_in_float32() -> None:
    distances, labels = distances_of()
    pairs = pairs_of(labels, is_some=False)
    exact = row_sums(distances, pairs, 300.0, -300.0)
    for wide, narrow in zip(exact, row_sums(distances.float(), pairs, 300.0, -300.0), strict=True):
        torch.testing.assert_close(narrow.double(), wide, rtol=1e-4, atol=1e-4)


@pytest.mark.parametrize("is_squared", [False, True])
def test_bounds_are_numbers_or_one_for_each_anchor(is_squared: bool) -> None:
    distances, labels = distances_of()
    pairs = pairs_of(labels, is_some=True)
    total, found, active = hinge_sums(distances, pairs, 1.0, 3.0, is_squared)
    again = hinge_sums(distances, pairs, distances.new_full((12,), 1.0), distances.new_full((12,), 3.0), is_squared)
    assert (found, active) == again[1:] and torch.equal(total, again[0])
    beyond = torch.where(pairs.positive, distances - 1, 3 - distances)[pairs.positive | pairs.negative].clamp_min(0)
    assert (found, active) == (len(beyond), int((beyond > 0).sum()))
    torch.testing.assert_close(total, (beyond.square() / 2 if is_squared else beyond).sum())


@pytest.mark.parametrize("is_hard", [False, True])
def test_lifted_sums_are_those_of_both_ends(is_hard: bool) -> None:
    distances, labels = distances_of()
    reach, positive = torch.linspace(-3.0, 1.0, 12, dtype=torch.float64), pairs_of(labels, is_some=True).positive
    both = torch.maximum(reach[:, None], reach) if is_hard else torch.logaddexp(reach[:, None], reach)
    excess = (distances + both)[positive].clamp_min(0)
    total, found, active = lifted_sums(distances, positive, reach, is_hard)
    assert (found, active) == (len(excess), int((excess > 0).sum())) and 0 < active < found
    torch.testing.assert_close(total, excess.square().sum() / 2)


def test_circle_exponents_are_those_of_both_kinds() -> None:
    similarities, positive = torch.linspace(-1, 1, 9, dtype=torch.float64).reshape(3, 3), torch.eye(3, dtype=torch.bool)
    s = similarities
    expected = 5 * torch.where(positive, (1.3 - s).relu() * (0.7 - s), (s + 0.3).relu() * (s - 0.3))
    torch.testing.assert_close(circle_exponents(similarities, positive, 0.3, 5.0), expected)


def test_an_anchor_knows_which_kinds_of_pairs_it_has() -> None:
    distances, labels = distances_of()
    pairs = pairs_of(labels, is_some=True)
    pairs.positive[3], pairs.negative[5] = False, False
    sums = row_sums(distances, pairs, 1.0, -1.0)
    assert sums.has_positive.tolist() == pairs.positive.any(1).tolist()
    assert sums.has_negative.tolist() == pairs.negative.any(1).tolist()

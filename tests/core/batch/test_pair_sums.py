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


@pytest.mark.parametrize("is_squared", [False, True])
def test_hinges_have_the_gradient_of_their_value(is_squared: bool) -> None:
    distances, labels = distances_of()
    low, high = (torch.linspace(1.0, 3.0, 12, dtype=torch.float64).roll(k).requires_grad_() for k in (0, 5))
    pairs = pairs_of(labels, is_some=True)
    active = hinge_sums(distances, pairs, low, high, is_squared)[2]
    assert 0 < active < int(pairs.positive.sum() + pairs.negative.sum())
    assert torch.autograd.gradcheck(
        lambda *given: hinge_sums(given[0], pairs, *given[1:], is_squared)[0], (distances, low, high)
    )


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


@pytest.mark.parametrize("is_hard", [False, True])
def test_lifted_sums_have_the_gradient_of_their_value(is_hard: bool) -> None:
    distances, labels = distances_of()
    reach = torch.linspace(-3.0, 1.0, 12, dtype=torch.float64).requires_grad_()
    positive = pairs_of(labels, is_some=True).positive
    _, count, active = lifted_sums(distances, positive, reach, is_hard)
    assert 0 < active < count
    assert torch.autograd.gradcheck(
        lambda *given: lifted_sums(given[0], positive, given[1], is_hard)[0], (distances, reach)
    )


def test_circle_exponents_have_the_slope_of_their_weight() -> None:
    distances, labels = distances_of()
    similarities = (1 - distances.detach() ** 2 / 4).requires_grad_()
    positive = pairs_of(labels, is_some=False).positive
    exponents = circle_exponents(similarities, positive, 0.3, 5.0)
    exponents.sum().backward()
    pull, push = 5 * torch.relu(1.3 - similarities.detach()), 5 * torch.relu(similarities.detach() + 0.3)
    torch.testing.assert_close(similarities.grad, torch.where(positive, -pull, push))
    expected = torch.where(positive, pull * (0.7 - similarities), push * (similarities - 0.3))
    torch.testing.assert_close(exponents, expected)
    assert bool((push == 0).any())

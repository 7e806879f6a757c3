"""The derivatives of the sums over pairs, beside numerical ones, and how they are handed on."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
import torch
from core.batch.pair_functions import Circle, Hinges, Lifted, Rows
from torch import Tensor

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
    found, active = Hinges.apply(distances, *pairs, low, high, is_squared)[1].tolist()
    assert 0 < active < found == int(pairs.positive.sum() + pairs.negative.sum())
    assert torch.autograd.gradcheck(
        lambda given, *ends: Hinges.apply(given, *pairs, *ends, is_squared)[0], (distances, low, high)
    )


@pytest.mark.parametrize("is_hard", [False, True])
def test_lifted_sums_have_the_gradient_of_their_value(is_hard: bool) -> None:
    distances, labels = distances_of()
    reach = torch.linspace(-3.0, 1.0, 12, dtype=torch.float64).requires_grad_()
    positive = pairs_of(labels, is_some=True).positive
    found, active = Lifted.apply(distances, positive, reach, is_hard)[1].tolist()
    assert 0 < active < found
    assert torch.autograd.gradcheck(
        lambda given, ends: Lifted.apply(given, positive, ends, is_hard)[0], (distances, reach)
    )


def test_logarithms_have_their_gradient_and_means_that_of_held_weights() -> None:
    distances, labels = distances_of()
    pairs = pairs_of(labels, is_some=True)
    logs, means = Rows.apply(distances, *pairs, 2.0, -3.0)
    for kind, (mask, scale) in enumerate(zip(pairs, (2.0, -3.0), strict=True)):
        shares = torch.nan_to_num((scale * distances.detach()).masked_fill(~mask, -torch.inf).softmax(1))
        for rows, factor in ((logs[kind], scale), (means[kind], 1.0)):
            weights = torch.linspace(0.5, 2.0, 12, dtype=torch.float64)
            (gradient,) = torch.autograd.grad((weights * rows).sum(), distances, retain_graph=True)
            torch.testing.assert_close(gradient, factor * weights[:, None] * shares)


def test_circle_exponents_have_the_slope_of_their_weight() -> None:
    distances, labels = distances_of()
    similarities = (1 - distances.detach() ** 2 / 4).requires_grad_()
    positive = pairs_of(labels, is_some=False).positive
    weights = torch.rand(12, 12, dtype=torch.float64, generator=torch.Generator().manual_seed(2))
    (weights * Circle.apply(similarities, positive, 0.3, 5.0)).sum().backward()
    pull, push = 5 * torch.relu(1.3 - similarities.detach()), 5 * torch.relu(similarities.detach() + 0.3)
    torch.testing.assert_close(similarities.grad, weights * torch.where(positive, -pull, push))
    assert bool((push == 0).any())


def every(distances: Tensor, labels: Tensor) -> dict[str, Callable[[Tensor], Any]]:
    pairs, ends = pairs_of(labels, is_some=True), distances.detach()[0]
    return {
        "hinges": lambda given: Hinges.apply(given, *pairs, ends, ends + 2, True)[0],
        "rows": lambda given: torch.stack(Rows.apply(given, *pairs, 1.0, -1.0)).clamp_min(-1e3).sum(),
        "lifted": lambda given: Lifted.apply(given, pairs.positive, -ends, False)[0],
        "circle": lambda given: Circle.apply(given, pairs.positive, 0.3, 5.0).sum(),
    }


@pytest.mark.parametrize("name", ["hinges", "rows", "lifted", "circle"])
def test_a_gradient_is_scaled_by_what_comes_after_and_kept_in_its_type(name: str) -> None:
    """Of a matrix that does not lie row by row in memory, too."""
    for dtype in (torch.float64, torch.float32):
        distances, labels = distances_of(dtype)
        function = every(distances, labels)[name]
        (once,) = torch.autograd.grad(function(distances), distances)
        (thrice,) = torch.autograd.grad(3 * function(distances), distances)
        (turned,) = torch.autograd.grad(function(distances.T.contiguous().T), distances)
        assert once.dtype == dtype and bool(once.any())
        torch.testing.assert_close(thrice, 3 * once)
        torch.testing.assert_close(turned, once)


def test_counts_carry_no_gradient() -> None:
    distances, labels = distances_of()
    pairs, ends = pairs_of(labels, is_some=False), torch.ones(12, dtype=torch.float64)
    for counts in (
        Hinges.apply(distances, *pairs, ends, ends, False)[1],
        Lifted.apply(distances, pairs.positive, ends, True)[1],
    ):
        assert counts.dtype == torch.int64 and not counts.requires_grad

"""Losses as slow loops over single float64 numbers, one sample at a time, and the comparison of value and gradient.

The numbers are scalar tensors, so that the gradient of a loop comes from its own sums and not from matrix formulas.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

import torch
from torch import Tensor

from core.batch.mined import Pairs
from core.losses.base import Loss
from tests.core.loops import evaluated

Row = list[Tensor]
ByHand = Callable[[list[Row], list[int], dict[str, list[Row]]], list[Tensor]]


def dot(first: Row, second: Row) -> Tensor:
    return torch.stack([a * b for a, b in zip(first, second, strict=True)]).sum()


def cosine(first: Row, second: Row) -> Tensor:
    return dot(first, second) / (dot(first, first) * dot(second, second)).sqrt()


def squared_distance(first: Row, second: Row) -> Tensor:
    return torch.stack([(a - b) ** 2 for a, b in zip(first, second, strict=True)]).sum()


def log_of_sum(exponents: list[Tensor]) -> Tensor:
    return torch.stack([exponent.exp() for exponent in exponents]).sum().log()


def cross_entropy(logits: list[Tensor], label: int) -> Tensor:
    return log_of_sum(logits) - logits[label]


def rows_of(tensor: Tensor) -> list[Row]:
    """(N, D) -> N rows of D numbers; (N,) -> N rows of one number."""
    return [list(row.reshape(-1).unbind()) for row in tensor.unbind()]


def learned_by(loss: Loss, class_count: int = 4, dimension: int = 4) -> dict[str, Tensor]:
    """Its learned tensors in float64, those that start at zero moved away from it."""
    generator = torch.Generator().manual_seed(3)
    learned = loss.learned(class_count, dimension, generator)
    drawn = {name: torch.randn(tensor.shape, generator=generator) for name, tensor in learned.items()}
    return {name: (tensor if tensor.any() else drawn[name]).double() for name, tensor in learned.items()}


def assert_equals(
    loss: Loss,
    by_hand: ByHand,
    points: Tensor,
    labels: Tensor,
    learned: Mapping[str, Tensor],
    mined: Pairs | None = None,
    step: int = 1,
) -> list[Tensor]:
    """The terms, their count and mean and all gradients are those of the loop, whose values are returned."""
    ours = [tensor.clone().requires_grad_() for tensor in (points, *learned.values())]
    theirs = [tensor.detach().clone().requires_grad_() for tensor in ours]
    values = by_hand(rows_of(theirs[0]), labels.tolist(), dict(zip(learned, map(rows_of, theirs[1:]), strict=True)))
    expected = torch.stack(values)
    terms = evaluated(loss, ours[0], labels, mined, dict(zip(learned, ours[1:], strict=True)), step=step)
    assert (terms.count, terms.active) == (len(values), int((expected > 0).sum()))
    torch.testing.assert_close(terms.total, expected.sum())
    torch.testing.assert_close(terms.objective, expected.mean())
    terms.objective.backward()
    expected.mean().backward()
    assert ours[0].grad is not None and bool((ours[0].grad != 0).any())
    for tensor, definition in zip(ours, theirs, strict=True):
        if tensor.grad is not None or definition.grad is not None:
            torch.testing.assert_close(tensor.grad, definition.grad)
    return values

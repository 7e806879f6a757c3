"""Gradients that are written out, beside those that autograd finds for the same values."""

from __future__ import annotations

import math

import torch
from torch import Tensor

from core.batch.score_functions import Contrasts, CrossEntropies, Widened
from tests.core.loops import batch
from tests.core.pair_loops import pairs_of


def scores_of(rows: int = 12, columns: int = 4) -> Tensor:
    generator = torch.Generator().manual_seed(1)
    return (2 * torch.rand(rows, columns, dtype=torch.float64, generator=generator) - 1).requires_grad_()


def test_cross_entropies_are_those_of_the_replaced_scores_with_their_gradient() -> None:
    scores, labels = scores_of(), batch()[1]
    own = torch.linspace(-1, 1, 12, dtype=torch.float64).requires_grad_()
    weights = torch.linspace(0.1, 2.0, 12, dtype=torch.float64)
    logits = 7.0 * torch.where(torch.nn.functional.one_hot(labels, 4).bool(), own[:, None], scores)
    expected = torch.nn.functional.cross_entropy(logits, labels, reduction="none")
    found = CrossEntropies.apply(scores, labels, own, 7.0)
    torch.testing.assert_close(found, expected)
    for ours, theirs in zip(
        torch.autograd.grad((weights * found).sum(), [scores, own]),
        torch.autograd.grad((weights * expected).sum(), [scores, own]),
        strict=True,
    ):
        torch.testing.assert_close(ours, theirs)


def test_scores_of_hundreds_do_not_overflow() -> None:
    scores = (1e4 * scores_of().detach()).float().requires_grad_()
    value = CrossEntropies.apply(scores, batch()[1], scores.detach()[:, 0], 64.0)
    value.sum().backward()
    assert bool(value.isfinite().all()) and scores.grad is not None and bool(scores.grad.isfinite().all())


def test_a_wider_angle_has_the_gradient_of_its_cosine() -> None:
    cosines = torch.linspace(-0.99, 0.99, 25, dtype=torch.float64).requires_grad_()
    for margin in (0.0, 0.5, 1.2):
        found = Widened.apply(cosines, margin)
        angles = cosines.detach().arccos()
        within = angles < math.pi - margin
        expected = torch.where(within, (angles + margin).cos(), angles.cos() - margin * math.sin(margin))
        torch.testing.assert_close(found, expected)
        slopes = torch.where(within, (angles + margin).sin() / angles.sin(), 1.0)
        torch.testing.assert_close(torch.autograd.grad(found.sum(), cosines)[0], slopes)


def test_contrasts_are_the_definition_with_its_gradient() -> None:
    labels = batch()[1]
    scores, pairs = (5.0 * scores_of(12, 12).detach()).requires_grad_(), pairs_of(labels, is_some=True)
    found, has_positive = Contrasts.apply(scores, *pairs)
    assert torch.equal(has_positive, pairs.positive.any(1)) and 0 < int(has_positive.sum()) < 12
    values = []
    for row in has_positive.nonzero().flatten().tolist():
        taken = scores[row][pairs.positive[row] | pairs.negative[row]]
        values.append((taken.logsumexp(0) - scores[row][pairs.positive[row]]).mean())
    expected, weights = torch.stack(values), torch.linspace(0.1, 2.0, len(values), dtype=torch.float64)
    torch.testing.assert_close(found[has_positive], expected)
    torch.testing.assert_close(
        torch.autograd.grad((weights * found[has_positive]).sum(), scores)[0],
        torch.autograd.grad((weights * expected).sum(), scores)[0],
    )

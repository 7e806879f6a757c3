"""Losses of scores with their gradient in one step each; loads torch, which pages must not.

Written out because autograd keeps a matrix for every operation on the way, and walks back through each of them.
"""

from __future__ import annotations

from math import cos, sin
from typing import Any

import torch
from torch import Tensor

from core.batch.mined import NOTHING


class CrossEntropies(torch.autograd.Function):
    """Cross-entropy of scores to classes, with a score of its own for the class of each sample."""

    @staticmethod
    def forward(context: Any, scores: Tensor, labels: Tensor, own: Tensor, scale: float) -> Tensor:  # type: ignore[override]
        """(N, C), (N,), (N,) -> cross-entropies (N,) of scale * scores, with `own` in each sample's own class."""
        places = labels[:, None]
        logs = (scale * scores).scatter_(1, places, scale * own[:, None]).log_softmax(1)
        context.save_for_backward(logs, places)
        context.scale = scale
        return -logs.gather(1, places).squeeze(1)

    @staticmethod
    def backward(context: Any, gradient: Tensor) -> Any:  # type: ignore[override]
        """Softmax minus one-hot, in the memory of the probabilities."""
        logs, places = context.saved_tensors
        weight = (context.scale * gradient)[:, None]
        slopes = logs.exp().mul_(weight)
        own = slopes.gather(1, places) - weight
        return slopes.scatter_(1, places, 0.0), None, own.squeeze(1), None


class Widened(torch.autograd.Function):
    """The cosine of an angle made wider by a margin, continued by a straight line beyond pi."""

    @staticmethod
    def forward(context: Any, cosines: Tensor, margin: float) -> Tensor:  # type: ignore[override]
        """(N,) -> cos(angle + margin), and beyond pi cos(angle) - margin sin(margin).

        The slope of the root is infinite where an angle is 0 or pi; there that of the sine is taken as 0.
        """
        least = torch.finfo(cosines.dtype).eps
        squares = 1 - cosines.square()
        sines = squares.clamp_min(least).sqrt()
        is_within = cosines > -cos(margin)
        slopes = torch.where(squares < least, cos(margin), cos(margin) + sin(margin) * cosines / sines)
        context.save_for_backward(torch.where(is_within, slopes, 1.0))
        return torch.where(is_within, cos(margin) * cosines - sin(margin) * sines, cosines - margin * sin(margin))

    @staticmethod
    def backward(context: Any, gradient: Tensor) -> Any:  # type: ignore[override]
        """Scale the slopes that `forward` has kept."""
        (slopes,) = context.saved_tensors
        return slopes * gradient, None


class Contrasts(torch.autograd.Function):
    """How surely each row picks its positives out of all it takes: InfoNCE with several positives."""

    @staticmethod
    def forward(context: Any, scores: Tensor, positive: Tensor, negative: Tensor) -> tuple[Tensor, Tensor]:  # type: ignore[override]
        """(N, N), (N, N) masks -> the mean over a row's positives of -log of their share in the softmax over all that
        the row takes, (N,), and which rows have a positive."""
        taken = positive | negative
        logs = scores.masked_fill(~taken, NOTHING).log_softmax(1)
        counts = positive.sum(1)
        shares = positive / counts.clamp_min(1).to(scores.dtype)[:, None]
        context.save_for_backward(logs, shares)
        has_positive = counts > 0
        context.mark_non_differentiable(has_positive)
        return -(logs * shares).sum(1), has_positive

    @staticmethod
    def backward(context: Any, gradient: Tensor, _: Tensor) -> Any:  # type: ignore[override]
        """Softmax minus the shares of the positives."""
        logs, shares = context.saved_tensors
        return logs.exp().sub_(shares).mul_(gradient[:, None]), None, None

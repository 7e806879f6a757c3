"""The pairs of a batch, summed with their gradient from a matrix of distances or similarities."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from core.batch.mined import NOTHING, Pairs
from core.lazy import torch

if TYPE_CHECKING:
    from torch import Tensor


def hinge_sums(
    distances: Tensor, pairs: Pairs, low: Tensor | float, high: Tensor | float, is_squared: bool
) -> tuple[Tensor, int, int]:
    """(N, N), (N, N) masks, numbers or (N,) by anchor -> the sum of [d - low]_+ over the positive pairs and
    [high - d]_+ over the negative ones (of half their squares if asked), how many there are, how many are above 0.

    The sum carries the gradient of the distances and of the bounds.
    """
    from core.batch import autograd

    ends = [end if isinstance(end, torch.Tensor) else distances.new_full((len(distances),), end) for end in (low, high)]
    total, counts = autograd.Hinges.apply(distances, *pairs, *ends, is_squared)
    count, active = counts.tolist()
    return total, count, active


class RowSums(NamedTuple):
    """Of each anchor's positive and of its negative pairs, (N,) each.

    `log`: of the sum of exp(scale * x), `NOTHING` where there are none. `mean`: of x, each pair weighing
    exp(scale * x), 0 where there are none; its gradient holds these weights constant.
    """

    positive_log: Tensor
    negative_log: Tensor
    positive_mean: Tensor
    negative_mean: Tensor

    @property
    def has_positive(self) -> Tensor:
        """(N,) bool: which anchors have a positive pair."""
        return self.positive_log.detach() > NOTHING

    @property
    def has_negative(self) -> Tensor:
        """(N,) bool: which anchors have a negative pair."""
        return self.negative_log.detach() > NOTHING


def row_sums(matrix: Tensor, pairs: Pairs, positive_scale: float, negative_scale: float) -> RowSums:
    """(N, N), (N, N) masks -> what each row's pairs add up to, for any size of scale * x."""
    from core.batch import autograd

    logs, means = autograd.Rows.apply(matrix, *pairs, positive_scale, negative_scale)
    return RowSums(*logs, *means)


def lifted_sums(distances: Tensor, positive: Tensor, reach: Tensor, is_hard: bool) -> tuple[Tensor, int, int]:
    """(N, N), (N, N) mask, (N,) -> the sum over positive pairs of [d_ij + log(e^r_i + e^r_j)]_+^2 / 2 (hard: with the
    larger of r_i and r_j), how many there are, how many are above 0. It carries both gradients."""
    from core.batch import autograd

    total, counts = autograd.Lifted.apply(distances, positive, reach, is_hard)
    count, active = counts.tolist()
    return total, count, active


def circle_exponents(similarities: Tensor, positive: Tensor, margin: float, scale: float) -> Tensor:
    """(N, N), (N, N) mask -> (N, N): with weights held constant in the gradient, scale * [1 + m - s]_+ (1 - m - s) for
    positive pairs and scale * [s + m]_+ (s - m) for all others."""
    from core.batch import autograd

    return autograd.Circle.apply(similarities, positive, margin, scale)

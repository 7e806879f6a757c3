"""The pairs of a batch, summed with their gradient from a matrix of distances or similarities."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any, NamedTuple

from core.batch.mined import Pairs
from core.lazy import torch

if TYPE_CHECKING:
    from torch import Tensor

# Stands for log 0 where a row takes nothing: a sum or softplus of it is as if the row were not there, without a NaN.
NOTHING = -1e30


def hinge_sums(
    distances: Tensor, pairs: Pairs, low: Tensor | float, high: Tensor | float, is_squared: bool
) -> tuple[Tensor, int, int]:
    """(N, N), (N, N) masks, numbers or (N,) by anchor -> the sum of [d - low]_+ over the positive pairs and
    [high - d]_+ over the negative ones (of half their squares if asked), how many there are, how many are above 0.

    The sum carries the gradient of the distances and of the bounds.
    """
    count = len(distances)
    bounds = [
        bound if isinstance(bound, torch.Tensor) else distances.new_full((count,), bound) for bound in (low, high)
    ]
    total, counts = _functions().Hinges.apply(distances, *pairs, *bounds, is_squared)
    found, active = counts.tolist()
    return total, found, active


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
        return self.positive_log.detach() > NOTHING / 2

    @property
    def has_negative(self) -> Tensor:
        """(N,) bool: which anchors have a negative pair."""
        return self.negative_log.detach() > NOTHING / 2


def row_sums(matrix: Tensor, pairs: Pairs, positive_scale: float, negative_scale: float) -> RowSums:
    """(N, N), (N, N) masks -> what each row's pairs add up to, for any size of scale * x."""
    logs, means = _functions().Rows.apply(matrix, *pairs, positive_scale, negative_scale)
    return RowSums(*logs, *means)


def lifted_sums(distances: Tensor, positive: Tensor, reach: Tensor, is_hard: bool) -> tuple[Tensor, int, int]:
    """(N, N), (N, N) mask, (N,) -> the sum over positive pairs of [d_ij + log(e^r_i + e^r_j)]_+^2 / 2 (hard: with the
    larger of r_i and r_j), how many there are, how many are above 0. It carries both gradients."""
    total, counts = _functions().Lifted.apply(distances, positive, reach, is_hard)
    found, active = counts.tolist()
    return total, found, active


def circle_exponents(similarities: Tensor, positive: Tensor, margin: float, scale: float) -> Tensor:
    """(N, N), (N, N) mask -> (N, N): with weights held constant in the gradient, scale * [1 + m - s]_+ (1 - m - s) for
    positive pairs and scale * [s + m]_+ (s - m) for all others."""
    return _functions().Circle.apply(similarities, positive, margin, scale)


@cache
def _functions() -> Any:
    """Loaded on first use, because a page that reads declarations must not load torch."""
    from core.batch import pair_functions

    return pair_functions

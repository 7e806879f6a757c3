"""What autograd is given from kernels: value and gradient in one step; loads torch and numba, which pages must not.

So whoever needs a function of it imports it where it computes: `from core.batch import autograd` inside a function.
"""

from __future__ import annotations

from math import inf
from typing import Any

import numpy as np
import torch
from torch import Tensor

from core.batch.mined import NOTHING, Band, Pairs
from core.kernels import batch_pairs
from core.kernels.batch_distances import products_to_distances, pull_close_pairs
from core.kernels.batch_triplets import sum_band
from core.kernels.mining import sum_focused

ROWS_AT_ONCE = 256  # of a gradient, so that it needs no further matrix of its own


def _array(tensor: Tensor) -> np.ndarray:
    return tensor.detach().cpu().contiguous().numpy()


def _tensors(device: torch.device, *arrays: np.ndarray) -> list[Tensor]:
    return [torch.from_numpy(array).to(device) for array in arrays]


class EuclideanMatrix(torch.autograd.Function):
    """Euclidean distances from one product, close pairs from direct differences."""

    @staticmethod
    def forward(context: Any, points: Tensor) -> Tensor:  # type: ignore[override]
        """(N, D) -> (N, N)."""
        points = points.contiguous()
        distances = points @ points.T
        context.has_close = products_to_distances(points.detach().numpy(), distances.detach().numpy())
        context.save_for_backward(points, distances)
        return distances

    @staticmethod
    def backward(context: Any, gradient: Tensor) -> Tensor:  # type: ignore[override]
        """d(d_ij)/dx_i = (x_i - x_j) / d_ij, summed as two matrix products, some rows at a time.

        Where some points are close, the product is of all points moved to their mean, and the pairs that are
        close even beside their distance from there are taken one by one.
        """
        points, distances = context.saved_tensors
        some_close = bool(context.has_close.any())
        moved = points - points.mean(0) if some_close else points
        norms, of_close = moved.square().sum(1), torch.zeros_like(points)
        total, weights = torch.zeros_like(points), torch.zeros_like(points[:, 0])
        for start in range(0, len(points), ROWS_AT_ONCE):
            here = slice(start, start + ROWS_AT_ONCE)
            pull = torch.div(gradient[here], distances[here]).nan_to_num_(0.0, 0.0, 0.0)  # 0 / 0 for equal points
            if some_close:
                block = distances[here].numpy(), pull.numpy(), context.has_close, norms.numpy()
                of_close += torch.from_numpy(pull_close_pairs(points.numpy(), start, *block))
            weights += pull.sum(0)
            weights[here] += pull.sum(1)
            total[here] += pull @ moved
            total.addmm_(pull.T, moved[here])
        return moved * weights[:, None] - total + of_close


class Hinges(torch.autograd.Function):
    """The sum of a hinge for every pair, with the gradients of distances and of both ends."""

    @staticmethod
    def forward(  # type: ignore[override]
        context: Any, distances: Tensor, positive: Tensor, negative: Tensor, low: Tensor, high: Tensor, is_squared: bool
    ) -> tuple[Tensor, Tensor]:
        """(N, N), masks (N, N), ends (N,) -> the sum, and how many pairs there are and are above 0 (2,)."""
        plain = _array(distances)
        near, far = _array(low), _array(high)
        slopes, low_slopes, high_slopes = np.empty_like(plain), np.empty_like(near), np.empty_like(far)
        total, count, active = batch_pairs.sum_hinges(
            plain, _array(positive), _array(negative), near, far, is_squared, slopes, low_slopes, high_slopes
        )
        context.save_for_backward(*_tensors(distances.device, slopes, low_slopes, high_slopes))
        counts = torch.tensor([count, active])
        context.mark_non_differentiable(counts)
        return distances.new_tensor(total), counts

    @staticmethod
    def backward(context: Any, gradient: Tensor, _: Tensor) -> Any:  # type: ignore[override]
        """Scale the slopes that `forward` has kept."""
        slopes, low_slopes, high_slopes = context.saved_tensors
        return slopes * gradient, None, None, low_slopes * gradient, high_slopes * gradient, None


class Rows(torch.autograd.Function):
    """The log of the sum of exponentials of every row, and the mean of its values, for positives and for negatives."""

    @staticmethod
    def forward(  # type: ignore[override]
        context: Any, matrix: Tensor, positive: Tensor, negative: Tensor, positive_scale: float, negative_scale: float
    ) -> tuple[Tensor, Tensor]:
        """Both results are (2, N): positive, negative."""
        plain, is_positive = _array(matrix), _array(positive)
        shares = np.empty_like(plain)
        tops, sums, means = (np.empty((2, len(plain)), plain.dtype) for _ in range(3))
        batch_pairs.fill_exponents(plain, is_positive, _array(negative), positive_scale, negative_scale, shares, tops)
        torch.from_numpy(shares).exp_()
        batch_pairs.share_out(plain, is_positive, shares, sums, means)
        summed = torch.from_numpy(sums)
        logs = torch.where(summed > 0, summed.log() + torch.from_numpy(tops), NOTHING)
        context.save_for_backward(torch.from_numpy(shares), positive)
        context.scales = summed.new_tensor([[positive_scale], [negative_scale]])
        return logs.to(matrix.device), torch.from_numpy(means).to(matrix.device)

    @staticmethod
    def backward(context: Any, logs: Tensor, means: Tensor) -> Any:  # type: ignore[override]
        """Hand each row's gradient on by the shares of its softmax, in place of the matrices of all steps."""
        shares, positive = context.saved_tensors
        slopes = torch.empty_like(shares)
        rows = context.scales * logs.cpu() + means.cpu()
        batch_pairs.spread(shares.numpy(), _array(positive), _array(rows), slopes.numpy())
        return slopes.to(logs.device), None, None, None, None


class Lifted(torch.autograd.Function):
    """The sum of a hinge over the pairs of one class that looks from the pair at the reach of both its ends."""

    @staticmethod
    def forward(  # type: ignore[override]
        context: Any, distances: Tensor, positive: Tensor, reach: Tensor, is_hard: bool
    ) -> tuple[Tensor, Tensor]:
        """(N, N), mask (N, N), (N,) -> the sum, and how many pairs there are and are above 0 (2,)."""
        plain = _array(distances)
        ends = _array(reach)
        slopes, reach_slopes = np.empty_like(plain), np.empty_like(ends)
        total, count, active = batch_pairs.sum_lifted(plain, _array(positive), ends, is_hard, slopes, reach_slopes)
        context.save_for_backward(*_tensors(distances.device, slopes, reach_slopes))
        counts = torch.tensor([count, active])
        context.mark_non_differentiable(counts)
        return distances.new_tensor(total), counts

    @staticmethod
    def backward(context: Any, gradient: Tensor, _: Tensor) -> Any:  # type: ignore[override]
        """Scale the slopes that `forward` has kept."""
        slopes, reach_slopes = context.saved_tensors
        return slopes * gradient, None, reach_slopes * gradient, None


class Circle(torch.autograd.Function):
    """The exponents of circle loss, whose weights carry no gradient."""

    @staticmethod
    def forward(  # type: ignore[override]
        context: Any, similarities: Tensor, positive: Tensor, margin: float, scale: float
    ) -> Tensor:
        """(N, N), mask (N, N) -> (N, N)."""
        plain = _array(similarities)
        exponents, slopes = np.empty_like(plain), np.empty_like(plain)
        batch_pairs.fill_circle(plain, _array(positive), margin, scale, exponents, slopes)
        exponents_of, slopes_of = _tensors(similarities.device, exponents, slopes)
        context.save_for_backward(slopes_of)
        return exponents_of

    @staticmethod
    def backward(context: Any, gradient: Tensor) -> Any:  # type: ignore[override]
        """Scale the slopes that `forward` has kept."""
        (slopes,) = context.saved_tensors
        return slopes * gradient, None, None, None


class TripletSums(torch.autograd.Function):
    """The sum over all triplets of a rule, or between mined pairs."""

    @staticmethod
    def forward(  # type: ignore[override]
        context: Any, distances: Tensor, labels: Tensor, mined: Band | Pairs, margin: float | None
    ) -> tuple[Tensor, Tensor]:
        """(N, N), (N,) -> the sum, and how many triplets there are and are above 0 (2,)."""
        plain = distances.detach().cpu().contiguous()
        slopes = torch.empty_like(plain)
        rows = plain.numpy(), labels.cpu().numpy()
        pairs = mined if isinstance(mined, Pairs) else Pairs(*torch.zeros(2, 0, 0, dtype=torch.bool))
        band = mined if isinstance(mined, Band) else Band(-inf, inf)
        rule = band.low, band.high, margin or 0.0, margin is None
        if band.focus:
            total, count, active = sum_focused(*rows, *rule, band.focus, band.temperature, slopes.numpy())
        else:
            positive, negative = (mask.cpu().contiguous().numpy() for mask in pairs)
            total, count, active = sum_band(*rows, *rule, positive, negative, slopes.numpy())
        context.slopes = slopes
        counts = torch.tensor([count, active])
        context.mark_non_differentiable(counts)
        return distances.new_tensor(total), counts

    @staticmethod
    def backward(context: Any, gradient: Tensor, _: Tensor) -> tuple[Tensor, None, None, None]:  # type: ignore[override]
        """Scale the slopes that `forward` has kept."""
        slopes, context.slopes = context.slopes, None  # used once, so it may be overwritten
        return slopes.to(gradient.device).mul_(gradient), None, None, None

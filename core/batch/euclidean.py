"""The matrix of Euclidean distances of a batch with its gradient, what nearly every loss stands on, and its points."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any

from core.lazy import torch

if TYPE_CHECKING:
    from torch import Tensor

ROWS_AT_ONCE = 256  # of a gradient, so that it needs no further matrix of its own


def euclidean_matrix(embeddings: Tensor) -> Tensor:
    """(N, D) -> (N, N), differentiable once; equal rows are exactly 0 apart, and there the gradient is 0.

    On the CPU in float32 the matrix product gives the squares, and those that it would leave with few digits (close
    points) are added up again from direct differences: a distance is off by at most about 1e-4 of itself, and as much
    what its pair adds to the gradient, where close points are compared directly, too. In float64 and on other devices
    all of them are direct differences.
    """
    if embeddings.device.type == "cpu" and embeddings.dtype == torch.float32:
        return _from_product().apply(embeddings)
    return torch.cdist(embeddings, embeddings, compute_mode="donot_use_mm_for_euclid_dist")


def unit_rows(embeddings: Tensor) -> Tensor:
    """(N, D) -> each row divided by its length, a row of zeros left as it is; gradients are finite everywhere."""
    lengths = torch.linalg.vector_norm(embeddings, dim=1, keepdim=True)
    return embeddings / torch.where(lengths > 0, lengths, 1)


def shared_by_equal(values: Tensor, points: Tensor) -> Tensor:
    """(N, K), (N, D) -> the values, for equal points exactly those of the first; each keeps its own gradient.

    A matrix product may round the same row differently in different places.
    """
    _, place = torch.unique(points.detach(), dim=0, return_inverse=True)
    rows = torch.arange(len(points), device=points.device)
    first = torch.full_like(rows, len(rows)).scatter_reduce(0, place, rows, "amin")[place]
    constant = values.detach()
    return constant[first] + (values - constant)  # plus 0, which carries the gradient


@cache
def _from_product() -> Any:
    """Made on first use, because a page that reads declarations must not load torch."""
    from core.kernels.batch_distances import products_to_distances, pull_close_pairs

    class FromProduct(torch.autograd.Function):
        @staticmethod
        def forward(context: Any, points: Tensor) -> Tensor:  # type: ignore[override]
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

    return FromProduct

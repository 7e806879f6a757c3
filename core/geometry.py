"""The matrix of Euclidean distances of a batch with its gradient: what nearly every loss stands on."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any

from core.lazy import torch

if TYPE_CHECKING:
    from torch import Tensor


def euclidean_matrix(embeddings: Tensor) -> Tensor:
    """(N, D) -> (N, N), differentiable once; equal rows are exactly 0 apart, and there the gradient is 0.

    On the CPU in float32 the matrix product gives the squares, and those that it would leave with few digits (close
    points) are added up again from direct differences: a distance is off by at most about 1e-4 of itself. In float64
    and on other devices all of them are direct differences.
    """
    if embeddings.device.type == "cpu" and embeddings.dtype == torch.float32:
        return _from_product().apply(embeddings)
    return torch.cdist(embeddings, embeddings, compute_mode="donot_use_mm_for_euclid_dist")


@cache
def _from_product() -> Any:
    """Made on first use, because a page that reads declarations must not load torch."""
    from core.distance_kernels import products_to_distances

    class FromProduct(torch.autograd.Function):
        @staticmethod
        def forward(context: Any, points: Tensor) -> Tensor:  # type: ignore[override]
            points = points.contiguous()
            distances = points @ points.T
            products_to_distances(points.detach().numpy(), distances.detach().numpy())
            context.save_for_backward(points, distances)
            return distances

        @staticmethod
        def backward(context: Any, gradient: Tensor) -> Tensor:  # type: ignore[override]
            """d(d_ij)/dx_i = (x_i - x_j) / d_ij, summed as two matrix products."""
            points, distances = context.saved_tensors
            pull = torch.div(gradient, distances).nan_to_num_(0.0, 0.0, 0.0)  # 0 / 0 where points coincide
            return points * (pull.sum(0) + pull.sum(1))[:, None] - pull @ points - pull.T @ points

    return FromProduct

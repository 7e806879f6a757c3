"""The matrix of Euclidean distances of a batch with its gradient, what nearly every loss stands on, and its points."""

from __future__ import annotations

from typing import TYPE_CHECKING

from core.lazy import torch

if TYPE_CHECKING:
    from torch import Tensor


def euclidean_matrix(embeddings: Tensor) -> Tensor:
    """(N, D) -> (N, N), differentiable once; equal rows are exactly 0 apart, and there the gradient is 0.

    On the CPU in float32 the matrix product gives the squares, and those that it would leave with few digits (close
    points) are added up again from direct differences: a distance is off by at most about 1e-4 of itself, and as much
    what its pair adds to the gradient, where close points are compared directly, too. In float64 and on other devices
    all of them are direct differences.
    """
    if embeddings.device.type == "cpu" and embeddings.dtype == torch.float32:
        from core.batch import autograd

        return autograd.EuclideanMatrix.apply(embeddings)
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

"""Distances between the rows of two tensors, differentiable; smaller is closer."""

from __future__ import annotations

from typing import TYPE_CHECKING

from core.lazy import torch

if TYPE_CHECKING:
    from torch import Tensor


def euclidean(first: Tensor, second: Tensor) -> Tensor:
    """(N, D), (M, D) -> (N, M), by direct differences, so that equal rows are exactly 0 apart.

    Where two rows coincide the gradient is 0: any direction would be as good.
    """
    return torch.cdist(first, second, compute_mode="donot_use_mm_for_euclid_dist")


def distances_of(embeddings: Tensor, squared: bool) -> Tensor:
    """(N, D) -> (N, N) Euclidean distances, or their squares (then the triangle inequality does not hold)."""
    distances = euclidean(embeddings, embeddings)
    return distances.square() if squared else distances

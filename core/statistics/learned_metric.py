"""The Mahalanobis metric that a linear map is: d(x, y)^2 = (x - y)^T M (x - y) with M = W^T W."""

from __future__ import annotations

import numpy as np

MOST_NUMBERS = 512  # of a sample, up to which snapshots keep W: a matrix of more cells than a screen has is no picture


def metric_of(linear_map: np.ndarray) -> np.ndarray:
    """W (K, D) -> M (D, D) float64, symmetric; 0 where no direction counts."""
    wide = linear_map.astype(np.float64)
    product = wide.T @ wide
    return (product + product.T) / 2


def spectrum_of(linear_map: np.ndarray) -> np.ndarray:
    """W (K, D) -> the eigenvalues of M (D,), largest first: the squared stretch along each axis of the metric. Those
    beyond the rank of W are exactly 0."""
    rows, size = linear_map.shape
    stretches = np.linalg.svd(linear_map.astype(np.float64), compute_uv=False)
    return np.concatenate([stretches**2, np.zeros(size - min(rows, size))])


def effective_directions(eigenvalues: np.ndarray) -> float:
    """(D,) eigenvalues -> how many directions the metric looks along: e to the entropy of their shares (Roy and
    Vetterli 2007); 0 where all are 0."""
    shares = eigenvalues[eigenvalues > 0] / max(eigenvalues.sum(), 1e-300)
    return float(np.exp(-(shares * np.log(shares)).sum())) if len(shares) else 0.0

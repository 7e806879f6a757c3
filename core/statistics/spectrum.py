"""How the embeddings of a snapshot fill their space: what tells a healthy space from a collapsed one."""

from __future__ import annotations

import numpy as np


def spectrum(embeddings: np.ndarray, labels: np.ndarray) -> dict[str, float]:
    """(N, D), (N,) -> numbers of the whole cloud, in float64 and without any pair of points.

    - `spread`: the root of the mean squared Euclidean distance of two different points. Points spread evenly over the
      unit sphere have sqrt(2 N / (N - 1)); 0 means that all of them are one point.
    - `spread_within`: the same over pairs of one class; every pair counts alike, so large classes count for more.
    - `effective_rank`: exp of the entropy of the shares that the principal axes have in the variance (Roy and Vetterli
      2007), from 1 for a line to D for a ball; 0 where all points are one.
    - `rank_share`: the effective rank over the most it can be, min(N - 1, D): few points cannot fill many dimensions.
    """
    points = embeddings.astype(np.float64)
    count, dimension = points.shape
    centred = points - points.mean(axis=0)
    variances = np.linalg.eigvalsh(centred.T @ centred).clip(min=0)
    shares = variances / max(variances.sum(), np.finfo(np.float64).tiny)
    entropy = -(shares[shares > 0] * np.log(shares[shares > 0])).sum()
    rank = float(np.exp(entropy)) if shares.any() else 0.0
    return {
        "spread": float(np.sqrt(2 * variances.sum() / max(count - 1, 1))),
        "spread_within": _spread_within(points, labels),
        "effective_rank": rank,
        "rank_share": rank / max(min(count - 1, dimension), 1),
    }


def _spread_within(points: np.ndarray, labels: np.ndarray) -> float:
    """The sum of squared distances of all ordered pairs of n points is 2 n times their summed squared deviation."""
    squares, pairs = 0.0, 0
    for label in np.unique(labels):
        own = points[labels == label]
        squares += 2 * len(own) * float(np.square(own - own.mean(axis=0)).sum())
        pairs += len(own) * (len(own) - 1)
    return float(np.sqrt(squares / max(pairs, 1)))

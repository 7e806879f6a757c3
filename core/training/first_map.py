"""Where a linear encoder begins: a matrix that needs no training, which learning then bends.

Why not at random: measured on PCA-64 of the pixels of faces and of pictograms, identities held out, five losses each. A
matrix whitened within classes ended higher than principal axes in all ten, by .005 to .114 (faces,
multi-similarity: MAP@R .777 beside .673; the vectors alone .622, LDA .746), and principal axes ended higher than random
rows in all of fourteen, by .006 to .039.
"""

from __future__ import annotations

import numpy as np

from core.encoders.linear import PRINCIPAL_AXES, RANDOM
from core.statistics.baselines import principal_axes
from core.statistics.scatter import discriminant_axes

LEAST = 1e-6  # of the largest deviation, below which points have none in a direction


def first_map(begins: str, points: np.ndarray, labels: np.ndarray, dimension: int) -> np.ndarray | None:
    """(T, D) training points as they come to the encoder, (T,) labels -> at most `dimension` rows (K, D) float32, whose
    squared lengths are 1 on average; None where the rows are drawn.

    Principal axes: orthonormal rows, so that all of them keep every distance. Within classes: those axes of
    `discriminant_axes`, in the space that the points span, since nothing is known beyond. Raises ValueError where no
    class has two different points to learn such axes from.
    """
    if begins == RANDOM:
        return None
    if begins == PRINCIPAL_AXES:
        return principal_axes(points, dimension).astype(np.float32)
    basis = _span(points - points.mean(axis=0))
    rows = discriminant_axes(points @ basis.T, labels, dimension) @ basis
    if not len(rows):
        raise ValueError(
            f"begins must be {PRINCIPAL_AXES} or {RANDOM} where no class has two different samples to train on, got "
            f"{begins}. Choose one of these."
        )
    return (rows / np.sqrt((rows**2).sum() / len(rows))).astype(np.float32)


def _span(centred: np.ndarray) -> np.ndarray:
    """(T, D) of mean 0 -> orthonormal rows (K, D) of all directions in which they differ."""
    if len(centred) > centred.shape[1]:
        return np.eye(centred.shape[1])
    _, deviations, axes = np.linalg.svd(centred.astype(np.float64), full_matrices=False)
    return axes[deviations > LEAST * deviations.max(initial=0.0)]

"""Linear maps that need no training, from the scatter of labelled points: PCA whitening, LDA and WCCN.

Each stands on a covariance that must have an inverse, also where there are fewer points than dimensions. One rule for
all three: of a sample covariance S over D dimensions, (1 - a) S + a tr(S) / D I, with the share a that Ledoit and Wolf
2004 ("A well-conditioned estimator for large-dimensional covariance matrices") find least wrong on average. With many
points a is near 0.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

LEAST = 1e-12  # of the largest variance, below which a direction has none


class Covariance(NamedTuple):
    """`matrix` (D, D) as it was measured, divided by the number of points; `share` of the identity that it is given."""

    matrix: np.ndarray
    share: float

    @property
    def regularised(self) -> np.ndarray:
        """(D, D), with an inverse unless all points are one."""
        size = len(self.matrix)
        plain = np.trace(self.matrix) / size * np.eye(size)
        return (1 - self.share) * self.matrix + self.share * plain


def covariance(deviations: np.ndarray) -> Covariance:
    """(T, D) deviations from a mean -> their covariance and Ledoit and Wolf's share.

    The share is b^2 / d^2 in their words: b^2 is how much the products of single points scatter around S, divided by T,
    and d^2 how far S is from the multiple of the identity.
    """
    count, size = deviations.shape
    matrix = deviations.T @ deviations / count
    from_plain = (matrix**2).sum() - np.trace(matrix) ** 2 / size
    if from_plain <= 0:
        return Covariance(matrix, 0.0)
    lengths = (deviations**2).sum(axis=1)
    scatter = ((lengths**2).mean() - (matrix**2).sum()) / count
    return Covariance(matrix, float(np.clip(scatter / from_plain, 0.0, 1.0)))


def within_classes(points: np.ndarray, labels: np.ndarray) -> np.ndarray:
    """(T, D), (T,) -> each point's deviation from the mean of its class, (T, D) float64."""
    _, place, sizes = np.unique(labels, return_inverse=True, return_counts=True)
    sums = np.zeros((len(sizes), points.shape[1]))
    np.add.at(sums, place.reshape(-1), points)
    return points - (sums / sizes[:, None])[place.reshape(-1)]


def pca_whitening(points: np.ndarray, dimension: int) -> np.ndarray:
    """(T, D) -> rows of at most `dimension` principal axes, each divided by the deviation along it, (K, D)."""
    centred = points - points.mean(axis=0, dtype=np.float64)
    return _whitening(covariance(centred).regularised)[:dimension]


def wccn(points: np.ndarray, labels: np.ndarray) -> np.ndarray:
    """(T, D), (T,) -> within-class covariance normalisation (Hatch, Kajarekar and Stolcke 2006): the map (K, D) after
    which points deviate from the means of their classes alike in every direction."""
    return _whitening(covariance(within_classes(points, labels)).regularised)


def lda(points: np.ndarray, labels: np.ndarray, dimension: int) -> np.ndarray:
    """(T, D), (T,) -> linear discriminant analysis (Fisher 1936, Rao 1948): the at most `dimension` directions, one
    fewer than classes, in which class means differ most as seen from within the classes, (K, D).

    The regularised covariance within the classes is the identity after it.
    """
    within = covariance(within_classes(points, labels))
    centred = points - points.mean(axis=0, dtype=np.float64)
    between = centred.T @ centred / len(centred) - within.matrix
    plain = _whitening(within.regularised)
    axes = np.linalg.eigh(plain @ between @ plain.T)[1].T[::-1]
    return axes[: min(dimension, len(np.unique(labels)) - 1)] @ plain


def discriminant_axes(points: np.ndarray, labels: np.ndarray, dimension: int) -> np.ndarray:
    """(T, D), (T,) -> `wccn` turned so that the directions of largest variance come first, at most `dimension` of them,
    (K, D): with all of them distances are those of WCCN, and the first are nearly those of LDA."""
    plain = wccn(points, labels)
    centred = (points - points.mean(axis=0, dtype=np.float64)) @ plain.T
    return np.linalg.eigh(centred.T @ centred)[1].T[::-1][:dimension] @ plain


def _whitening(matrix: np.ndarray) -> np.ndarray:
    """(D, D) symmetric -> the map (K, D) that makes it the identity, largest variance first, without directions that
    have none."""
    variances, axes = np.linalg.eigh(matrix)
    variances, axes = variances[::-1], axes.T[::-1]
    kept = variances > LEAST * max(variances[0], 0.0)
    return axes[kept] / np.sqrt(variances[kept])[:, None]

"""Every distance as scipy has it, for the tests to compare with."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
from scipy.spatial.distance import cdist

from core.distances import (
    DISTANCES,
    Chebyshev,
    Cosine,
    DotProduct,
    Euclidean,
    Hamming,
    Mahalanobis,
    Manhattan,
    Minkowski,
    SquaredEuclidean,
    StandardisedEuclidean,
)
from core.distances.base import Distance

VARIANTS: list[Distance] = [kind() for kind in DISTANCES.values()] + [
    Minkowski(p=1.0),
    Minkowski(p=1.5),
    Minkowski(p=2.0),
    Minkowski(p=10.0),
    Mahalanobis(ridge=0.5),
]
Rows = Sequence[Sequence[float]]


def dot_product(rows: Rows) -> list[list[float]]:
    """Scipy has no dot product."""
    return [[-sum(a * b for a, b in zip(first, second, strict=True)) for second in rows] for first in rows]


def mahalanobis(points: np.ndarray, ridge: float) -> np.ndarray:
    """Scipy is given the inverse, which it would otherwise take of the covariance without a ridge."""
    covariance = np.atleast_2d(np.cov(points.T))
    covariance += ridge * np.trace(covariance) / len(covariance) * np.eye(len(covariance))
    return cdist(points, points, "mahalanobis", VI=np.linalg.inv(covariance))


def by_scipy(distance: Distance, points: np.ndarray) -> np.ndarray:
    """(N, D) float64 -> (N, N) by scipy, by a loop where scipy has none; of a distance that is not named here by the
    formula for the snippet."""
    tables: dict[type[Distance], Callable[[], np.ndarray]] = {
        Euclidean: lambda: cdist(points, points, "euclidean"),
        SquaredEuclidean: lambda: cdist(points, points, "sqeuclidean"),
        Cosine: lambda: cdist(points, points, "cosine"),
        DotProduct: lambda: np.array(dot_product(points.tolist())),
        Manhattan: lambda: cdist(points, points, "cityblock"),
        Chebyshev: lambda: cdist(points, points, "chebyshev"),
        Minkowski: lambda: cdist(points, points, "minkowski", p=distance.p),  # type: ignore[attr-defined]
        StandardisedEuclidean: lambda: cdist(points, points, "seuclidean", V=points.var(axis=0, ddof=1)),
        Mahalanobis: lambda: mahalanobis(points, distance.ridge),  # type: ignore[attr-defined]
        Hamming: lambda: cdist(points < 0, points < 0, "hamming"),
    }
    if type(distance) not in tables:
        assert distance.in_numpy is not None, f"name {distance.name} above: no formula of two points stands in"
        formula = distance.in_numpy.format(**distance.described())
        return eval(formula, {"np": np, "unit": unit, "first": points[:, None], "second": points[None]})
    return tables[type(distance)]()


def unit(points: np.ndarray) -> np.ndarray:
    """Scaled to length 1; the zero vector stays."""
    lengths = np.linalg.norm(points, axis=-1, keepdims=True)
    return points / np.where(lengths > 0, lengths, 1)

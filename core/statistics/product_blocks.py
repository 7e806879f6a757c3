"""Rows of distances by matrix products, with a bound on how far they are off from the exact ones of distance_blocks.py.

Of points moved to their mean. With u one rounding as a share (2^-53 in float64), points of lengths a and b from there
and D dimensions, a square is off by less than u (2 D + 7) (a + b)^2 for moving, squaring, multiplying and adding up,
the exact one's own roundings included. As b <= a + d, that is at most `share` * (2 a + d)^2 at a distance of d from a
point of length a: tight also where another point lies far out. Whole numbers (or those in steps of a power of two) are
not moved, and where all products fit the digits, nothing is off at all.
"""

from __future__ import annotations

import threading
from typing import NamedTuple

import numpy as np

from core.distances import SQUARED_EUCLIDEAN
from core.kernels.products import to_distances, to_squares
from core.statistics import distance_blocks
from core.statistics.distance_blocks import DistanceRows
from core.statistics.rounding import rough_error

LARGEST_NORM = 1e37  # of which float32 has room for the squared distance of two such points
STEPS = (1.0, 256.0, 65_536.0)  # to one, in which points may be whole numbers


class Reach(NamedTuple):
    """How far distances of one row may be off: `share` as above, whether they are roots, and the lengths (B,)."""

    share: float
    rooted: bool
    lengths: np.ndarray

    def of(self, these: slice | np.ndarray) -> Reach:
        """That of some of the rows."""
        return self._replace(lengths=self.lengths[these])


class ProductRows:
    """Rows of the Euclidean distances of points (N, D), or of their squares, float64; safe to share between threads.

    `points` are moved to their mean, with the squared lengths `norms` (N,); `share` says how far squares may be off.
    """

    def __init__(self, points: np.ndarray, *, rooted: bool) -> None:
        plain = np.asarray(points, dtype=np.float64)
        is_whole = _is_whole(plain)
        self.points = plain if is_whole else plain - plain.mean(axis=0)
        self.norms = np.einsum("nd,nd->n", self.points, self.points)
        self._rooted = rooted
        self.share = 0.0 if is_whole else (points.shape[1] + 8) * np.finfo(np.float64).eps
        # Where squares vanish or have no end, products say nothing.
        self.are_usable = is_whole or bool(1e-280 < self.norms.max() < 1e300)

    def block(self, rows: np.ndarray, out: np.ndarray) -> Reach:
        """Fill `out` (B, N) with these rows (B,) of the distances; how far off they may be."""
        np.matmul(self.points[rows], self.points.T, out=out)
        to_distances(out, self.norms[rows], self.norms, self._rooted)
        return Reach(self.share, self._rooted, np.sqrt(self.norms[rows]))


class RoughRows:
    """Rows of the squared Euclidean distances of points (N, D), float32; safe to share between threads.

    A square is off by less than 6e-8 * (2 (D + 2) |x| |y| + 8 (|x| + |y|)^2), in practice some 1e-6 for points of unit
    length. Up to DIRECT_LIMIT points, and where float32 has no room for them, they are exact and in float64
    (`is_exact`).
    """

    def __init__(self, points: np.ndarray) -> None:
        centred = np.subtract(points, points.mean(axis=0, dtype=np.float64), dtype=np.float64)
        norms = np.einsum("nd,nd->n", centred, centred)
        self.is_exact = len(points) <= distance_blocks.DIRECT_LIMIT or not norms.max() < LARGEST_NORM
        self._exact = DistanceRows(points, SQUARED_EUCLIDEAN) if self.is_exact else None
        # What float32 leaves open the points decide, as short as they are: many are fetched for it.
        kind = np.float32 if points.dtype == np.float32 and not self.is_exact else np.float64
        self.points = np.ascontiguousarray(points, dtype=kind)
        with np.errstate(over="ignore"):  # where they have no room they are not used
            self._moved, self._norms = centred.astype(np.float32), norms.astype(np.float32)
        self._columns, self._lengths = np.ascontiguousarray(self._moved.T), np.sqrt(norms)
        self._memory = threading.local()  # a block of each thread's own

    def block(self, rows: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """The squares (B, N) in these rows (B,), until this thread asks for the next ones, and how much those of each
        may be off (B,)."""
        if self._exact is not None:
            return self._exact.of(rows), np.zeros(len(rows))
        if len(getattr(self._memory, "block", ())) < len(rows):
            self._memory.block = np.empty((len(rows), len(self._norms)), np.float32)
        products = np.matmul(self._moved[rows], self._columns, out=self._memory.block[: len(rows)])
        to_squares(products, self._norms[rows], self._norms)
        return products, rough_error(self._lengths[rows], self._lengths.max(), self._moved.shape[1])


def _is_whole(points: np.ndarray) -> bool:
    """Whether these (N, D) are whole numbers of some step, and sums of their squares and products exact."""
    for step in STEPS:
        if _are_whole(points[:1] * step) and _are_whole(scaled := points * step):
            return points.shape[1] * (2 * np.abs(scaled).max()) ** 2 < 2**53
    return False


def _are_whole(values: np.ndarray) -> bool:
    return bool((values == np.rint(values)).all())

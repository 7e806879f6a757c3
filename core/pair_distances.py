"""Distances between all points of a snapshot, and of all its pairs.

The distance is Euclidean and unsquared; `squared=True` leaves the square root out. Precision, in two steps:

- Up to DIRECT_LIMIT points: direct differences of the given values, squared and added up dimension by dimension in
  float64. A distance then depends on its two points alone, so duplicates and ties are exact, the matrix is symmetric,
  and the result equals a plain loop over the dimensions bit for bit.
- Above: the matrix product in float32, of the points moved to their mean, in blocks of rows. A squared distance is off
  by at most about (D + 8) * 1.2e-7 * (|x| + |y|)^2, in practice some 1e-6 for points of unit length. A count can be
  wrong only by the pairs or triplets whose two compared numbers are closer together than that. Equal points still have
  equal distances, because they share one row of the product.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numba import njit

DIRECT_LIMIT = 2048
_ROUND_NUMBERS = np.array([1, 1.5, 2, 3, 4, 5, 6, 8, 10])


def distance_matrix(embeddings: np.ndarray, *, squared: bool = False) -> np.ndarray:
    """(N, D) -> (N, N) float64 by direct differences, whatever N: meant for at most DIRECT_LIMIT points."""
    distances = np.empty((len(embeddings), len(embeddings)))
    _direct_distances(np.ascontiguousarray(embeddings.T, dtype=np.float64), distances)
    return distances if squared else np.sqrt(distances, out=distances)


class DistanceRows:
    """Any rows of the (N, N) matrix of distances, by the rule of this module; safe to share between threads."""

    def __init__(self, embeddings: np.ndarray, *, squared: bool = False) -> None:
        self._squared = squared
        self._matrix: np.ndarray | None = None
        if len(embeddings) <= DIRECT_LIMIT:
            self._matrix = distance_matrix(embeddings, squared=squared)
            return
        distinct, self._place = distinct_points(embeddings)
        centred = distinct - distinct.mean(axis=0, dtype=np.float64)
        self._points = centred.astype(np.float32)
        self._norms = np.einsum("nd,nd->n", self._points, self._points)
        if not self._norms.max() < 1e37:
            raise ValueError(
                f"embeddings must be below 1e18 to be compared in float32, got {np.abs(centred).max():.3g}. Scale them."
            )

    def block(self, start: int, stop: int) -> np.ndarray:
        """Rows start to stop, (B, N): float64 up to DIRECT_LIMIT points, float32 above."""
        if self._matrix is not None:
            return self._matrix[start:stop]
        rows = np.arange(start, stop) if self._place is None else self._place[start:stop]
        products = self._points[rows] @ self._points.T
        _products_to_distances(products, rows, self._norms, self._squared)
        return products if self._place is None else np.take(products, self._place, axis=1)


def distance_blocks(
    embeddings: np.ndarray, rows: int = 512, *, squared: bool = False
) -> Iterator[tuple[int, np.ndarray]]:
    """(N, D) -> the first row of each block and its distances to all points (B, N).

    Equal points have equal distances within a row. Above DIRECT_LIMIT points a distance may differ in its last digit
    from the same one seen from the other end.
    """
    distances = DistanceRows(embeddings, squared=squared)
    for start in range(0, len(embeddings), rows):
        yield start, distances.block(start, min(start + rows, len(embeddings)))


def distinct_points(embeddings: np.ndarray) -> tuple[np.ndarray, np.ndarray | None]:
    """(N, D) -> the distinct rows (U, D) and the place (N,) of each point among them; None when all differ.

    Hashing the bits first is what makes the usual answer, no duplicates, nearly free.
    """
    floating = np.float32 if embeddings.dtype == np.float32 else np.float64
    plain = np.ascontiguousarray(embeddings, dtype=floating) + 0  # makes -0.0 the same bits as 0.0
    words = plain.view(np.uint32).astype(np.uint64)
    odd = np.random.default_rng(0).integers(1 << 62, size=words.shape[1], dtype=np.uint64) * 2 + 1
    if len(np.unique(((words + odd) * odd).sum(axis=1, dtype=np.uint64))) == len(plain):
        return plain, None
    distinct, place = np.unique(plain, axis=0, return_inverse=True)
    return (plain, None) if len(distinct) == len(plain) else (distinct, place.reshape(-1))


@dataclass(frozen=True)
class PairDistances:
    """The distances of all unordered pairs, each (P,) and ascending: same class, and different classes."""

    positive: np.ndarray
    negative: np.ndarray


def pair_distances(embeddings: np.ndarray, labels: np.ndarray, distances: np.ndarray | None = None) -> PairDistances:
    """(N, D), (N,) -> the N (N - 1) / 2 pair distances, sorted; `distances` is the (N, N) matrix where it is at hand.

    float64 up to DIRECT_LIMIT points, float32 above.
    """
    class_sizes = np.unique(labels, return_counts=True)[1].astype(np.int64)
    positive_count = int((class_sizes * (class_sizes - 1) // 2).sum())
    negative_count = len(labels) * (len(labels) - 1) // 2 - positive_count
    if distances is None and len(labels) <= DIRECT_LIMIT:
        distances = distance_matrix(embeddings)
    if distances is not None:
        order, place, blocks = np.arange(len(labels)), np.arange(len(labels)), iter([(0, distances)])
    else:
        distinct, place_of = distinct_points(embeddings)
        place = np.arange(len(labels)) if place_of is None else place_of
        order = np.argsort(place, kind="stable")
        blocks = distance_blocks(distinct)
    dtype = np.float32 if distances is None else distances.dtype
    # One slot more than needed, because the kernel writes every distance to both and advances one.
    positive, negative = np.empty(positive_count + 1, dtype), np.empty(negative_count + 1, dtype)
    ends = (0, 0, 0)
    for start, block in blocks:
        ends = _split_pairs(block, start, place[order], labels[order], positive, negative, *ends)
    positive, negative = positive[:-1], negative[:-1]
    positive.sort()
    negative.sort()
    return PairDistances(positive, negative)


def histogram(pairs: PairDistances, edges: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Pairs, (S + 1,) ascending edges -> counts of positive and negative pairs per bin, (S,) int64 each.

    Bins are (edge, next edge], and the first also holds what equals the first edge: the running sum at an edge is
    exactly the number of pairs at a distance <= that edge.
    """
    for kind in (pairs.positive, pairs.negative):
        if len(kind) and not (edges[0] <= kind[0] and kind[-1] <= edges[-1]):
            raise ValueError(
                f"edges must span all pair distances, got {edges[0]:g} to {edges[-1]:g} for distances from "
                f"{kind[0]:g} to {kind[-1]:g}. Use default_edges."
            )
    return _binned(pairs.positive, edges), _binned(pairs.negative, edges)


def default_edges(pairs: PairDistances, bins: int = 1024, *, unit_length: bool = False) -> np.ndarray:
    """(bins + 1,) equal steps from 0 to a round number no smaller than the largest distance.

    For points of unit length always to 2, so that the axis stands still from epoch to epoch (where rounding made a
    distance larger than 2, the last edge alone moves out to it).
    """
    largest = max((float(kind[-1]) for kind in (pairs.positive, pairs.negative) if len(kind)), default=0.0)
    edges = np.linspace(0.0, 2.0 if unit_length else round_up(largest), bins + 1)
    edges[-1] = max(edges[-1], largest)
    return edges


def round_up(value: float) -> float:
    """The smallest of 1, 1.5, 2, 3, 4, 5, 6, 8, 10 times a power of ten that is no smaller; 1 for 0."""
    if value <= 0:
        return 1.0
    candidates = _ROUND_NUMBERS * 10.0 ** np.floor(np.log10(value))
    return float(candidates[candidates >= value][0]) if value <= candidates[-1] else float(value)


def _binned(ascending: np.ndarray, edges: np.ndarray) -> np.ndarray:
    # Rounding the edges down to the type of the distances changes no comparison and spares a copy of all distances.
    narrow = edges.astype(ascending.dtype)
    narrow = np.where(narrow > edges, np.nextafter(narrow, -np.inf, dtype=narrow.dtype), narrow)
    below = np.searchsorted(ascending, narrow, side="right")
    counts = np.diff(below).astype(np.int64)
    counts[0] += below[0]
    return counts


@njit(cache=True, nogil=True)
def _direct_distances(columns: np.ndarray, out: np.ndarray) -> None:
    """(D, N) -> (N, N) squared distances: dimensions outermost, so that every sum runs in the same order."""
    dimensions, count = columns.shape
    for row in range(count):
        sums = out[row]
        sums[:] = 0.0
        for dimension in range(dimensions):
            values = columns[dimension]
            here = values[row]
            for other in range(count):
                difference = values[other] - here
                sums[other] += difference * difference


@njit(cache=True, nogil=True)
def _products_to_distances(products: np.ndarray, rows: np.ndarray, norms: np.ndarray, squared: bool) -> None:
    """Turn inner products (B, N) of the points `rows` with all points into distances, in place."""
    two, zero = np.float32(2), np.float32(0)
    for index in range(len(rows)):
        row = products[index]
        own = norms[rows[index]]
        for other in range(len(row)):
            value = own + norms[other] - two * row[other]
            value = value if value > zero else zero
            row[other] = value if squared else np.sqrt(value)
        row[rows[index]] = zero


@njit(cache=True, nogil=True)
def _split_pairs(
    block: np.ndarray,
    start: int,
    place: np.ndarray,
    labels: np.ndarray,
    positive: np.ndarray,
    negative: np.ndarray,
    first: int,
    positive_end: int,
    negative_end: int,
) -> tuple[int, int, int]:
    """Append the distances of the pairs (point, later point) whose point lies in this block of distinct rows.

    Points come in the order of their distinct row, so all copies of a pair are read from one entry of the block.
    """
    count = len(labels)
    while first < count and place[first] < start + len(block):
        row = block[place[first] - start]
        for other in range(first + 1, count):
            distance = row[place[other]]
            same = labels[other] == labels[first]
            positive[positive_end] = distance
            negative[negative_end] = distance
            positive_end += same
            negative_end += not same
        first += 1
    return first, positive_end, negative_end

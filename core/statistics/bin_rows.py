"""The bins of the distances between points, row by row, as exact as core/statistics/distance_blocks.py has them.

Where the distance is Euclidean or its square, products find the bins of many points, and what their error leaves open
is settled by direct differences; otherwise every distance is looked up among the edges.
"""

from __future__ import annotations

import threading
from typing import Protocol

import numpy as np

from core.distances.base import Distance
from core.kernels.pair_bins import bins_of, lookup
from core.kernels.pair_histogram import DOUBTED, OPEN, Cut, Moved, find_bins
from core.statistics import distance_blocks
from core.statistics.distance_blocks import DistanceRows
from core.statistics.pair_histogram import Products
from core.statistics.pair_tiles import cut_at
from core.statistics.product_blocks import LARGEST_NORM, ProductRows
from core.statistics.rounding import rough_error

MOST_BINS = 1 << 15  # that 16 bits tell apart, and one of them whether there is doubt
HELD_AT_ONCE = 256  # rows whose bins are found at once where all are held
# Bins of many more are asked for at once, and their products would take memory.
ROWS_MULTIPLIED, PRODUCTS_AT_ONCE = 256, 1 << 18
MOST_OPEN = 0.05  # of all pairs, for which it pays to look again at those too near to an edge for float32
MOST_SETTLED = 0.2  # the same of float64; where more tie with edges, their distances are as fast


class BinRows(Protocol):
    """Rows of bins, safe to share between threads."""

    @property
    def is_rough(self) -> bool:
        """Whether bins are found by products in float32."""
        ...

    def find(self, rows: tuple[int, int], columns: tuple[int, int], beside: Products | None = None) -> np.ndarray:
        """The bins (edge, next edge] of the distances between these rows (B,) and columns (W,), (B, W) uint16, until
        this thread asks for the next ones. The first also holds what lies below, the last what lies beyond; any is that
        of a point with itself. `beside` is handed the products of rough ones."""
        ...


def bin_rows(
    points: np.ndarray,
    edges: np.ndarray,
    distance: Distance,
    distances: np.ndarray | None = None,
    order: np.ndarray | None = None,
) -> BinRows:
    """Of prepared points (N, D), by (S + 1,) ascending edges; `distances` and `order` as `DistanceRows` takes them."""
    if len(edges) > MOST_BINS:
        raise ValueError(f"edges must be at most {MOST_BINS:,}, got {len(edges):,}. Take fewer bins.")
    if distances is None and distance.power and len(points) > distance_blocks.DIRECT_LIMIT:
        products = ProductRows(points, rooted=distance.power == 1)
        cut = cut_at(edges, rooted=distance.power == 1, looked_up=True)
        has_room = products.norms.max() < LARGEST_NORM
        if products.are_usable and has_room and _share_open(cut, points) < MOST_SETTLED:
            return _ByProducts(points, products, edges, cut)
    return _ByDistances(DistanceRows(points, distance, distances, order), edges)


class HeldBins:
    """The bins of all pairs (N, N) uint16, found once; of some of the points by `among`."""

    is_rough = False

    def __init__(self, bins: np.ndarray, places: np.ndarray | None = None) -> None:
        self._bins, self._places = bins, places

    @classmethod
    def of(cls, rows: BinRows, count: int) -> HeldBins:
        """All that are found for so many points."""
        found = np.empty((count, count), np.uint16)
        for start in range(0, count, HELD_AT_ONCE):
            stop = min(start + HELD_AT_ONCE, count)
            later = rows.find((start, stop), (start, count))  # a pair has one bin, from either of its points
            found[start:stop, start:], found[start:, start:stop] = later, later.T
        return cls(found)

    def among(self, places: np.ndarray) -> HeldBins:
        """Of the points at these places (M,), in that order."""
        return HeldBins(self._bins, places)

    def find(self, rows: tuple[int, int], columns: tuple[int, int], beside: Products | None = None) -> np.ndarray:
        """As `BinRows` has it."""
        if self._places is None:
            return np.ascontiguousarray(self._bins[slice(*rows), slice(*columns)])
        return np.take(self._bins[self._places[slice(*rows)]], self._places[slice(*columns)], axis=1)


def _share_open(cut: Cut, points: np.ndarray) -> float:
    """About how many of all pairs have a square that is too near to an edge to be told in float32."""
    squares = _some_squares(points)
    cells = (squares.astype(np.float32).view(np.int32) - cut.low) >> cut.shift
    return float((cut.slots[cells.clip(0, len(cut.slots) - 1)] >= OPEN).mean())


def _some_squares(points: np.ndarray) -> np.ndarray:
    """Squared distances of some pairs of points (N, D)."""
    first, second = np.random.default_rng(0).integers(len(points), size=(2, 2000))
    return np.square(np.subtract(points[first], points[second], dtype=np.float64)).sum(axis=1)


class _ByDistances:
    is_rough = False

    def __init__(self, rows: DistanceRows, edges: np.ndarray) -> None:
        self._rows, self._lookup = rows, lookup(edges)

    def find(self, rows: tuple[int, int], columns: tuple[int, int], beside: Products | None = None) -> np.ndarray:
        block = self._rows.block(*rows, first=columns[0], last=columns[1])
        found = np.empty(block.shape, np.uint16)
        bins_of(block, self._lookup, found)
        return found


class _ByProducts:
    """In float32 where few pairs are then too near to an edge, otherwise in float64."""

    def __init__(self, points: np.ndarray, products: ProductRows, edges: np.ndarray, cut: Cut) -> None:
        given = np.ascontiguousarray(points, dtype=np.float32 if points.dtype == np.float32 else np.float64)
        longest = np.sqrt(products.norms.max())
        off = float(rough_error(longest, longest, points.shape[1]))
        rough = cut_at(edges, rooted=cut.rooted, off=off, looked_up=True)
        self.is_rough = is_rough = longest < 1e15 and _share_open(rough, given) < MOST_OPEN
        self._cut, kind = (rough, np.float32) if is_rough else (cut, np.float64)
        self._columns = np.ascontiguousarray(products.points.T, dtype=kind)  # multiplied faster so, by few rows
        rough_norms = products.norms.astype(np.float32) if is_rough else np.empty(0, np.float32)
        self._moved = Moved(given, products.norms, products.share, rough_norms, np.float32(off if is_rough else 0))
        bins = np.maximum(self._cut.slots & ~OPEN, 1) - 1
        self._of_cells = np.where(self._cut.slots >= OPEN, bins | DOUBTED, bins).astype(np.uint16)
        self._memory = threading.local()  # of each thread's own: new memory takes as long as all that is done in it

    def find(self, rows: tuple[int, int], columns: tuple[int, int], beside: Products | None = None) -> np.ndarray:
        found = self._room("bins", (rows[1] - rows[0], columns[1] - columns[0]), np.dtype(np.uint16))
        for top in range(*rows, ROWS_MULTIPLIED):
            bottom = min(top + ROWS_MULTIPLIED, rows[1])
            points = np.ascontiguousarray(self._columns[:, top:bottom].T) * self._columns.dtype.type(-2)
            width = PRODUCTS_AT_ONCE // (bottom - top)
            for left in range(*columns, width):
                right = min(left + width, columns[1])
                products = self._room("products", (bottom - top, right - left), points.dtype)
                np.matmul(points, self._columns[:, left:right], out=products)
                here = found[top - rows[0] : bottom - rows[0]]
                find_bins(products, top, left, self._cut, self._of_cells, self._moved, here, left - columns[0])
                if beside:
                    beside(products, top, left)
        return found

    def _room(self, name: str, shape: tuple[int, int], dtype: np.dtype) -> np.ndarray:
        """For so many numbers, until this thread asks again under that name."""
        if len(getattr(self._memory, name, ())) < shape[0] * shape[1]:
            setattr(self._memory, name, np.empty(shape[0] * shape[1], dtype))
        return getattr(self._memory, name)[: shape[0] * shape[1]].reshape(shape)

"""Tiles of the distances of all pairs, counted by class and bin as soon as they are there.

Points are in order of class. A tile is some rows by some columns, and of it those pairs count whose column comes later.
A pair at or below an edge is one whose distance of core/statistics/distance_blocks.py is: where that is Euclidean,
products in float64 find it with a bound on their error, and direct differences decide what the bound leaves open.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Protocol

import numpy as np

from core.distances.base import Distance
from core.kernels.pair_histogram import OPEN, Classes, Counters, Cut, Moved, count_distances, count_products
from core.statistics import distance_blocks
from core.statistics.distance_blocks import DistanceRows
from core.statistics.product_blocks import ProductRows
from core.statistics.rounding import rough_error

COLUMNS_AT_ONCE = 512
MOST_NEAR = 0.05  # of all pairs, for which it pays to look at them again
MOST_COUNTED = 2**31 - 1  # pairs, before counters of 32 bits are emptied
COARSE_BINS = 1024
EVEN = 5e-6  # of a step, that edges in equal steps may be off
FEWEST_CELLS, MOST_CELLS = 1 << 12, 1 << 19
ROUNDING = 4e-7  # of a square in float32, and what a product may add to it


class Tiles(Protocol):
    """`error` bounds what the square of a distance is off."""

    error: float

    def count(self, first: int, stop: int, classes: Classes, counters: Counters) -> int:
        """Count the pairs of these rows with all later points; the number of pairs beyond the edges."""
        ...


def tiles_of(points: np.ndarray, edges: np.ndarray, distance: Distance, *, exact: bool = True) -> Tiles:
    """Prepared points (N, D) in order of class and (S + 1,) ascending edges -> tiles of their distances."""
    if distance.power and len(points) > distance_blocks.DIRECT_LIMIT:
        products = ProductRows(points, rooted=distance.power == 1)
        if products.are_usable:
            return ProductTiles(points, products, cut_at(edges, rooted=distance.power == 1), exact=exact)
    return DistanceTiles(DistanceRows(points, distance), len(points), edges)


def classes_of(ascending: np.ndarray) -> Classes:
    """Ascending labels (N,) -> the classes, numbered from 0."""
    numbers = np.unique(ascending, return_inverse=True)[1].reshape(-1)
    return Classes(numbers, np.searchsorted(numbers, numbers, side="right"))


class DistanceTiles:
    """Tiles from exact distances, each compared with the edges themselves."""

    error = 0.0

    def __init__(self, rows: DistanceRows, size: int, edges: np.ndarray) -> None:
        self._rows, self._size, self._edges = rows, size, np.ascontiguousarray(edges, dtype=np.float64)

    def count(self, first: int, stop: int, classes: Classes, counters: Counters) -> int:
        """Count the pairs of these rows with all rows from `first` on; how many are beyond the last edge."""
        distances = self._rows.block(first, stop, first=first)
        return count_distances(distances, first, first, self._edges, classes, counters)


class ProductTiles:
    """Tiles from matrix products, whose bins are found in float32 and settled in float64 where an edge is near;
    `is_rough` says that they are in float32 and that pairs near an edge are counted on either side of it.

    The products are in float32, too, where edges in equal steps are so far apart that few pairs are near one, or where
    pairs as near as float32 is off may be counted on either side; otherwise in float64, which takes twice as long.
    """

    def __init__(self, points: np.ndarray, products: ProductRows, cut: Cut, *, exact: bool) -> None:
        given = np.ascontiguousarray(points, dtype=np.float32 if points.dtype == np.float32 else np.float64)
        longest = np.sqrt(products.norms.max())
        off = float(rough_error(longest, longest, points.shape[1]))
        is_moderate = longest < 1e15 and 1e-30 < cut.scale < 1e30 and not len(cut.slots)
        is_rough = is_moderate and (not exact or _share_near(given, cut.limits, off) < MOST_NEAR)
        self.is_rough = is_rough and not exact
        self.error = off + _step_error(cut, longest) if self.is_rough else 0.0
        self._points = products.points.astype(np.float32) if is_rough else products.points
        rough_norms = products.norms.astype(np.float32) if is_rough else np.empty(0, np.float32)
        allowed = np.float32(off if is_rough and exact else 0.0)
        self._cut, self._moved = cut, Moved(given, products.norms, products.share, rough_norms, allowed)

    def count_products(self, products: np.ndarray, first: int, left: int, classes: Classes, counters: Counters) -> int:
        """Count the pairs of points first, first + 1, ... with later ones from `left` on, of which these are the
        products (B, W); the number of pairs beyond the edges."""
        return count_products(products, first, left, self._cut, self._moved, classes, counters)

    def count(self, first: int, stop: int, classes: Classes, counters: Counters) -> int:
        """The same by products, whose doubtful pairs are counted from direct differences."""
        beyond, rows = 0, self._points[first:stop] * self._points.dtype.type(-2)
        room = np.empty(len(rows) * COLUMNS_AT_ONCE, self._points.dtype)
        for left, right in _columns(first, len(self._points)):
            products = room[: len(rows) * (right - left)].reshape(len(rows), right - left)
            np.matmul(rows, self._points[left:right].T, out=products)
            beyond += self.count_products(products, first, left, classes, counters)
        return beyond


def _step_error(cut: Cut, longest: float) -> float:
    """What finding a bin in float32 may add to the error of a square between points up to that far from their mean."""
    step = cut.scale**-0.5 if cut.rooted else 1 / cut.scale
    of_edges = EVEN * step * (4 * longest if cut.rooted else 1)
    return 2 * of_edges + 3 * float(cut.precision) * (2 * longest) ** 2


def _share_near(points: np.ndarray, limits: np.ndarray, off: float) -> float:
    """About how many of all pairs have a square that near to a limit, from some of them."""
    generator = np.random.default_rng(0)
    first, second = generator.integers(len(points), size=(2, 2000))
    squares = np.square(np.subtract(points[first], points[second], dtype=np.float64)).sum(axis=1)
    return float((np.searchsorted(limits, squares - off) != np.searchsorted(limits, squares + off)).mean())


def cut_at(edges: np.ndarray, *, rooted: bool, off: float = 0.0, looked_up: bool = False) -> Cut:
    """(S + 1,) ascending edges of distances, which are roots of squares or squares themselves; squares may be off by so
    much where slots are looked up, as they are for edges that are not in equal steps, or always if asked for."""
    plain = np.asarray(edges, dtype=np.float64)
    limits = largest_squares(plain) if rooted else plain.copy()
    under = np.nextafter(plain[:1], -np.inf)
    below = float((largest_squares(under) if rooted else under)[0])
    inner = plain[1:-1] if len(plain) > 3 else plain
    steps = np.linspace(inner[0], inner[-1], len(inner))
    step = (inner[-1] - inner[0]) / (len(inner) - 1)
    offset = inner[0] / step - (len(plain) > 3)
    offset = 0.0 if abs(offset) < EVEN else offset
    precision = np.float32(1.7e-7 if offset == 0 else 4e-7)
    is_even = not looked_up and step > 1e-18 and np.abs(inner - steps).max() <= EVEN * step and abs(offset) < 1e6
    scale = (1 / step**2 if rooted else 1 / step) if is_even else 1.0
    ranges = (np.empty(0, np.uint32), np.int32(0), np.int32(0)) if is_even else _cells(limits, off)
    return Cut(limits, below, rooted, scale, np.float32(offset), precision, *ranges)


def largest_squares(edges: np.ndarray) -> np.ndarray:
    """(S,) -> the largest number whose root is at most each edge, -1 where there is none."""
    squares = edges * edges
    while (too_large := np.sqrt(squares) > edges).any() and (edges[too_large] >= 0).all():
        squares = np.where(too_large, np.nextafter(squares, 0.0), squares)
    while (fits := np.sqrt(further := np.nextafter(squares, np.inf)) <= edges).any():
        squares = np.where(fits, further, squares)
    return np.where(edges < 0, -1.0, squares)


def _cells(limits: np.ndarray, off: float) -> tuple[np.ndarray, np.int32, np.int32]:
    """The slot of each range of squares by the leading bits of a float32, where the ranges start, and how many bits are
    left out; OPEN where a limit is in the range, and in the first and the last range, which hold all beyond."""
    with np.errstate(over="ignore"):
        inner = np.maximum(limits[1:], 0).astype(np.float32)
    # The lowest edges stand for few pairs, and some for none: down to nearly 0 they would take most of the ranges.
    low, high = np.array([inner[len(inner) // 8], inner[-1]]).view(np.int32).tolist()
    cells = min(max(256 << len(limits).bit_length(), FEWEST_CELLS), MOST_CELLS)
    shift = max((high - low).bit_length() - (cells.bit_length() - 1), 0)
    starts = low + (np.arange(((high - low) >> shift) + 3, dtype=np.int64) << shift)
    squares = starts.clip(max=np.float32(np.inf).view(np.int32)).astype(np.int32).view(np.float32).astype(np.float64)
    first = np.searchsorted(limits, squares[:-1] * (1 - ROUNDING) - off)
    last = np.searchsorted(limits, squares[1:] * (1 + ROUNDING) + off)
    is_open = (first != last) | (first == 0) | (first >= len(limits))
    is_open[[0, -1]] = True
    return (
        (first.astype(np.uint32) | np.where(is_open, OPEN, np.uint32(0))).astype(np.uint32),
        np.int32(low),
        np.int32(shift),
    )


class Tally:
    """What one thread has counted, by kind of pair as in `Counters`: `fine` (2, S) and `coarse` (2, C, 1024), complete
    once emptied, where C is 0 unless bins are to be halved to those by class; and the number of pairs beyond."""

    def __init__(self, classes: Classes, bins: int, halvings: int | None) -> None:
        class_count = 0 if halvings is None else int(classes.numbers[-1]) + 1
        fine, coarse = np.zeros((2, bins + 1), np.int32), np.zeros((2, class_count, COARSE_BINS + 1), np.int32)
        self._classes, self._counters, self._pairs = classes, Counters(fine, coarse, halvings or 0), 0
        self.fine, self.coarse = np.zeros((2, bins), np.int64), np.zeros((2, class_count, COARSE_BINS), np.int64)
        self.beyond = 0

    def count(self, tiles: Tiles, first: int, stop: int) -> None:
        """Count the pairs of these rows with all later points, at most MOST_COUNTED of them."""
        self._make_room((stop - first) * len(self._classes.ends))
        self.beyond += tiles.count(first, stop, self._classes, self._counters)

    def count_products(self, tiles: ProductTiles, products: np.ndarray, first: int, left: int) -> None:
        """Count some of these pairs by their products, as `ProductTiles` takes them."""
        self._make_room(products.size)
        self.beyond += tiles.count_products(products, first, left, self._classes, self._counters)

    def _make_room(self, pairs: int) -> None:
        if self._pairs + pairs > MOST_COUNTED:
            self.empty()
        self._pairs += pairs

    def empty(self) -> None:
        """Move what the counters hold into the sums; what equals the first edge goes into the first bin."""
        self._pairs = 0
        for counters, counts in ((self._counters.fine, self.fine), (self._counters.coarse, self.coarse)):
            counts += counters[..., 1:]
            counts[..., 0] += counters[..., 0]
            counters[:] = 0


def _columns(first: int, end: int) -> Iterator[tuple[int, int]]:
    for left in range(first, end, COLUMNS_AT_ONCE):
        yield left, min(left + COLUMNS_AT_ONCE, end)

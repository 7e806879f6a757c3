"""The exact triplet census: how many of all (anchor, positive, negative) are hard, semi-hard and easy.

With d_ap the distance from anchor to positive and d_an the one to the negative: hard d_an < d_ap, semi-hard
d_ap <= d_an < d_ap + margin, easy the rest. Triplets are ordered, so a class of K points among N gives
K (K - 1) (N - K). `d_ap + margin` is rounded once, in the type of the distances (float64 up to DIRECT_LIMIT points,
float32 above), with the margin rounded to that type first; every comparison is then exact.

Nothing is enumerated and nothing sampled: `census_kernels` counts, per anchor, by looking up instead of comparing all.
"""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial

import numpy as np

from core.census_kernels import count_at_margin, count_at_margins
from core.pair_distances import DistanceRows

ROWS_AT_ONCE = 256  # of 10,000 float32 distances: 10 MB, so that a block stays in the cache between its two passes


@dataclass(frozen=True)
class Census:
    """Numbers of ordered triplets."""

    hard: int
    semi_hard: int
    easy: int


@dataclass(frozen=True)
class CensusCurve:
    """Numbers of ordered triplets for each of M ascending margins; `hard` and `total` do not depend on it."""

    margins: np.ndarray
    hard: int
    semi_hard: np.ndarray
    total: int

    @property
    def easy(self) -> np.ndarray:
        return self.total - self.hard - self.semi_hard


def census(
    embeddings: np.ndarray,
    labels: np.ndarray,
    margin: float,
    *,
    squared: bool = False,
    distances: np.ndarray | None = None,
    threads: int = 1,
) -> Census:
    """(N, D), (N,) -> the counts over all ordered triplets at one margin.

    `distances` is the (N, N) matrix where it is at hand, of squared distances if `squared`.
    """
    check_margins(np.array([margin]))
    by_class = _ByClass(embeddings, labels, squared, distances)
    counts = by_class.sum_over_blocks(partial(_count_at_margin, margin=margin), threads)
    return Census(int(counts[0]), int(counts[1] - counts[0]), int(by_class.total - counts[1]))


def census_curve(
    embeddings: np.ndarray,
    labels: np.ndarray,
    margins: np.ndarray,
    *,
    squared: bool = False,
    distances: np.ndarray | None = None,
    threads: int = 1,
) -> CensusCurve:
    """(N, D), (N,), ascending (M,) -> the counts at every margin, each exact; `distances` as in `census`."""
    check_margins(margins)
    by_class = _ByClass(embeddings, labels, squared, distances)
    counts = by_class.sum_over_blocks(partial(_count_at_margins, margins=margins), threads)
    return CensusCurve(margins, int(counts[0]), counts[1:] - counts[0], by_class.total)


def check_margins(margins: np.ndarray) -> None:
    if margins.ndim != 1 or not len(margins) or not np.isfinite(margins).all() or (margins < 0).any():
        raise ValueError(f"margins must be finite numbers from 0 up, got {margins!s:.80}. Give at least one, 0.2 say.")
    if (np.diff(margins) < 0).any():
        raise ValueError(f"margins must ascend, got {margins!s:.80}. Sort them.")


class _ByClass:
    """The rows of the distance matrix with the points in order of class, so that each class is one range of columns."""

    def __init__(self, embeddings: np.ndarray, labels: np.ndarray, squared: bool, distances: np.ndarray | None) -> None:
        order = np.argsort(labels, kind="stable")
        ordered = labels[order]
        self._begin = np.searchsorted(ordered, ordered, side="left")
        self._end = np.searchsorted(ordered, ordered, side="right")
        sizes = (self._end - self._begin).tolist()
        self.total = sum((size - 1) * (len(labels) - size) for size in sizes)
        if distances is None:
            self._rows = DistanceRows(embeddings[order], squared=squared).block
        else:
            self._rows = partial(_reordered_rows, distances, order)

    def sum_over_blocks(self, count: Callable[..., np.ndarray], threads: int) -> np.ndarray:
        """The sum of what `count(block, own column, class begin, class end)` returns for each block of rows."""

        def count_from(start: int) -> np.ndarray:
            stop = min(start + ROWS_AT_ONCE, len(self._begin))
            block = self._rows(start, stop)
            return count(block, np.arange(start, stop), self._begin[start:stop], self._end[start:stop])

        with ThreadPoolExecutor(threads) as pool:
            return np.sum(list(pool.map(count_from, range(0, len(self._begin), ROWS_AT_ONCE))), axis=0)


def _reordered_rows(distances: np.ndarray, order: np.ndarray, start: int, stop: int) -> np.ndarray:
    return distances[np.ix_(order[start:stop], order)]


def _count_at_margin(
    block: np.ndarray, own: np.ndarray, begin: np.ndarray, end: np.ndarray, *, margin: float
) -> np.ndarray:
    """The numbers of triplets with d_an < d_ap and with d_an < d_ap + margin, (2,)."""
    buckets = int(np.clip(8 * (end - begin).max(), 64, 1 << 16))
    return count_at_margin(block, own, begin, end, block.dtype.type(margin), buckets)


def _count_at_margins(
    block: np.ndarray, own: np.ndarray, begin: np.ndarray, end: np.ndarray, *, margins: np.ndarray
) -> np.ndarray:
    """The numbers of triplets with d_an < d_ap, then with d_an < d_ap + margin for each margin, (1 + M,)."""
    columns = np.arange(block.shape[1])
    same = (columns >= begin[:, None]) & (columns < end[:, None])
    negatives = np.sort(np.where(same, np.inf, block).astype(block.dtype, copy=False), axis=1)
    added = np.concatenate([[0.0], margins]).astype(block.dtype)
    return count_at_margins(block, negatives, own, begin, end, added, 4 * len(columns))

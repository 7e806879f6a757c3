"""Rows of a scan whose anchors have few positives among many points: triplets and neighbours from float32 products.

What products leave open is decided pair by pair, by the distances of core/statistics/distance_blocks.py, so that no
negative has to be put in order and hardly any distance has to be made twice.
"""

from __future__ import annotations

from functools import cached_property

import numpy as np

from core.kernels.few_positives import Kinds, count_closer_to_few
from core.kernels.nearest_matches import match_nearest
from core.kernels.neighbour_order import nearest_limits
from core.kernels.ranking import score_rows
from core.statistics.product_blocks import RoughRows
from core.statistics.row_findings import RowFindings

COLUMNS_PER_SUM = 4  # of a positive and a margin, from which on an anchor has few positives
TRIED = 64  # rows, after which these are given up if a quarter of them was crowded
SLACK = 32  # neighbours beyond the R-th


class FewPositives:
    """Points (N, D) in order of class, float32 or float64, whose distances are Euclidean or, unless `rooted`, the
    squares of that; safe to share between threads. `kinds` says which class each point is of; ascending (M,) numbers
    are `added` to the distances of positives, and a depth of 0 asks for no scores."""

    def __init__(self, points: np.ndarray, kinds: Kinds, added: np.ndarray, depth: int, *, rooted: bool) -> None:
        self._points = np.ascontiguousarray(points, dtype=None if points.dtype == np.float32 else np.float64)
        self._kinds, self._added, self._depth, self._rooted = kinds, added, depth, rooted
        self._sizes = np.diff(kinds.begins)[kinds.numbers]
        self._tried = self._crowded = 0

    @cached_property
    def _rows(self) -> RoughRows:
        """Made when they are asked for: whoever hands products on needs none."""
        return RoughRows(self._points)

    def suits(self, rows: tuple[int, int]) -> bool:
        """Whether these have so few positives that it pays, and negatives have not crowded so far."""
        sums = (self._sizes[slice(*rows)].max() - 1) * len(self._added)
        return sums * COLUMNS_PER_SUM <= len(self._sizes) and not self._crowded > self._tried / 4 > TRIED / 4

    def take(self, rows: tuple[int, int]) -> RowFindings:
        """What these rows (B,) find, exactly; open are those whose negatives crowd around sums."""
        return self.take_squares(rows[0], *self._rows.block(np.arange(*rows)))

    def take_squares(self, first: int, squares: np.ndarray, errors: np.ndarray) -> RowFindings:
        """The same of the rows from the first on, whose squared distances (B, N) are off by at most `errors` (B,)."""
        found = RowFindings.nothing(len(squares), len(self._added))
        judged = self._points, self._rooted
        room = found.counts, found.local_aucs, found.is_open
        count_closer_to_few(squares, first, self._kinds, self._added, errors, *judged, *room)
        self._tried, self._crowded = self._tried + len(squares), self._crowded + int(found.is_open.sum())
        if self._depth:
            others, relevant = squares.shape[1] - 1, self._sizes[first : first + len(squares)] - 1
            wanted = np.minimum(np.maximum(self._depth, relevant), others)
            limits = nearest_limits(squares, int(wanted.max()))  # itself may be among them
            # So many true squares are at most `errors` above the limit, so that their products are at most twice that;
            # the rest is for what roots, float32 and direct differences round.
            reach = (2.01 * errors + 1e-6 * limits).astype(np.float32)
            is_match, numbers, places = np.empty(squares.shape, np.bool_), self._kinds.numbers, self._kinds.places
            match_nearest(squares, first, numbers, places, limits + reach, *judged, is_match)
            score_rows(is_match, wanted, relevant, found.scores)
        return found

"""All exact statistics of one set of embeddings, prepared once and made in one block or in many.

The pairs of a set that is one block are held one by one, and AUC, EER and mean distances are those of the pairs. Those
of many blocks come from the 65,536 bins of core/statistics/pair_histogram.py, and beside each stands what it may be
off. Counts of triplets and neighbours are exact either way.
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from functools import cached_property

import numpy as np

from core.distances import EUCLIDEAN
from core.distances.base import Distance
from core.statistics import samples
from core.statistics.checks import check_embeddings
from core.statistics.distance_blocks import direct_matrix
from core.statistics.histogram_edges import BINS, spanning_edges
from core.statistics.histogram_errors import errors_of
from core.statistics.pair_distances import PairDistances, auc, default_edges, histogram, pair_distances
from core.statistics.pair_histogram import PairCounter, PairHistogram
from core.statistics.retrieval import LARGEST_K, Retrieval, retrieval_of
from core.statistics.roc import curve_auc, curve_from_histogram, equal_error_rate, exact_equal_error_rate
from core.statistics.row_scan import RowScan, Scan
from core.statistics.samples import share
from core.statistics.spans import default_margins, span_of
from core.statistics.threshold_grid import refusing, threshold_grid
from core.statistics.triplet_census import CensusCurve, check_margins, checked_steps, curve_of

PAIRS_AT_ONCE = 200_000_000  # distances that one of many blocks looks at: some seconds
SAMPLE = 2048  # points of a set of many blocks, whose pairs tell where the thresholds lie
BARS = 1024


@dataclass(frozen=True)
class Statistics:
    """Numbers by name, and the arrays behind the pictures.

    `edges` (bins + 1,) with the counts of positive and negative pairs per bin (bins,); `margins` (M,) with the number
    of semi-hard triplets at each (M,); `thresholds` (S + 1,) the edges at which pairs are counted to choose among
    (core/statistics/threshold_grid.py). Triplets, pairs and neighbours are all compared by one distance.
    """

    numbers: dict[str, int | float]
    edges: np.ndarray
    positive_counts: np.ndarray
    negative_counts: np.ndarray
    margins: np.ndarray
    semi_hard_counts: np.ndarray
    thresholds: np.ndarray

    def arrays(self) -> dict[str, np.ndarray]:
        """What a snapshot keeps."""
        return {item.name: getattr(self, item.name) for item in fields(self) if item.name != "numbers"}


@dataclass(frozen=True)
class PairSummary:
    """What all pairs of a set come to: numbers by name, and a histogram of both kinds."""

    numbers: dict[str, int | float]
    edges: np.ndarray
    positive_counts: np.ndarray
    negative_counts: np.ndarray


@dataclass(frozen=True)
class Prepared:
    """Embeddings (N, D) with labels (N,), the margin of their triplets and what compares them, and whatever statistics
    share, made once. `asked` are the margins of the curve, by default `default_margins`; a set of at most `at_once`
    points, by default samples.AT_ONCE, is one block."""

    embeddings: np.ndarray
    labels: np.ndarray
    margin: float = 0.0
    distance: Distance = EUCLIDEAN
    asked: np.ndarray | None = None
    bins: int = BARS
    at_once: int | None = None

    def __post_init__(self) -> None:
        check_embeddings(self.embeddings, self.labels)
        check_margins(np.array([self.margin]))

    @cached_property
    def points(self) -> np.ndarray:
        """What the distance makes of all embeddings together (N, D)."""
        return self.distance.prepared(self.embeddings)

    @cached_property
    def distances(self) -> np.ndarray | None:
        """The matrix of the distances where it is small enough to be held."""
        return direct_matrix(self.points, self.distance)

    @cached_property
    def sizes(self) -> np.ndarray:
        """How many points each identity has, in order of the labels (C,)."""
        return np.unique(self.labels, return_counts=True)[1].astype(np.int64)

    @cached_property
    def margins(self) -> np.ndarray:
        """Those of the curve (M,)."""
        if self.asked is not None:
            return self.asked
        return default_margins(self.embeddings, self.margin, self.distance)

    @property
    def is_one_block(self) -> bool:
        """Whether all pairs are held together."""
        return len(self.labels) <= (self.at_once or samples.AT_ONCE)

    def ranges(self) -> list[tuple[int, int]]:
        """The rows of each block, in order of class: whole identities, together about PAIRS_AT_ONCE pairs with all."""
        if self.is_one_block:
            return [(0, len(self.labels))]
        ends, rows = np.cumsum(self.sizes), max(PAIRS_AT_ONCE // len(self.labels), 1)
        found = [0]
        while found[-1] < len(self.labels):
            one_more, as_many = np.searchsorted(ends, [found[-1], found[-1] + rows], side="right")
            found.append(int(ends[max(one_more, as_many - 1)]))
        return list(zip(found[:-1], found[1:], strict=True))

    @cached_property
    def scanner(self) -> RowScan:
        """Finds triplets and neighbours, for the rows of a block."""
        steps = checked_steps(self._grid)
        return RowScan(self.points, self.labels, steps, LARGEST_K, True, self.distance, self.distances)

    @cached_property
    def counter(self) -> PairCounter:
        """Counts pairs by fine bins, for the rows of one of many blocks."""
        return PairCounter(self.points, self.labels, self.fine_edges, self.distance)

    @cached_property
    def rough_counter(self) -> PairCounter:
        """The same where pairs too near to an edge may be counted on either side of it, which takes half the time and
        is part of `auc_error` and its like."""
        return PairCounter(self.points, self.labels, self.fine_edges, self.distance, exact=False)

    @cached_property
    def fine_edges(self) -> np.ndarray:
        """Of the bins of many blocks."""
        return spanning_edges(self.points, self.distance, span=span_of(self.embeddings, self.distance))

    @cached_property
    def thresholds(self) -> np.ndarray:
        """(S + 1,) edges around all distances. Of one block the grid of its pairs; of many that of the pairs of SAMPLE
        points, of as many identities as have four each there, within a threshold that refuses and one that accepts
        every pair."""
        return self._listed[1] if self.is_one_block else self._sampled_thresholds()

    def pairs(self, counted: PairHistogram | None = None) -> PairSummary:
        """What all pairs come to; of many blocks from the sum of their histograms."""
        if self.is_one_block:
            return self._listed[0]
        assert counted is not None, "the pairs of many blocks are known by their histogram alone"
        return self._binned(counted)

    def statistics(self, scanned: Scan, counted: PairHistogram | None = None) -> Statistics:
        """From what all blocks have found together."""
        curve, ranked, pairs = curve_of(scanned, self._grid), retrieval_of(scanned), self.pairs(counted)
        semi_hard = curve.semi_hard[np.searchsorted(self._grid, self.margins)]
        numbers = numbers_of(curve, self.margin, ranked, self.labels) | pairs.numbers
        counts = pairs.edges, pairs.positive_counts, pairs.negative_counts
        return Statistics(numbers, *counts, self.margins, semi_hard, self.thresholds)

    @cached_property
    def _grid(self) -> np.ndarray:
        return np.union1d(self.margins, [self.margin])

    @cached_property
    def _listed(self) -> tuple[PairSummary, np.ndarray]:
        """Of all pairs one by one, with the thresholds cut from them; the pairs are let go."""
        pairs = pair_distances(self.points, self.labels, self.distances, self.distance)
        edges = default_edges(pairs, self.bins, span=span_of(self.embeddings, self.distance))
        eer, eer_threshold = exact_equal_error_rate(pairs)
        numbers = _pair_numbers(pairs, eer, eer_threshold)
        return PairSummary(numbers, edges, *histogram(pairs, edges)), threshold_grid(pairs)

    def _sampled_thresholds(self) -> np.ndarray:
        rows = share(self.labels, SAMPLE)
        pairs = pair_distances(self.points[rows], self.labels[rows], distance=self.distance)
        low, high = float(self.fine_edges[0]), float(self.fine_edges[-1])
        grid, none = threshold_grid(pairs)[2:], refusing(low, high)
        return np.concatenate([[2 * none - low, none], grid[(grid > none) & (grid < high)], [high]])

    def _binned(self, counted: PairHistogram) -> PairSummary:
        """`auc_error`, `eer_error` and `mean_distance_error` are the most that AUC, EER and mean distances are off."""
        counts = counted.positive_counts, counted.negative_counts
        curve, (low, high) = curve_from_histogram(self.fine_edges, *counts), self.fine_edges[1:3]
        middles = low + (high - low) * (np.arange(len(counts[0])) - 0.5)  # the outer edges lie further out
        eer, eer_threshold = equal_error_rate(curve)
        auc_error, eer_error = errors_of(counted, rooted=self.distance.power == 1)
        numbers: dict[str, int | float] = {
            "positive_pairs": curve.positive_count,
            "negative_pairs": curve.negative_count,
            "auc": curve_auc(curve),
            "eer": eer,
            "eer_threshold": eer_threshold,
            "mean_positive_distance": float(middles @ counts[0] / curve.positive_count),
            "mean_negative_distance": float(middles @ counts[1] / curve.negative_count),
            "auc_error": auc_error,
            "eer_error": eer_error,
            "mean_distance_error": self._mean_error(counted),
        }
        positive, negative = (kind.reshape(BARS, -1).sum(axis=1) for kind in counts)
        return PairSummary(numbers, np.ascontiguousarray(self.fine_edges[:: BINS // BARS]), positive, negative)

    def _mean_error(self, counted: PairHistogram) -> float:
        """Half the widest fine bin that has a pair, or all of one at either end, where bins may be wider; and what the
        distances themselves may be off."""
        widths, off = np.diff(self.fine_edges), np.float64(counted.error)
        widths[1:-1] /= 2
        if self.distance.power == 1:  # of the squares
            low, high = np.maximum(self.fine_edges[:-1], 0), np.maximum(self.fine_edges[1:], 0)
            off = np.maximum(low - np.sqrt(np.maximum(low**2 - off, 0)), np.sqrt(high**2 + off) - high)
        return float((widths + off)[(counted.positive_counts > 0) | (counted.negative_counts > 0)].max())


def summarise(
    embeddings: np.ndarray,
    labels: np.ndarray,
    *,
    margin: float,
    distance: Distance = EUCLIDEAN,
    margins: np.ndarray | None = None,
    bins: int = BARS,
    threads: int = 1,
) -> Statistics:
    """(N, D), (N,) -> the statistics at one margin and along a grid of margins, by default `default_margins`.

    All pairs are held together: `eer` and `auc` are those of the pairs themselves, not of the histogram.
    """
    work = Prepared(embeddings, labels, margin, distance, margins, bins, at_once=len(labels))
    return work.statistics(work.scanner.of(threads=threads))


def numbers_of(curve: CensusCurve, margin: float, ranked: Retrieval, labels: np.ndarray) -> dict[str, int | float]:
    """Of triplets, at a margin of the curve, and of neighbours; (N,) labels."""
    here = int(np.searchsorted(curve.margins, margin))
    return {
        "hard": curve.hard,
        "semi_hard": int(curve.semi_hard[here]),
        "easy": int(curve.easy[here]),
        "recall_at_1": ranked.recall_at_1,
        "r_precision": ranked.r_precision,
        "map_at_r": ranked.map_at_r,
        "points": len(labels),
        "classes": len(np.unique(labels)),
    }


def _pair_numbers(pairs: PairDistances, eer: float, eer_threshold: float) -> dict[str, int | float]:
    return {
        "positive_pairs": len(pairs.positive),
        "negative_pairs": len(pairs.negative),
        "auc": auc(pairs),
        "eer": eer,
        "eer_threshold": eer_threshold,
        "mean_positive_distance": float(pairs.positive.mean(dtype=np.float64)),
        "mean_negative_distance": float(pairs.negative.mean(dtype=np.float64)),
    }

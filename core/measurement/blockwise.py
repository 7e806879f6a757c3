"""All statistics of many points in blocks of rows, whose results add up: no matrix and no list of all pairs is held.

A block is some identities' rows against all points. `Blocks` is what all blocks of one set have in common; workers, or
one process after the other, make the blocks in any order, and `Blocks` reads the statistics off their sum. Counts of
triplets, neighbours and pairs at thresholds are exact, those of core/statistics/row_scan.py and
core/evidence/identity_counts.py. AUC, EER and mean distances come from the 65,536 bins of
core/statistics/pair_histogram.py; beside each stands what it may be off.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property, reduce
from operator import add

import numpy as np

from core.distances import EUCLIDEAN
from core.distances.base import Distance
from core.evidence.appraisal import Appraisal, appraised, groupings_of
from core.evidence.identity_counts import identity_sums
from core.evidence.identity_sums import IdentitySums
from core.statistics.histogram_edges import BINS, spanning_edges
from core.statistics.histogram_errors import errors_of
from core.statistics.local_auc import TwoAucs
from core.statistics.pair_distances import pair_distances
from core.statistics.pair_histogram import PairHistogram, pair_histogram
from core.statistics.retrieval import LARGEST_K, retrieval_of
from core.statistics.roc import Curve, curve_auc, curve_from_histogram, equal_error_rate
from core.statistics.row_scan import Scan, scan
from core.statistics.summary import Statistics, default_margins, numbers_of, span_of
from core.statistics.threshold_grid import refusing, threshold_grid
from core.statistics.triplet_census import checked_steps, curve_of
from core.verification.protocols import share

BARS = 1024
SAMPLE = 2048  # points whose pairs tell where the thresholds lie
PAIRS_AT_ONCE = 200_000_000  # distances that a block looks at: some seconds


@dataclass(frozen=True)
class Block:
    """What some rows have found among all points."""

    scanned: Scan
    counted: PairHistogram
    sums: IdentitySums

    def __add__(self, other: Block) -> Block:
        return Block(self.scanned + other.scanned, self.counted + other.counted, self.sums + other.sums)

    def arrays(self) -> dict[str, np.ndarray]:
        """To keep, and to have back from `Blocks.from_arrays`."""
        return {
            "closer": self.scanned.closer,
            "scores": self.scanned.scores,
            "local_aucs": self.scanned.local_aucs,
            "positive_counts": self.counted.positive_counts,
            "negative_counts": self.counted.negative_counts,
            **self.sums.arrays(),
        }


@dataclass(frozen=True)
class Blocks:
    """Embeddings (N, D) with labels (N,), the margin of their triplets and what compares them."""

    embeddings: np.ndarray
    labels: np.ndarray
    margin: float
    distance: Distance = EUCLIDEAN

    @cached_property
    def points(self) -> np.ndarray:
        """The embeddings as the distance prepares them, (N, D)."""
        return self.distance.prepared(self.embeddings)

    @cached_property
    def fine_edges(self) -> np.ndarray:
        """Edges over all distances, for numbers that come from bins."""
        return spanning_edges(self.points, self.distance, span=span_of(self.embeddings, self.distance))

    @property
    def edges(self) -> np.ndarray:
        """Those of the histogram (1025,)."""
        return np.ascontiguousarray(self.fine_edges[:: BINS // BARS])

    @cached_property
    def thresholds(self) -> np.ndarray:
        """(S + 1,) edges around all distances: the grid of the pairs of SAMPLE points, of as many identities as have
        four each there, within a threshold that refuses and one that accepts every pair."""
        rows = share(self.labels, SAMPLE)
        points, labels = self.points[rows], self.labels[rows]
        grid = threshold_grid(pair_distances(points, labels, distance=self.distance))[2:]
        low, high = float(self.fine_edges[0]), float(self.fine_edges[-1])
        none = refusing(low, high)
        inside = grid[(grid > none) & (grid < high)]
        return np.concatenate([[2 * none - low, none], inside, [high]])

    @cached_property
    def margins(self) -> np.ndarray:
        """The margins at which triplets are counted, ascending (M,)."""
        return default_margins(self.embeddings, self.margin, self.distance)

    @cached_property
    def sizes(self) -> np.ndarray:
        """How many points each identity has, in order of the labels (C,)."""
        return np.unique(self.labels, return_counts=True)[1].astype(np.int64)

    def ranges(self) -> list[tuple[int, int]]:
        """The rows of each block, in order of class: whole identities, together about PAIRS_AT_ONCE pairs with all."""
        ends, rows = np.cumsum(self.sizes), max(PAIRS_AT_ONCE // len(self.labels), 1)
        found = [0]
        while found[-1] < len(self.labels):
            one_more, as_many = np.searchsorted(ends, [found[-1], found[-1] + rows], side="right")
            found.append(int(ends[max(one_more, as_many - 1)]))
        return list(zip(found[:-1], found[1:], strict=True))

    def block(self, rows: tuple[int, int], *, threads: int = 1) -> Block:
        """Of one of the `ranges`."""
        steps, compared = checked_steps(self.margins), self.distance
        return Block(
            scan(
                self.points,
                self.labels,
                steps,
                depth=LARGEST_K,
                with_local_aucs=True,
                distance=compared,
                only=rows,
                threads=threads,
            ),
            pair_histogram(self.points, self.labels, self.fine_edges, distance=compared, rows=rows, threads=threads),
            identity_sums(
                self.points,
                self.labels,
                self.thresholds,
                groupings=groupings_of(self.labels),
                distance=compared,
                rows=rows,
            ),
        )

    def from_arrays(self, arrays: Mapping[str, np.ndarray]) -> Block:
        """A block that was kept."""
        triplets = int(((self.sizes - 1) * self.sizes * (len(self.labels) - self.sizes)).sum())
        return Block(
            Scan(arrays["closer"], triplets, arrays["scores"], arrays["local_aucs"]),
            PairHistogram(self.fine_edges, arrays["positive_counts"], arrays["negative_counts"]),
            IdentitySums.empty(self.thresholds, self.sizes, groupings_of(self.labels)).with_arrays(arrays),
        )

    def whole(self, *, threads: int = 1) -> Block:
        """The sum of all blocks, made one after the other."""
        return reduce(add, (self.block(rows, threads=threads) for rows in self.ranges()))

    def statistics(self, whole: Block) -> Statistics:
        """From the sum of all blocks; `auc_error`, `eer_error` and `mean_distance_error` are the most that AUC, EER and
        mean distances are off."""
        curve, ranked = curve_of(whole.scanned, self.margins), retrieval_of(whole.scanned)
        counted = whole.counted.positive_counts, whole.counted.negative_counts
        fine, (low, high) = self._fine_curve(whole), self.fine_edges[1:3]
        middles = low + (high - low) * (np.arange(len(counted[0])) - 0.5)  # the outer edges lie further out
        eer, eer_threshold = equal_error_rate(fine)
        auc_error, eer_error = errors_of(whole.counted, rooted=self.distance.power == 1)
        of_pairs = {
            "positive_pairs": fine.positive_count,
            "negative_pairs": fine.negative_count,
            "auc": curve_auc(fine),
            "eer": eer,
            "eer_threshold": eer_threshold,
            "mean_positive_distance": float(middles @ counted[0] / fine.positive_count),
            "mean_negative_distance": float(middles @ counted[1] / fine.negative_count),
            "auc_error": auc_error,
            "eer_error": eer_error,
            "mean_distance_error": self._mean_error(whole),
        }
        positive, negative = (counts.reshape(BARS, -1).sum(axis=1) for counts in counted)
        numbers = numbers_of(curve, self.margin, ranked, self.labels) | of_pairs
        return Statistics(numbers, self.edges, positive, negative, self.margins, curve.semi_hard, self.thresholds)

    def two_aucs(self, whole: Block) -> TwoAucs:
        """From the sum of all blocks; the overall one as exact as that of `statistics`."""
        return TwoAucs(float(whole.scanned.local_aucs.mean()), curve_auc(self._fine_curve(whole)))

    def appraisal(self, whole: Block) -> Appraisal:
        """From the sum of all blocks, with the ten folds."""
        return appraised(whole.sums)

    def _mean_error(self, whole: Block) -> float:
        """Half the widest fine bin that has a pair; all of one at either end, where bins may be wider."""
        widths = np.diff(self.fine_edges)
        widths[1:-1] /= 2
        return float(widths[(whole.counted.positive_counts > 0) | (whole.counted.negative_counts > 0)].max())

    def _fine_curve(self, whole: Block) -> Curve:
        return curve_from_histogram(self.fine_edges, whole.counted.positive_counts, whole.counted.negative_counts)

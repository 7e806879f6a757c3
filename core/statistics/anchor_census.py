"""The triplets of one anchor, for a page that draws them; numpy alone, so that the web process may import it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from core.distances import EUCLIDEAN
from core.distances.base import Distance
from core.statistics.exact_distances import direct_squares


@dataclass(frozen=True)
class AnchorTriplets:
    """All triplets of one anchor: its positives and negatives, nearest first, and the counts at M margins.

    `positives` and `negatives` are row numbers, beside them their distances. Each couple of a
    positive and a negative is one triplet; hard and semi-hard are defined as in the census of the whole set.
    """

    anchor: int
    positives: np.ndarray
    negatives: np.ndarray
    to_positives: np.ndarray
    to_negatives: np.ndarray
    margins: np.ndarray
    hard: int
    semi_hard: np.ndarray

    @property
    def total(self) -> int:
        """How many triplets the anchor has."""
        return len(self.positives) * len(self.negatives)

    @property
    def easy(self) -> np.ndarray:
        """Those whose negative is beyond the margin, for each margin (M,)."""
        return self.total - self.hard - self.semi_hard


def distances_from(embeddings: np.ndarray, anchor: int, distance: Distance = EUCLIDEAN) -> np.ndarray:
    """(N, D) -> the distance of every point to the anchor, (N,) float64.

    Bit for bit a row of `distance_blocks.distance_matrix`: direct differences, added up dimension by dimension, where
    the distance is Euclidean between prepared points.
    """
    points = distance.prepared(embeddings)
    if not distance.power:
        return distance.between(points[anchor : anchor + 1], points)[0]
    squares = direct_squares(np.asarray(points, dtype=np.float64).T, np.arange(len(points)), anchor)
    return squares if distance.power == 2 else np.sqrt(squares)


def census_of_anchor(to_others: np.ndarray, labels: np.ndarray, anchor: int, margins: np.ndarray) -> AnchorTriplets:
    """(N,) distances to the anchor, (N,), ascending (M,) -> its triplets and their counts at every margin.

    Equal distances are ordered by row number.
    """
    is_same = labels == labels[anchor]
    positives = _nearest_first(np.flatnonzero(is_same & (np.arange(len(labels)) != anchor)), to_others)
    negatives = _nearest_first(np.flatnonzero(~is_same), to_others)
    to_positives, to_negatives = to_others[positives], to_others[negatives]
    hard = int(np.searchsorted(to_negatives, to_positives, side="left").sum())
    thresholds = to_positives[None, :] + margins.astype(to_others.dtype)[:, None]  # (M, K)
    closer = np.searchsorted(to_negatives, thresholds, side="left").sum(axis=1, dtype=np.int64)
    return AnchorTriplets(anchor, positives, negatives, to_positives, to_negatives, margins, hard, closer - hard)


def _nearest_first(rows: np.ndarray, to_others: np.ndarray) -> np.ndarray:
    return rows[np.argsort(to_others[rows], kind="stable")]

"""The triplets of one anchor, for a page that draws them; numpy alone, so that the web process may import it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True)
class AnchorTriplets:
    """All triplets of one anchor: its positives and negatives, nearest first, and the counts at M margins.

    `positives` and `negatives` are row numbers, beside them their distances (squared where asked). Each couple of a
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
        return len(self.positives) * len(self.negatives)

    @property
    def easy(self) -> np.ndarray:
        return self.total - self.hard - self.semi_hard


def distances_from(embeddings: np.ndarray, anchor: int, *, squared: bool = False) -> np.ndarray:
    """(N, D) -> the distance of every point to the anchor, (N,) float64.

    Direct differences, added up dimension by dimension: bit for bit a row of `pair_distances.distance_matrix`.
    """
    columns = np.asarray(embeddings, dtype=np.float64).T
    sums = np.zeros(columns.shape[1])
    for values in columns:
        difference = values - values[anchor]
        sums += difference * difference
    return sums if squared else np.sqrt(sums)


def census_of_anchor(
    to_others: np.ndarray, labels: np.ndarray, anchor: int, margins: np.ndarray, squared: bool = False
) -> AnchorTriplets:
    """(N,) distances to the anchor, (N,), ascending (M,) -> its triplets and their counts at every margin.

    `to_others` is not squared yet; `squared` squares it here. Equal distances are ordered by row number.
    """
    compared = to_others * to_others if squared else to_others
    is_same = labels == labels[anchor]
    positives = _nearest_first(np.flatnonzero(is_same & (np.arange(len(labels)) != anchor)), compared)
    negatives = _nearest_first(np.flatnonzero(~is_same), compared)
    to_positives, to_negatives = compared[positives], compared[negatives]
    hard = int(np.searchsorted(to_negatives, to_positives, side="left").sum())
    thresholds = to_positives[None, :] + margins.astype(compared.dtype)[:, None]  # (M, K)
    closer = np.searchsorted(to_negatives, thresholds, side="left").sum(axis=1, dtype=np.int64)
    return AnchorTriplets(anchor, positives, negatives, to_positives, to_negatives, margins, hard, closer - hard)


def _nearest_first(rows: np.ndarray, to_others: np.ndarray) -> np.ndarray:
    return rows[np.argsort(to_others[rows], kind="stable")]

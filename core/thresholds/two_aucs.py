"""Two AUCs whose difference says whether one threshold can serve everybody.

An AUC is the chance that a positive pair is closer than a negative one, ties counted half. Locally the two share their
anchor, so it is one minus the share of hard triplets at that anchor; overall they are any two pairs, so it is one minus
the share of quadruplets in wrong order, which is the AUC of verification. Where distances are small around one anchor
and large around another, each may rank its neighbours rightly while no one threshold fits both: the local AUC is then
the higher one. Distances are those of core/distance_rows.py, exact up to DIRECT_LIMIT points.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numba import njit

from core.brought.embeddings_file import check_embeddings
from core.distance_rows import direct_matrix
from core.distances import EUCLIDEAN
from core.distances.base import Distance
from core.pair_distances import auc, pair_distances
from core.scan import ROWS_AT_ONCE, RowsByClass


class TwoAucs(NamedTuple):
    """The mean over the anchors with a positive, and that of all positive and negative pairs."""

    local: float
    overall: float

    @property
    def gap(self) -> float:
        """What ranking around each anchor gains over one order of all pairs."""
        return self.local - self.overall


def calibration_gap(embeddings: np.ndarray, labels: np.ndarray, distance: Distance = EUCLIDEAN) -> TwoAucs:
    """(N, D), (N,) -> both AUCs, nothing sampled; every anchor counts alike, however many positives it has."""
    check_embeddings(embeddings, labels)
    points = distance.prepared(embeddings)
    distances = direct_matrix(points, distance)
    local = local_aucs(RowsByClass(points, labels, distance, distances))
    return TwoAucs(float(local[~np.isnan(local)].mean()), auc(pair_distances(points, labels, distances, distance)))


def local_aucs(rows: RowsByClass) -> np.ndarray:
    """The AUC of each anchor's own pairs, in order of the labels (N,); NaN where it has no positive."""
    found = np.empty(len(rows.order))
    for start in range(0, len(found), ROWS_AT_ONCE):
        stop = min(start + ROWS_AT_ONCE, len(found))
        block, _ = rows.block(start, stop)
        here = slice(start, stop)
        _rank_positives(block, start, rows.begin[here], rows.end[here], found[here])
    return found


@njit(cache=True, nogil=True)
def _rank_positives(block: np.ndarray, start: int, begin: np.ndarray, end: np.ndarray, found: np.ndarray) -> None:
    """Write the AUC of each row: its class is the columns begin to end, its own column is its number + start."""
    for index in range(len(block)):
        row, first, last = block[index], begin[index], end[index]
        positives = np.sort(np.concatenate((row[first : start + index], row[start + index + 1 : last])))
        size, misplaced, tied = len(positives), 0, 0
        if size == 0:
            found[index] = np.nan
            continue
        for column in range(len(row)):
            negative = row[column]
            if negative <= positives[-1] and not first <= column < last:
                place = np.searchsorted(positives, negative)
                misplaced += size - place
                if positives[place] == negative:
                    tied += np.searchsorted(positives, negative, side="right") - place
        found[index] = 1 - (misplaced - tied / 2) / (size * (len(row) - last + first))

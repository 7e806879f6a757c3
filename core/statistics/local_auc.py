"""Two AUCs whose difference says whether one threshold can serve everybody.

An AUC is the chance that a positive pair is closer than a negative one, ties counted half. Locally the two share their
anchor, so it is one minus the share of hard triplets at that anchor; overall they are any two pairs, so it is one minus
the share of quadruplets in wrong order, which is the AUC of verification. Where distances are small around one anchor
and large around another, each may rank its neighbours rightly while no one threshold fits both: the local AUC is then
the higher one. Distances are those of core/statistics/distance_blocks.py, exact.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from core.distances import EUCLIDEAN
from core.distances.base import Distance
from core.statistics.checks import check_embeddings
from core.statistics.distance_blocks import direct_matrix
from core.statistics.pair_distances import auc, pair_distances
from core.statistics.row_scan import scan


class TwoAucs(NamedTuple):
    """The mean over the anchors with a positive, and that of all positive and negative pairs."""

    local: float
    overall: float


def local_aucs(embeddings: np.ndarray, labels: np.ndarray, distance: Distance = EUCLIDEAN) -> np.ndarray:
    """(N, D), (N,) -> (N,) float64: of each anchor the share of all its triplets in which the positive is closer, ties
    counted half; NaN of one without a positive. Equal orders give equal shares to the last bit."""
    check_embeddings(embeddings, labels)
    points = distance.prepared(embeddings)
    distances = direct_matrix(points, distance)
    found = scan(points, labels, np.zeros(1), with_local_aucs=True, distance=distance, distances=distances).local_aucs
    _, of_point, counts = np.unique(labels, return_inverse=True, return_counts=True)
    has_positives = counts[of_point.reshape(-1)] > 1
    order = np.argsort(labels, kind="stable")  # in which a scan tells them
    shares = np.full(len(labels), np.nan)
    shares[order[has_positives[order]]] = found
    return shares


def calibration_gap(embeddings: np.ndarray, labels: np.ndarray, distance: Distance = EUCLIDEAN) -> TwoAucs:
    """(N, D), (N,) -> both AUCs, nothing sampled; every anchor counts alike, however many positives it has."""
    check_embeddings(embeddings, labels)
    points = distance.prepared(embeddings)
    distances = direct_matrix(points, distance)
    found = scan(points, labels, np.zeros(1), with_local_aucs=True, distance=distance, distances=distances)
    return TwoAucs(float(found.local_aucs.mean()), auc(pair_distances(points, labels, distances, distance)))

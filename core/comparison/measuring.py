"""Measures what one training has reached (reached.py); numba, for workers."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from core.comparison.reached import DRAWN, Reached
from core.distances import EUCLIDEAN
from core.distances.base import Distance
from core.evidence.appraisal import MOST_POINTS
from core.evidence.bootstrap import LEAST_IDENTITIES, bootstrap
from core.evidence.identity_counts import identity_sums
from core.evidence.protocol_differences import parts_of_auc
from core.evidence.seeded_differences import parts_of_mean
from core.statistics.grouped_retrieval import grouped_recalls
from core.statistics.pair_distances import auc, pair_distances
from core.statistics.roc import Curve, equal_error_rate
from core.statistics.row_scan import scan
from core.statistics.spectrum import spectrum

FAR = 0.01
SEED = 0  # of the draws


def reached(embeddings: np.ndarray, labels: np.ndarray, edges: np.ndarray, distance: Distance = EUCLIDEAN) -> Reached:
    """(N, D), (N,), (S + 1,) ascending edges around all distances -> the numbers of one space.

    recall_at_1, r_precision, map_at_r: means over the queries. grouped_recall_at_1: see grouped_retrieval.py. auc: of
    all pairs. eer and frr_at_far: on all pairs, at the thresholds that are right there; their draws are those of
    bootstrap.py, and there are none of more than MOST_POINTS points and of fewer than LEAST_IDENTITIES identities.
    effective_rank and density: see spectrum.py; density is the spread within classes over that of all.
    """
    points = distance.prepared(embeddings)
    identities, of_point, counts = np.unique(labels, return_inverse=True, return_counts=True)
    asking = of_point.reshape(-1)[counts[of_point.reshape(-1)] > 1]
    found = scan(points, labels, np.empty(0), depth=1, distance=distance).scores
    of_queries = {
        "recall_at_1": (found[:, 0] == 1).astype(np.float64),
        "grouped_recall_at_1": grouped_recalls(embeddings, labels, distance=distance),
        "r_precision": found[:, 1],
        "map_at_r": found[:, 2],
    }
    pairs = identity_sums(points, labels, edges, distance=distance).pairs()
    filled = spectrum(embeddings, labels)
    values = {key: float(scores.mean()) for key, scores in of_queries.items()}
    values["auc"] = auc(pair_distances(embeddings, labels, distance=distance))
    values |= {key: rate(pairs.curve) for key, rate in RATES.items()}
    values["effective_rank"] = filled["effective_rank"]
    values["density"] = filled["spread_within"] / filled["spread"] if filled["spread"] else 1.0
    parts = {key: parts_of_mean(scores, asking, len(identities)) for key, scores in of_queries.items()}
    return Reached(
        identities, counts, values, parts | {"auc": parts_of_auc(pairs)}, _draws(points, labels, edges, distance)
    )


def frr_at_far(curve: Curve) -> float:
    """The smallest share of genuine pairs refused at a threshold that accepts at most FAR of the impostor pairs."""
    meets = curve.false_accept_rate <= FAR
    return float(curve.false_reject_rate[meets].min())  # a threshold that refuses everybody is always among them


def eer(curve: Curve) -> float:
    """The equal error rate at the thresholds of a curve."""
    return float(equal_error_rate(curve)[0])


RATES: dict[str, Callable[[Curve], float]] = dict(zip(DRAWN, (eer, frr_at_far), strict=True))


def _draws(points: np.ndarray, labels: np.ndarray, edges: np.ndarray, distance: Distance) -> dict[str, np.ndarray]:
    several = int((np.unique(labels, return_counts=True)[1] > 1).sum())
    if len(points) > MOST_POINTS or several < LEAST_IDENTITIES:
        return {}
    drawn = bootstrap(points, labels, edges, np.random.default_rng(SEED), distance=distance)
    curves = list(drawn.curves())
    return {key: np.array([rate(curve) for curve in curves]) for key, rate in RATES.items()}

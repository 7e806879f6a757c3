"""Whether one space retrieves better than another on the same samples: a difference with its interval.

Every query asks in both spaces, so its two scores are a pair. Queries of one identity tend to be wrong together, so the
identities are what is drawn: the standard error is that of a mean over clusters (Liang and Zeger 1986, with Student's t
of one degree of freedom less than identities).
"""

from __future__ import annotations

import numpy as np

from core.distances import EUCLIDEAN
from core.distances.base import Distance
from core.evidence.seeded_differences import parts_of_mean, seeded_difference
from core.records.vectors_beside import VectorsBeside
from core.statistics.baselines import COSINE, VECTORS, unit_vectors
from core.statistics.row_scan import scan


def map_at_r_beside(
    embeddings: np.ndarray, vectors: np.ndarray, labels: np.ndarray, distance: Distance = EUCLIDEAN
) -> VectorsBeside:
    """Trained embeddings (N, K) compared by `distance`, the vectors (N, D) that they were made of, labels (N,) -> how
    they compare with the vectors by Euclidean distance or by cosine, whichever retrieves better."""
    trained = query_scores(embeddings, labels, distance)
    spaces = {VECTORS: vectors, COSINE: unit_vectors(vectors)}
    scores = {name: query_scores(points, labels) for name, points in spaces.items()}
    best = max(scores, key=lambda name: float(scores[name].mean()))
    of_queries = labels[_asks(labels)]
    low, high = clustered_interval(trained - scores[best], of_queries)
    identities = len(np.unique(of_queries))
    ends = max(low, -1.0), min(high, 1.0)  # further apart no two shares can be
    return VectorsBeside(best, float(trained.mean()), float(scores[best].mean()), *ends, identities)


def query_scores(points: np.ndarray, labels: np.ndarray, distance: Distance = EUCLIDEAN) -> np.ndarray:
    """(N, D), (N,) -> MAP@R of each point whose class has another one, in their order (Q,)."""
    return scan(distance.prepared(points), labels, np.empty(0), depth=1, distance=distance).scores[:, 2]


def clustered_interval(values: np.ndarray, identities: np.ndarray) -> tuple[float, float]:
    """(Q,) values, (Q,) of whom -> the 95 % interval of their mean; all numbers for one identity.

    The variance of the mean is the sum over identities of the square of what theirs deviate from it in all, over Q^2,
    times G / (G - 1) for G identities.
    """
    place = np.unique(identities, return_inverse=True)[1].reshape(-1)
    parts = parts_of_mean(values, place, int(place.max()) + 1)
    found = seeded_difference(np.array([values.mean()]), parts[None])
    return found.low, found.high


def _asks(labels: np.ndarray) -> np.ndarray:
    """(N,) -> which points have another of their class (N,) bool."""
    _, place, sizes = np.unique(labels, return_inverse=True, return_counts=True)
    return sizes[place.reshape(-1)] > 1

"""Recall@1 among few identities at a time, so that sets with different numbers of them can be compared.

Among more identities there are more wrong answers, and Recall@1 falls without the space being any worse. Here every
query asks within a group of a fixed number of identities, drawn at random, again and again; in each draw an identity is
in one group, or in none where the groups do not come out even. Order is that of retrieval.py: by the exact distance,
ties by lower row.
"""

from __future__ import annotations

import numpy as np

from core.distances import EUCLIDEAN
from core.distances.base import Distance
from core.statistics.row_scan import scan

GROUP_SIZE, DRAWS = 10, 20


def grouped_recalls(
    embeddings: np.ndarray,
    labels: np.ndarray,
    *,
    size: int = GROUP_SIZE,
    draws: int = DRAWS,
    seed: int = 0,
    distance: Distance = EUCLIDEAN,
) -> np.ndarray:
    """(N, D), (N,) -> in which share of the draws that it was in the nearest of each point whose class has another one
    is of its class (Q,), in the order of the points.

    A group has `size` identities; where there are no more than that, all are one group. There are more draws than asked
    for where somebody was in none of them. The same labels and seed draw the same groups, whatever the embeddings.
    Raises ValueError for a size below 2 and for no draw.
    """
    if size < 2 or draws < 1:
        raise ValueError(f"size must be at least 2 and draws at least 1, got {size} and {draws}. Ask for 10 and 20.")
    points, generator = distance.prepared(embeddings), np.random.default_rng(seed)
    identities, of_point, counts = np.unique(labels, return_inverse=True, return_counts=True)
    of_point = of_point.reshape(-1)
    size = min(size, len(identities))
    right, drawn = np.zeros(len(labels)), np.zeros(len(identities), np.int64)
    while draws > 0 or not drawn.all():
        order = generator.permutation(len(identities))
        for start in range(0, len(order) - size + 1, size):
            group = order[start : start + size]
            drawn[group] += 1
            rows = np.flatnonzero(np.isin(of_point, group))
            asking = counts[of_point[rows]] > 1
            if asking.any():
                found = scan(points[rows], of_point[rows], np.empty(0), depth=1, distance=distance)
                right[rows[asking]] += found.scores[:, 0] == 1
        draws = 0 if size == len(identities) else draws - 1  # of all together one draw is as good as many
    asks = counts[of_point] > 1
    return (right / drawn[of_point])[asks]

"""How far a map in the plane can be trusted: neighbours, the order of distances in triplets, and another map beside it;
numpy alone.

Neighbours are judged by trustworthiness (core/statistics/map_faithfulness.py) and by how many of those on the map are
true ones. A triplet contradicts the truth where the map has its negative nearer to the anchor than its positive and the
embedding has it further away, or the other way round. Triplets whose two true distances are equal have no order and do
not count; one whose two distances on the map are equal counts half, because the map says neither. A map that knows
nothing of the embedding has a share of 0.5.
"""

from __future__ import annotations

from dataclasses import astuple, dataclass

import numpy as np

from core.distances import EUCLIDEAN
from core.distances.base import Distance
from core.statistics.exact_distances import direct_squares
from core.statistics.map_faithfulness import faithfulness, map_errors
from core.statistics.neighbourhoods import NEIGHBOURS
from core.statistics.rank_orders import RankOrders

MOST_TRIPLETS = 100_000  # whose share is off by 0.0016 or less, as a standard error


@dataclass(frozen=True)
class MapQuality:
    """Of a map of `count` points: trustworthiness with k neighbours, the share of the k nearest on the map that are
    among the k true ones, and of so many triplets that have an order the share that the map contradicts.

    NaN: both of the first for fewer than three points, the last where no triplet has an order.
    """

    count: int
    k: int
    trustworthiness: float
    true_share: float
    triplets: int
    contradicted: float

    def array(self) -> np.ndarray:
        """What `from_array` takes."""
        return np.array(astuple(self), np.float64)

    @classmethod
    def from_array(cls, array: np.ndarray) -> MapQuality:
        """Out of what `array` gave."""
        count, k, trustworthiness, true_share, triplets, contradicted = array.tolist()
        return cls(int(count), int(k), trustworthiness, true_share, int(triplets), contradicted)


def map_quality(
    points: np.ndarray,
    labels: np.ndarray,
    layout: np.ndarray,
    *,
    distance: Distance = EUCLIDEAN,
    most_triplets: int = MOST_TRIPLETS,
) -> MapQuality:
    """Prepared points (N, D), (N,), (N, 2) -> how far this map of them can be trusted, by this distance.

    Neighbours of equal distance stand by lower row, in the embedding and on the map. The triplets are all there are, or
    `most_triplets` of them, drawn with equal chances and always the same ones.
    """
    k = neighbours_of(len(points))
    ranks, lost = _neighbours_lost(points, layout, k, distance)
    counted, contradicted = _contradicted(points, layout, drawn_triplets(labels, most_triplets), distance)
    return MapQuality(len(points), k, faithfulness(ranks, len(points), k), 1 - lost, counted, contradicted)


def agreement(first: np.ndarray, second: np.ndarray) -> float:
    """Two maps (N, 2) of the same points -> the share of each point's k nearest on one that are among its k nearest on
    the other, k as for `map_quality`; NaN for fewer than three points. Neighbours of equal distance stand by lower
    row, and maps that know nothing of each other share k / (N - 1)."""
    return 1 - _neighbours_lost(first, second, neighbours_of(len(first)))[1]


def neighbours_of(count: int) -> int:
    """How many neighbours a map of so many points is judged by: NEIGHBOURS, or as many as are fewer than half of
    them."""
    return max(min(NEIGHBOURS, (count - 1) // 2), 0)


def drawn_triplets(labels: np.ndarray, most: int) -> np.ndarray:
    """(N,) -> anchors, positives of their class and negatives of another, (T, 3) rows: all triplets where there are at
    most so many, otherwise that many, drawn with equal chances, of which some may be the same."""
    order = np.argsort(labels, kind="stable")
    _, place, sizes = np.unique(labels, return_inverse=True, return_counts=True)
    starts = np.cumsum(sizes) - sizes
    kind = place[order]  # of the points in this order, class by class
    positives, negatives = sizes[kind] - 1, len(labels) - sizes[kind]
    ends = np.cumsum(positives * negatives)
    total = int(ends[-1]) if len(ends) else 0
    numbers = np.arange(total) if total <= most else np.random.default_rng(0).integers(0, total, most)
    anchor = np.searchsorted(ends, numbers, side="right")
    start, size = starts[kind[anchor]], sizes[kind[anchor]]
    positive, negative = np.divmod(numbers - (ends - positives * negatives)[anchor], negatives[anchor])
    positive = positive + start
    positive += positive >= anchor  # it is none of its own
    negative = negative + np.where(negative >= start, size, 0)
    return order[np.stack([anchor, positive, negative], axis=1)]


def _neighbours_lost(
    points: np.ndarray, layout: np.ndarray, k: int, distance: Distance = EUCLIDEAN
) -> tuple[int, float]:
    """The ranks beyond k of all strangers among the k nearest on the map, and the share of the k true ones that it
    loses; NaN for no neighbours."""
    if not k:
        return 0, float("nan")
    true, of_map = RankOrders(points, distance), RankOrders(layout)
    errors = [map_errors(true.of(*rows), of_map.of(*rows), k) for rows in true.blocks()]
    lost = sum(int(one.lost.sum()) for one in errors)
    return sum(one.stranger_ranks for one in errors), lost / (len(points) * k)


def _contradicted(
    points: np.ndarray, layout: np.ndarray, triplets: np.ndarray, distance: Distance
) -> tuple[int, float]:
    """Of how many triplets (T, 3) there is a true order, and the share of these whose order on the map is another."""
    truth, on_map = _order(points, triplets, distance), _order(layout, triplets, EUCLIDEAN)
    on_map = on_map[truth != 0] * truth[truth != 0]
    share = float((np.count_nonzero(on_map < 0) + np.count_nonzero(on_map == 0) / 2) / max(len(on_map), 1))
    return len(on_map), share if len(on_map) else float("nan")


def _order(points: np.ndarray, triplets: np.ndarray, distance: Distance) -> np.ndarray:
    """(T,) 1 where the negative is further from the anchor than the positive, -1 where it is nearer, 0 in between."""
    anchors, positives, negatives = triplets.T
    if distance.power:  # their squares are in the same order
        columns = np.ascontiguousarray(points.T, dtype=np.float64)
        to_negatives, to_positives = (direct_squares(columns, anchors, others) for others in (negatives, positives))
        return np.sign(to_negatives - to_positives)
    order = np.empty(len(triplets))
    for anchor in np.unique(anchors):
        own = np.flatnonzero(anchors == anchor)
        to_others = distance.between(points[[anchor]], points)[0]
        order[own] = np.sign(to_others[negatives[own]] - to_others[positives[own]])
    return order

"""The statistics of a snapshot whose points have roles (roles.py): what is counted, and by which rule.

- Recall@K (the CMC curve at rank K): the share of queries with one of their identity among their K nearest in the
  gallery.
- R-precision and MAP@R as in core/statistics/retrieval.py, with R the points of the query's identity that stand in the
  gallery for it. Mean average precision, the mAP of re-identification, goes through the whole gallery instead of its R
  nearest: the mean, over all of the query's identity, of the precision down to it.
- A query whose identity nobody else in the gallery has asks nothing: it is left out of these means, and counted.
- Positive and negative pairs, their mean distances, histogram, AUC and EER: each pair that counts, once.
- Triplets of the census: a query, one of its identity and one that is not, both found by it in the gallery.

Order is by distance in float64, ties by lower row. All distances are direct differences in float64, whatever the number
of points, so that ties are exact; that is slower than the pass over a whole snapshot in core/statistics/row_scan.py,
which it equals where all points are both.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from core.distances import EUCLIDEAN
from core.distances.base import Distance
from core.reidentification.pairs import GalleryDistances
from core.reidentification.roles import Roles
from core.statistics.pair_distances import PairDistances, auc, default_edges, histogram
from core.statistics.retrieval import LARGEST_K, Retrieval
from core.statistics.roc import exact_equal_error_rate
from core.statistics.spans import default_margins, span_of
from core.statistics.summary import Statistics, numbers_of
from core.statistics.threshold_grid import threshold_grid
from core.statistics.triplet_census import CensusCurve, check_margins, checked_steps

MOST_COMPARED = 100_000_000  # queries x gallery: 10,000 points that are both


@dataclass(frozen=True)
class RoleCensus:
    """What Q queries with somebody to find have met, and the pairs that count, ascending (P,).

    `scores` (Q, 4): rank of the nearest positive, R-precision, MAP@R and average precision. `closer` (M,): triplets
    with d_an < d_ap + added for each added number, of `total`.
    """

    scores: np.ndarray
    closer: np.ndarray
    total: int
    positive: np.ndarray
    negative: np.ndarray

    @property
    def retrieval(self) -> Retrieval:
        """The means over all queries."""
        ranks = self.scores[:, 0]
        recalls = tuple(float((ranks <= k).mean()) for k in range(1, LARGEST_K + 1))
        r_precision, map_at_r = self.scores[:, 1:3].mean(axis=0).tolist()
        return Retrieval(recalls, r_precision, map_at_r, len(self.scores))

    @property
    def further_means(self) -> dict[str, float]:
        """What a protocol of re-identification tells beside the first rank."""
        recalls = self.retrieval.recalls
        return {
            "recall_at_5": recalls[4],
            "recall_at_10": recalls[9],
            "mean_average_precision": float(self.scores[:, 3].mean()),
        }


def summarise_by_role(
    embeddings: np.ndarray,
    roles: Roles,
    *,
    margin: float,
    distance: Distance = EUCLIDEAN,
    margins: np.ndarray | None = None,
    bins: int = 1024,
) -> Statistics:
    """(N, D) and the roles of its points -> the statistics at one margin and along a grid, as `summarise` does.

    `points` and `classes` count all but junk, and of these distractors are of no class.
    """
    check_margins(np.array([margin]))
    rows, kept = roles.without_junk()
    embeddings = embeddings[rows]
    margins = default_margins(embeddings, margin, distance) if margins is None else margins
    grid = np.union1d(margins, [margin])
    census = census_by_role(distance.prepared(embeddings), kept, checked_steps(grid), distance)
    curve = CensusCurve(grid, int(census.closer[0]), census.closer[1:] - census.closer[0], census.total)
    pairs = PairDistances(census.positive, census.negative)
    edges = default_edges(pairs, bins, span=span_of(embeddings, distance))
    numbers = numbers_of(curve, margin, census.retrieval, kept.labels) | {"classes": kept.identities}
    numbers |= _pair_numbers(pairs) | census.further_means | roles.described()
    semi_hard = curve.semi_hard[np.searchsorted(grid, margins)]
    return Statistics(numbers, edges, *histogram(pairs, edges), margins, semi_hard, threshold_grid(pairs))


def census_by_role(points: np.ndarray, roles: Roles, added: np.ndarray, distance: Distance = EUCLIDEAN) -> RoleCensus:
    """Prepared points (N, D) and their roles, none of them junk, ascending (M,) numbers added to d_ap -> what all
    queries meet."""
    _check_number(roles)
    distances, counts = GalleryDistances(points, roles.gallery, distance), roles.counts
    positive, negative = np.empty(counts["positive_pairs"]), np.empty(counts["negative_pairs"])
    scores: list[tuple[float, float, float, float]] = []
    closer, total, ends = np.zeros(len(added), np.int64), 0, [0, 0]
    for query in roles.queries.tolist():
        to_gallery, (there, is_same), new = distances.of(query), roles.found_by(query), roles.new_pairs_of(query)
        for side, into, chosen in ((0, positive, new & is_same), (1, negative, new & ~is_same)):
            own = to_gallery[chosen]
            into[ends[side] : ends[side] + len(own)] = own
            ends[side] += len(own)
        if not is_same.any():
            continue
        order = np.argsort(to_gallery[there], kind="stable")
        scores.append(_scored(is_same[there][order]))
        to_positives, to_negatives = np.sort(to_gallery[is_same]), np.sort(to_gallery[there & ~is_same])
        total += len(to_positives) * len(to_negatives)
        limits = to_positives[:, None] + added  # (K, M)
        closer += np.searchsorted(to_negatives, limits, side="left").sum(axis=0, dtype=np.int64)
    positive.sort()
    negative.sort()
    return RoleCensus(np.array(scores), closer, total, positive, negative)


def _scored(is_match: np.ndarray) -> tuple[float, float, float, float]:
    """Whether each of the gallery, nearest first, is of the query's identity -> as in `RoleCensus.scores`."""
    ranks = np.flatnonzero(is_match) + 1
    relevant = len(ranks)
    precisions = np.arange(1, relevant + 1) / ranks
    near = ranks <= relevant
    return float(ranks[0]), near.sum() / relevant, precisions[near].sum() / relevant, float(precisions.mean())


def _pair_numbers(pairs: PairDistances) -> dict[str, int | float]:
    eer, eer_threshold = exact_equal_error_rate(pairs)
    return {
        "positive_pairs": len(pairs.positive),
        "negative_pairs": len(pairs.negative),
        "auc": auc(pairs),
        "eer": eer,
        "eer_threshold": eer_threshold,
        "mean_positive_distance": float(pairs.positive.mean()),
        "mean_negative_distance": float(pairs.negative.mean()),
    }


def _check_number(roles: Roles) -> None:
    if roles.compared > MOST_COMPARED:
        raise ValueError(
            f"queries x gallery must be at most {MOST_COMPARED:,} distances where points have roles, got "
            f"{len(roles.queries):,} x {len(roles.gallery):,}. Take fewer queries or a smaller gallery."
        )

"""The pairs that count where points have roles (roles.py), one by one, with their distances; numpy alone.

Distances are direct differences in float64, each from its two points alone, so that ties are exact.
"""

from __future__ import annotations

import numpy as np

from core.distances import EUCLIDEAN
from core.distances.base import Distance
from core.reidentification.roles import Roles
from core.statistics.roc import auc, exact_equal_error_rate
from core.verification.scored_pairs import ScoredPairs

MOST_LISTED = 50_000_000  # pairs that are held at once, with two identities each: those of 10,000 points that are both


class GalleryDistances:
    """Distances from one point to the gallery (G,), each from its two prepared points alone, in float64."""

    def __init__(self, points: np.ndarray, gallery: np.ndarray, distance: Distance = EUCLIDEAN) -> None:
        self._points, self._gallery, self._distance = points, points[gallery], distance
        self._columns = np.ascontiguousarray(self._gallery.T, dtype=np.float64) if distance.power else None

    def of(self, point: int) -> np.ndarray:
        """The distances of one point to all of the gallery (G,)."""
        if self._columns is None:
            return self._distance.between(self._points[point : point + 1], self._gallery)[0]
        sums, difference = np.zeros(len(self._gallery)), np.empty(len(self._gallery))
        for values, here in zip(self._columns, self._points[point].astype(np.float64), strict=True):
            np.subtract(values, here, out=difference)
            difference *= difference
            sums += difference
        return sums if self._distance.power == 2 else np.sqrt(sums, out=sums)


def listed_pairs(
    embeddings: np.ndarray, roles: Roles, class_names: tuple[str, ...], distance: Distance = EUCLIDEAN
) -> ScoredPairs:
    """(N, D) and the roles of its points -> the pairs that count, with their distances and identities, in order of the
    query and of the gallery.

    Every distractor is an identity of its own, since nobody says whose it is.
    """
    _check_listed(roles)
    names, identity = _named(roles, class_names)
    rows, roles = roles.without_junk()
    points, gallery, identity = distance.prepared(embeddings[rows]), roles.gallery, identity[rows]
    distances = GalleryDistances(points, gallery, distance)
    count = roles.counts["positive_pairs"] + roles.counts["negative_pairs"]
    apart, is_same = np.empty(count), np.empty(count, bool)
    first, second, end = np.empty(count, np.int64), np.empty(count, np.int64), 0
    for query in roles.queries.tolist():
        new = roles.new_pairs_of(query)
        here = slice(end, end := end + int(new.sum()))
        apart[here], is_same[here] = distances.of(query)[new], roles.found_by(query)[1][new]
        first[here], second[here] = identity[query], identity[gallery[new]]
    return ScoredPairs(apart, is_same, first, second, names)


def listed_rows(roles: Roles) -> tuple[np.ndarray, np.ndarray]:
    """The rows of the two points of each of `listed_pairs` (P,), the query's first."""
    others = [roles.gallery[roles.new_pairs_of(query)] for query in roles.queries.tolist()]
    return np.repeat(roles.queries, [len(rows) for rows in others]), np.concatenate(others)


def numbers_by_role(pairs: ScoredPairs, roles: Roles) -> dict[str, float]:
    """Of all pairs that count: EER and AUC; of the points but junk: how many, and of how many identities."""
    points = int((roles.is_query | roles.in_gallery).sum())
    return {
        "eer": exact_equal_error_rate(pairs)[0],
        "auc": auc(pairs),
        "points": points,
        "classes": roles.identities,
    }


def _named(roles: Roles, class_names: tuple[str, ...]) -> tuple[tuple[str, ...], np.ndarray]:
    """The sorted names of all identities, and the place of each point's among them (N,); distractors bear their row."""
    names = np.array(class_names, dtype=np.str_)[roles.labels].astype(object)
    for row in np.flatnonzero(roles.is_distractor).tolist():
        names[row] = f"{names[row]}, distractor in row {row}"
    there = roles.is_query | roles.in_gallery
    kept, place = np.unique(names[there].astype(np.str_), return_inverse=True)
    places = np.full(len(names), -1, np.int64)
    places[there] = place.reshape(-1)
    return tuple(kept.tolist()), places


def _check_listed(roles: Roles) -> None:
    pairs = roles.counts["positive_pairs"] + roles.counts["negative_pairs"]
    if pairs > MOST_LISTED:
        raise ValueError(
            f"a threshold must come from at most {MOST_LISTED:,} pairs where points have roles, got {pairs:,}. "
            "Take fewer queries or a smaller gallery."
        )

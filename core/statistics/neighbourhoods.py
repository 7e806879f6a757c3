"""The neighbourhoods of all points of a snapshot, in one pass over all pairs: who is near, how rank lists fare, and
what the map makes of it; numpy alone."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from core.distances import EUCLIDEAN
from core.distances.base import Distance
from core.statistics.map_faithfulness import faithfulness, map_errors
from core.statistics.rank_lists import RankScores, rank_scores
from core.statistics.rank_orders import RankOrders

NEIGHBOURS = 10
Done = Callable[[float], None]


@dataclass(frozen=True)
class Neighbourhoods:
    """Of N points: the rows (N, K) of the K nearest, nearest first, and their distances (N, K); scores of the rank
    lists; how many of the K each one loses on the map (N,), -1 everywhere where there is none.

    `copies` (N,) are each point's nearest by the Euclidean distance of the embeddings, `apart` (N,) how far they are.
    """

    rows: np.ndarray
    distances: np.ndarray
    scores: RankScores
    lost: np.ndarray
    copies: np.ndarray
    apart: np.ndarray
    trustworthiness: float
    continuity: float

    @property
    def k(self) -> int:
        """How many neighbours each point has here: NEIGHBOURS, or all others of few points."""
        return self.rows.shape[1]

    @cached_property
    def occurrences(self) -> np.ndarray:
        """(N,) among the K nearest of how many others each point is: N_k of Radovanovic et al. 2010."""
        return np.bincount(self.rows.ravel(), minlength=len(self.rows))

    @property
    def lost_share(self) -> float:
        """The share of all true neighbours that the map loses; NaN without a map."""
        return float(self.lost.mean() / self.k) if len(self.lost) and self.lost.min() >= 0 else float("nan")

    def arrays(self) -> dict[str, np.ndarray]:
        """What `from_arrays` takes."""
        return {
            "rows": self.rows,
            "distances": self.distances,
            **self.scores._asdict(),
            "lost": self.lost,
            "copies": self.copies,
            "apart": self.apart,
            "map": np.array([self.trustworthiness, self.continuity]),
        }

    @classmethod
    def from_arrays(cls, arrays: Mapping[str, np.ndarray]) -> Neighbourhoods:
        """Out of what `arrays` gave."""
        scores = RankScores(*(arrays[name] for name in RankScores._fields))
        kept = {name: arrays[name] for name in ("rows", "distances", "lost", "copies", "apart")}
        return cls(scores=scores, trustworthiness=float(arrays["map"][0]), continuity=float(arrays["map"][1]), **kept)


def neighbourhoods(
    embeddings: np.ndarray,
    labels: np.ndarray,
    layout: np.ndarray | None = None,
    *,
    distance: Distance = EUCLIDEAN,
    done: Done = lambda share: None,
) -> Neighbourhoods:
    """(N, D), (N,) and the map (N, 2) where there is one -> the neighbourhoods by this distance; `done` is told the
    share of the points that is gone through. Raises ValueError for fewer than two points."""
    count = len(labels)
    if count < 2:
        raise ValueError(f"neighbourhoods must have two points, got {count}. Bring more points.")
    work = _Pass(embeddings, labels, layout, distance)
    for start, stop in work.true.blocks():
        work.take(start, stop)
        done(stop / count)
    return work.found()


class _Pass:
    def __init__(
        self, embeddings: np.ndarray, labels: np.ndarray, layout: np.ndarray | None, distance: Distance
    ) -> None:
        count = len(labels)
        self._labels, self._k = labels, min(NEIGHBOURS, count - 1)
        self.true = RankOrders(distance.prepared(embeddings), distance)
        self._map = None if layout is None else RankOrders(layout)
        # A copy is one by any distance, but only some distances put it nearest.
        self._plain = None if distance.name == EUCLIDEAN.name else RankOrders(embeddings)
        self._rows, self._distances = np.empty((count, self._k), np.int32), np.empty((count, self._k))
        self._copies, self._apart = np.empty(count, np.int32), np.empty(count)
        self._scores: list[RankScores] = []
        self._lost, self._ranks = np.full(count, -1, np.int16), np.zeros(2, np.int64)

    def take(self, start: int, stop: int) -> None:
        """Go through the others of these rows."""
        order = self.true.of(start, stop)
        near = order[:, : self._k]
        self._rows[start:stop], self._distances[start:stop] = near, self.true.nearest(start, near)
        self._scores.append(rank_scores(self._labels[order] == self._labels[start:stop, None]))
        copies = near[:, :1] if self._plain is None else self._plain.of(start, stop)[:, :1]
        self._copies[start:stop] = copies[:, 0]
        self._apart[start:stop] = (self._plain or self.true).nearest(start, copies)[:, 0]
        if self._map is not None:
            errors = map_errors(order, self._map.of(start, stop), self._k)
            self._lost[start:stop] = errors.lost
            self._ranks += errors.stranger_ranks, errors.lost_ranks

    def found(self) -> Neighbourhoods:
        """What all rows have found."""
        scores = RankScores(*map(np.concatenate, zip(*self._scores, strict=True)))
        count = len(self._labels)
        trust, continuity = (
            float("nan") if self._map is None else faithfulness(int(ranks), count, self._k) for ranks in self._ranks
        )
        return Neighbourhoods(
            self._rows, self._distances, scores, self._lost, self._copies, self._apart, trust, continuity
        )

"""Pairs whose distance lies near a threshold, looked up among all pairs of a set; numpy alone, so that the web process
may import it.

Nothing else of the pairs is ever held.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from typing import NamedTuple, Protocol

import numpy as np

from core.distances import EUCLIDEAN
from core.distances.base import Distance
from core.statistics.crossing import Crossing
from core.statistics.exact_distances import ROWS_AT_ONCE, ExactDistances, exact_distances
from core.verification.protocols import FOLD_COUNT, FOLDS, OTHERS, parts, parts_of_pairs
from core.verification.scored_pairs import ScoredPairs

MOST_POINTS = 10_000  # that are compared while a reader waits
MOST_HELD = 1 << 21  # pairs; more of them are counted by distance
MOST_CUTS = 1 << 12
SAMPLE = 2048  # points, the distances of whose pairs are cuts
NOBODY = -1  # the part of a pair that no side of a protocol has
Advance = Callable[[float], None]


class NearPairs(NamedTuple):
    """Distances (K,), whether they are of pairs of one class (K,), the parts of the protocol that both ends belong to
    (2, K), and the number of pairs at each (K,), None where that is one: of many pairs it would take most memory."""

    distances: np.ndarray
    is_same: np.ndarray
    parts: np.ndarray
    counts: np.ndarray | None = None

    @property
    def at_each(self) -> np.ndarray:
        """The number of pairs at each distance (K,)."""
        return np.ones(len(self.distances), np.int64) if self.counts is None else self.counts

    def chosen(self, rows: np.ndarray) -> NearPairs:
        """Some of the pairs."""
        counts = None if self.counts is None else self.counts[rows]
        return NearPairs(self.distances[rows], self.is_same[rows], self.parts[:, rows], counts)


Expected = Callable[[NearPairs], np.ndarray]  # from some of the pairs to the spans in which others will be asked for


class Counted(NamedTuple):
    """Pairs up to each of some distances, from the one before, as so many `at` that distance; `some` pairs, whose
    distances these are; and those `listed` that lie in the spans expected (M, 2) to be asked for next."""

    at: NearPairs
    some: NearPairs
    expected: np.ndarray
    listed: NearPairs


class ExactPairs(Protocol):
    """All pairs of a set, by their exact distances."""

    def within(self, spans: np.ndarray, protocol: str) -> NearPairs:
        """Those within spans (M, 2) of distance (low, high], ascending and apart."""
        ...

    def counted(self, spans: np.ndarray, protocol: str, ends: np.ndarray, expected: Expected) -> Counted:
        """The same pairs where they are too many to be held; `ends` (S,) are distances to count up to, besides those of
        some pairs. No pairs where all are at hand."""
        ...


@dataclass(frozen=True)
class ListedPairs:
    """Pairs with a distance each."""

    pairs: ScoredPairs

    def within(self, spans: np.ndarray, protocol: str) -> NearPairs:
        """The pairs whose distance lies in one of the spans."""
        rows = np.flatnonzero(in_spans(self.pairs.distances, spans))
        sides = self._parts(protocol)[:, rows]
        return NearPairs(self.pairs.distances[rows], self.pairs.is_same[rows], sides)

    def counted(self, spans: np.ndarray, protocol: str, ends: np.ndarray, expected: Expected) -> Counted:
        """None, as `ExactPairs` has it."""
        return Counted(no_pairs(), no_pairs(), np.empty((0, 2)), no_pairs())

    def _parts(self, protocol: str) -> np.ndarray:
        everybody = np.zeros((2, len(self.pairs.distances)), np.int64)
        if protocol == FOLDS and self.pairs.fold is not None and self.pairs.fold.max() > 0:
            return everybody + self.pairs.fold
        if protocol in (OTHERS, FOLDS):
            halves = parts_of_pairs(self.pairs, 2 if protocol == OTHERS else FOLD_COUNT)
            assert halves is not None, "a protocol is offered only where there are identities enough"
            return halves
        return everybody


@dataclass(frozen=True)
class PointPairs:
    """All pairs of prepared points (N, D) with labels (N,), or those that count under a crossing of them. `advance` is
    told the share that is done."""

    points: np.ndarray
    labels: np.ndarray
    distance: Distance = EUCLIDEAN
    advance: Advance | None = None
    threads: int = 1
    crossing: Crossing | None = None

    def within(self, spans: np.ndarray, protocol: str) -> NearPairs:
        """The pairs of points whose distance lies in one of the spans."""
        return self._listed(None, spans, protocol, self.advance)

    def counted(self, spans: np.ndarray, protocol: str, ends: np.ndarray, expected: Expected) -> Counted:
        """As `ExactPairs` has it: in a look at all pairs, at the distances of the pairs of SAMPLE points."""
        generator = np.random.default_rng(0)
        some = self._listed(generator.permutation(len(self.labels))[:SAMPLE], spans, protocol)
        some = some.chosen(generator.permutation(len(some.distances))[:MOST_CUTS])
        cuts = np.unique(np.concatenate([some.distances, ends[in_spans(ends, spans)], spans[:, 1]]))
        sides, asked, listed = FOLD_COUNT if protocol == FOLDS else 2, expected(some), _Kept()
        counts = np.zeros(2 * sides * sides * len(cuts), np.int64)
        for pairs in self._found(None, spans, protocol, self.advance):
            kinds = pairs.is_same, *pairs.parts.astype(np.int64), np.searchsorted(cuts, pairs.distances)
            counts += np.bincount(np.ravel_multi_index(kinds, (2, sides, sides, len(cuts))), minlength=len(counts))
            listed.add(pairs.chosen(np.flatnonzero(in_spans(pairs.distances, asked))))
        filled = np.flatnonzero(counts)
        is_same, first, second, place = np.unravel_index(filled, (2, sides, sides, len(cuts)))
        both = np.stack([first, second]).astype(np.int8)
        return Counted(NearPairs(cuts[place], is_same > 0, both, counts[filled]), some, asked, listed.all())

    def _listed(
        self, rows: np.ndarray | None, spans: np.ndarray, protocol: str, advance: Advance | None = None
    ) -> NearPairs:
        kept = _Kept()
        for pairs in self._found(rows, spans, protocol, advance):
            kept.add(pairs)
        return kept.all()

    def _found(
        self, rows: np.ndarray | None, spans: np.ndarray, protocol: str, advance: Advance | None
    ) -> Iterator[NearPairs]:
        """The pairs of some points (R,), by default all, within the spans, block by block."""
        labels, sides = np.unique(self.labels, return_inverse=True)[1].reshape(-1), np.zeros(len(self.labels), np.int8)
        if protocol in (OTHERS, FOLDS):
            sides = parts(self.labels, 2 if protocol == OTHERS else FOLD_COUNT).astype(np.int8)
        if not len(spans):
            return
        points, crossing = self.points, self.crossing
        if rows is not None:
            points, labels, sides = points[rows], labels[rows], sides[rows]
            crossing = crossing and crossing.among(rows)
        starts = range(0, len(labels), ROWS_AT_ONCE)
        stops = [min(start + ROWS_AT_ONCE, len(labels)) for start in starts]
        distances = exact_distances(points, self.distance)
        for stop, (near, first, second) in zip(stops, self._blocks(distances, starts, stops, spans), strict=True):
            if crossing is not None:
                counts = crossing.between(first, second)
                near, first, second = near[counts], first[counts], second[counts]
            yield NearPairs(near, labels[first] == labels[second], np.stack([sides[first], sides[second]]))
            if advance:
                advance(1 - ((len(labels) - stop) / len(labels)) ** 2)

    def _blocks(
        self, distances: ExactDistances, starts: Sequence[int], stops: Sequence[int], spans: np.ndarray
    ) -> Iterator[tuple[np.ndarray, np.ndarray, np.ndarray]]:
        if self.threads == 1:
            yield from (_block(distances, *rows, spans) for rows in zip(starts, stops, strict=True))
            return
        with ThreadPoolExecutor(self.threads) as pool:
            yield from pool.map(partial(_block, distances, spans=spans), starts, stops)


def _block(
    distances: ExactDistances, start: int, stop: int, spans: np.ndarray
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """The pairs (row, later point) of some rows whose exact distance lies within the spans: distances and both ends."""
    exact, first, second = distances.within(start, stop, spans)
    order = np.lexsort((second, first))
    return exact[order], first[order], second[order]


def in_spans(distances: np.ndarray, spans: np.ndarray) -> np.ndarray:
    """Whether each distance (K,) lies within one of the spans (M, 2), which may meet or overlap."""
    if not len(spans):
        return np.zeros(len(distances), bool)
    begun = np.searchsorted(spans[:, 0], distances, side="left")  # spans whose low end is below
    ended = np.searchsorted(np.maximum.accumulate(spans[:, 1]), distances, side="left")  # whose high end is below
    return begun > ended


def no_pairs() -> NearPairs:
    """Where nothing was looked up."""
    return NearPairs(np.empty(0), np.empty(0, bool), np.empty((2, 0), np.int8))


class _Kept:
    """Pairs that come block by block. Where they are many, equal ones become one with their number: whenever as many
    have come as were kept, so that all pairs are put in order a few times and not once for every block."""

    def __init__(self) -> None:
        self._all, self._kept, self._new = [no_pairs()], 0, 0

    def add(self, pairs: NearPairs) -> None:
        """Keep these, too."""
        self._all.append(pairs)
        self._new += len(pairs.distances)
        if self._new > max(MOST_HELD, self._kept):
            self._all = [_counted(self.all())]
            self._kept, self._new = len(self._all[0].distances), 0

    def all(self) -> NearPairs:
        """All that were added, which are let go here."""
        fields = [list(arrays) for arrays in zip(*(pairs[:3] for pairs in self._all), strict=True)]
        if any(pairs.counts is not None for pairs in self._all):
            fields.append([pairs.at_each for pairs in self._all])
        self._all.clear()
        return NearPairs(*map(_joined, fields))


def _joined(arrays: list[np.ndarray]) -> np.ndarray:
    """One after the other; they are let go, so that of all fields only one is held twice."""
    whole = np.concatenate(arrays, axis=-1)
    arrays.clear()
    return whole


def _counted(pairs: NearPairs) -> NearPairs:
    """Equal ones as one with their number; as they came where none are equal."""
    ascending = np.sort(pairs.distances)
    if not (ascending[1:] == ascending[:-1]).any():
        return pairs
    pairs = pairs._replace(parts=np.sort(pairs.parts, axis=0))
    keys = np.lexsort((pairs.parts[1], pairs.parts[0], pairs.is_same, pairs.distances))
    ordered = pairs.chosen(keys)
    is_new = (ordered.parts[:, 1:] != ordered.parts[:, :-1]).any(axis=0) | (ordered.is_same[1:] != ordered.is_same[:-1])
    is_new |= ordered.distances[1:] != ordered.distances[:-1]
    starts = np.flatnonzero(np.concatenate([[True], is_new]))
    return ordered.chosen(starts)._replace(counts=np.add.reduceat(ordered.at_each, starts))

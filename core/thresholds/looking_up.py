"""The pairs between the thresholds of a grid among which a goal is decided; of many pairs by counting first.

Where they are too many to be held, a look counts them at some more thresholds, all of them distances of pairs: the
curves are then as exact at these as at those of the grid, and few pairs are left to be listed. Where these will lie is
estimated before, so that they are mostly listed in the same look; where they lie elsewhere, it takes another.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import partial

import numpy as np

from core.statistics.roc import Curve
from core.verification.exact_choice import counted_at, merged, pairs_within, sides_of, spans_of
from core.verification.goals.base import Goal
from core.verification.near_pairs import ExactPairs, NearPairs, in_spans, no_pairs
from core.verification.protocols import FOLDS, SAME, Folds

MOST_LISTED = 1 << 22  # pairs
AROUND = 0.08  # of some pairs, on either side of where they let the goal be decided


@dataclass(frozen=True)
class Known:
    """The curves of those that choose and report, of the folds where there are any, and of everybody: at first at the
    thresholds of one grid."""

    choosing: Curve
    reporting: Curve
    everyone: Curve
    folds: Folds | None

    def finer(self, counted: NearPairs, some: NearPairs, protocol: str) -> Known:
        """With the distances of some pairs as thresholds, too; of those that choose with the distances of their own
        pairs alone, so that nothing but these is ever chosen."""
        own = SAME if self.folds else protocol
        (choosing, reporting), (cuts, _) = (next(sides_of(pairs, own)) for pairs in (counted, some))
        return Known(
            counted_at(self.choosing, choosing, cuts.distances),
            counted_at(self.reporting, reporting, some.distances),
            counted_at(self.everyone, counted, some.distances),
            _finer_folds(self.folds, counted, some) if self.folds else None,
        )


def _finer_folds(folds: Folds, counted: NearPairs, some: NearPairs) -> Folds:
    finer, count = Folds([], []), len(folds.choosing)
    sides = zip(sides_of(counted, FOLDS, count), sides_of(some, FOLDS, count), strict=True)
    for fold, ((chosen, reported), (cuts, _)) in enumerate(sides):
        finer.choosing.append(counted_at(folds.choosing[fold], chosen, cuts.distances))
        finer.reporting.append(counted_at(folds.reporting[fold], reported, some.distances))
    return finer


def looked_up(goal: Goal, protocol: str, known: Known, pairs: ExactPairs | None) -> tuple[Known, NearPairs]:
    """The pairs among which the goal is decided, and those up to the next distance; the curves know of all others."""
    if pairs is None:
        return known, no_pairs()
    spans = _open_spans(goal, known)
    if (count := pairs_within(known.everyone, spans)) > MOST_LISTED:
        expected = partial(_expected, goal, protocol, known, count)
        found = pairs.counted(spans, protocol, known.everyone.thresholds, expected)
        known, looked_at = known.finer(found.at, found.some, protocol), spans
        spans = _open_spans(goal, known)
        if _lie_within(spans, looked_at) and _lie_within(spans, found.expected):
            return known, found.listed.chosen(np.flatnonzero(in_spans(found.listed.distances, spans)))
    return known, pairs.within(spans, protocol)


def _expected(goal: Goal, protocol: str, known: Known, count: int, some: NearPairs) -> np.ndarray:
    """The spans in which the goal would be decided if all of so many pairs lay as some of them do, and a little further
    on either side; none where that is too much."""
    if not len(some.distances):
        return np.empty((0, 2))
    alike = some._replace(counts=np.full(len(some.distances), max(count // len(some.distances), 1)))
    distances = np.unique(some.distances)
    around = round(len(distances) * AROUND)
    spans = _open_spans(goal, known.finer(alike, some, protocol))
    first = np.searchsorted(distances, spans[:, 0], side="right") - 1 - around
    last = np.searchsorted(distances, spans[:, 1]) + around
    if (np.minimum(last, len(distances)) - np.maximum(first, 0)).sum() * count > MOST_LISTED * len(distances):
        return np.empty((0, 2))
    low = np.where(first < 0, -np.inf, distances[np.maximum(first, 0)])
    high = np.where(last >= len(distances), np.inf, distances[np.minimum(last, len(distances) - 1)])
    return merged([np.stack([low, high], axis=1)])


def _lie_within(spans: np.ndarray, others: np.ndarray) -> bool:
    """Whether each of some spans (M, 2) lies within one of others (K, 2)."""
    return all(((others[:, 0] <= low) & (high <= others[:, 1])).any() for low, high in spans.tolist())


def only_at(curve: Curve, thresholds: np.ndarray) -> Curve:
    """The curve at those of its thresholds that are among these."""
    kept = np.isin(curve.thresholds, thresholds)
    if kept.all():
        return curve
    return replace(
        curve,
        thresholds=curve.thresholds[kept],
        false_accepts=curve.false_accepts[kept],
        true_accepts=curve.true_accepts[kept],
    )


def _open_spans(goal: Goal, known: Known) -> np.ndarray:
    """Of the bins in which the goal is decided, and of those up to the next distance."""
    chosen, folds = known.choosing, known.folds
    bins = goal.open_bins(chosen)
    bins |= np.append(False, bins[:-1])
    at_first = goal.threshold(chosen)
    if not goal.is_given or at_first not in chosen.thresholds:  # the handle stands at those, counted already
        beyond = np.searchsorted(chosen.thresholds, at_first, side="right")
        bins[beyond : beyond + 1] = True
    of_folds = [spans_of(fold, goal.open_bins(fold)) for fold in (folds.choosing if folds else ())]
    return merged([spans_of(chosen, bins), *of_folds])

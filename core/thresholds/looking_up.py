"""The pairs between the thresholds of a grid among which a goal is decided; of many pairs in two looks.

Where they are too many to be held, the first look counts them at some more thresholds, all of them distances of pairs:
the curves are then as exact at these as at those of the grid, and few pairs are left to be listed in the second.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from core.statistics.roc import Curve
from core.verification.exact_choice import counted_at, merged, pairs_within, sides_of, spans_of
from core.verification.goals.base import Goal
from core.verification.near_pairs import ExactPairs, NearPairs, no_pairs
from core.verification.protocols import FOLDS, SAME, Folds

MOST_LISTED = 1 << 22  # pairs


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
    if pairs_within(known.everyone, spans) > MOST_LISTED:
        known = known.finer(*pairs.counted(spans, protocol, known.everyone.thresholds), protocol)
        spans = _open_spans(goal, known)
    return known, pairs.within(spans, protocol)


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

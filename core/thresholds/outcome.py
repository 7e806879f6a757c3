"""What comes of a goal under a protocol: the threshold, the errors that it makes and how far to trust both."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from core.evidence.appraisal import Appraisal
from core.evidence.evidence import Evidence
from core.evidence.intervals import Ends, Interval, quantile, wilson
from core.evidence.joint_intervals import joint_threshold_interval
from core.evidence.replicates import Replicates
from core.statistics.roc import Curve, Verdict, at, verdict_of
from core.statistics.threshold_grid import decimals_of, refusing
from core.thresholds.looking_up import Known, looked_up, only_at
from core.verification.exact_choice import counted_at, sharpened, sides_of
from core.verification.goals.base import Goal, with_refusal
from core.verification.near_pairs import ExactPairs, NearPairs
from core.verification.protocols import FOLDS, LEAST_IDENTITIES, OTHERS, SAME, Folds, mean_and_error
from core.verification.weighted_curve import PAIRS


class Rate(NamedTuple):
    """A share of pairs with the ends of its 95 % interval."""

    share: float
    low: float
    high: float


@dataclass(frozen=True)
class Outcome:
    """A threshold with the errors on the pairs that it is reported on.

    `elsewhere` is the threshold to use in other software: half way to the next larger distance of all pairs, so that
    the same pairs are accepted even where distances are rounded otherwise; the number itself by hand, and where the
    next distance is not known. `accepts_nobody` where it refuses every pair of all. `threshold_interval` is None by
    hand and where nothing tells it. FAR and FRR of the best threshold that there is differ from those of this one by
    at most `bound`, which is (0, 0) where all pairs between two thresholds of the grid were looked up.

    `weights` says what counts alike in the rates: pairs, as in the counts of `verdict`, or identities. On the safe side
    the threshold is the one whose one-sided upper bound of 95 % meets the limit. `promise` is how likely the rate on
    new identities keeps within the limit, by the pairs that report; None for goals without a limit.

    By pair both rates are those of `verdict`. Over folds, whose own thresholds are in `folds`, the counts of `verdict`
    are those of all folds together; rates and accuracy are means over the folds, with Student's interval and the
    standard error of a mean. `reported` are the pairs that report, with the threshold among its thresholds; over folds
    all pairs. What the bootstrap says of FAR and FRR is None where no replicates of the pairs that report are known,
    and over folds.
    """

    goal: Goal
    protocol: str
    threshold: float
    elsewhere: float
    threshold_interval: Ends | None
    bound: Ends
    reported: Evidence
    verdict: Verdict
    false_accept: Rate
    false_reject: Rate
    accuracy: float
    accuracy_error: float | None = None
    folds: tuple[Verdict, ...] = ()
    bootstrap_intervals: tuple[Ends, Ends] | None = None
    accepts_nobody: bool = False
    weights: str = PAIRS
    safe_side: bool = False
    promise: float | None = None

    @property
    def is_supported(self) -> bool:
        """Whether the pairs that report could show the limit to be met, were no error seen among them."""
        return not self.reported.identities_for(self.goal)

    @property
    def genuine_pairs(self) -> int:
        """How many genuine pairs report."""
        return self.verdict.true_accepts + self.verdict.false_rejects

    @property
    def impostor_pairs(self) -> int:
        """How many impostor pairs report."""
        return self.verdict.false_accepts + self.verdict.true_rejects

    @property
    def decimals(self) -> int:
        """How many decimals tell distances apart."""
        return decimals_of(self.reported.curve)

    def naive_rates(self) -> tuple[Rate, Rate]:
        """FAR and FRR of the counts, had every pair been independent: their intervals are too narrow."""
        far, frr = self.verdict.false_accept_rate, self.verdict.false_reject_rate
        return _naive(far, self.impostor_pairs), _naive(frr, self.genuine_pairs)


def outcome(
    appraisal: Appraisal,
    goal: Goal,
    protocol: str,
    pairs: ExactPairs | None = None,
    *,
    weights: str = PAIRS,
    safe_side: bool = False,
) -> Outcome:
    """Choose on one side of the protocol, report on the other.

    Exact with `pairs`; without them, by identity and on the safe side one of the grid's thresholds, with counts at the
    one before a threshold by hand. Raises ValueError for a protocol that the set is too small for, for weights that are
    not known, and for a safe side of a goal without a limit.
    """
    appraisal = appraisal.weighing(weights)
    chosen, reported = sides(appraisal, protocol)
    folds = appraisal.folds if protocol == FOLDS else None
    if weights != PAIRS:
        pairs = None
    known = Known(chosen.curve, reported.curve, appraisal.everyone.curve, folds)
    known, near = looked_up(goal, protocol, known, pairs)
    choosing, reporting = next(sides_of(near, SAME if folds else protocol))
    threshold = _safe(goal, chosen) if safe_side else goal.threshold(sharpened(known.choosing, choosing))
    if weights == PAIRS:
        exact = counted_at(known.reporting, reporting, np.array([threshold]))
        reported = reported.on(only_at(exact, np.append(reported.curve.thresholds, threshold)))
    replicates = _reporting_replicates(appraisal, protocol)
    return Outcome(
        goal,
        protocol,
        threshold,
        _elsewhere(goal, threshold, near, known.everyone) if pairs else threshold,
        _threshold_interval(appraisal, chosen, goal, threshold),
        (0.0, 0.0) if pairs or goal.is_given or safe_side else _bound(goal, chosen.curve, threshold),
        reported,
        *(_of_folds(goal, known.folds, near, threshold) if known.folds else _of_pairs(reported, threshold)),
        replicates.rate_intervals(threshold, evidence=reported) if replicates else None,
        bool(threshold < with_refusal(appraisal.everyone.curve).thresholds[1]),
        weights,
        safe_side,
        reported.promise(goal, threshold),
    )


def _safe(goal: Goal, chosen: Evidence) -> float:
    """The threshold on the safe side; where none is, refuse everybody for FAR, accept everybody for FRR."""
    if goal.side is None:
        raise ValueError(
            f"the safe side must be that of a limit on FAR or FRR, got the goal {goal.name}. Choose one of these two, "
            "or leave the safe side out."
        )
    safe, thresholds = chosen.safe_threshold(goal), with_refusal(chosen.curve).thresholds
    return float(thresholds[-1 if goal.side else 0]) if safe is None else safe


class _Report(NamedTuple):
    """What the pairs that report say to a threshold, as in `Outcome`."""

    verdict: Verdict
    false_accept: Rate
    false_reject: Rate
    accuracy: float
    accuracy_error: float | None = None
    folds: tuple[Verdict, ...] = ()


def _of_pairs(reported: Evidence, threshold: float) -> _Report:
    verdict, false_accept, false_reject = judged(reported, threshold)
    accuracy = verdict.accuracy
    if reported.weights != PAIRS:
        accuracy = float(reported.curve.accuracy[_place(reported, threshold)])
    return _Report(verdict, false_accept, false_reject, accuracy)


def _of_folds(goal: Goal, folds: Folds, near: NearPairs, threshold: float) -> _Report:
    """Means over the folds, each with the threshold that the others have chosen."""
    verdicts = tuple(_fold_verdicts(goal, folds, near))
    false_accept = _over_folds([fold.false_accept_rate for fold in verdicts])
    false_reject = _over_folds([fold.false_reject_rate for fold in verdicts])
    accuracy, error = mean_and_error([fold.accuracy for fold in verdicts])
    return _Report(together(threshold, verdicts), false_accept, false_reject, accuracy, error, verdicts)


def _fold_verdicts(goal: Goal, folds: Folds, near: NearPairs) -> Iterator[Verdict]:
    """What each fold's pairs say to the threshold that the others have chosen."""
    kinds = sides_of(near, FOLDS, len(folds.choosing))
    for (choosing, reporting), chosen, reported in zip(kinds, folds.choosing, folds.reporting, strict=True):
        threshold = goal.threshold(sharpened(chosen, choosing))
        yield at(counted_at(reported, reporting, np.array([threshold])), threshold)


def _elsewhere(goal: Goal, threshold: float, near: NearPairs, everyone: Curve) -> float:
    """Half way to the next larger distance; beyond the largest, as far as refusing lies below the smallest."""
    if goal.is_given:
        return threshold
    larger = near.distances[near.distances > threshold]
    further = everyone.thresholds[everyone.thresholds > threshold]
    ends = [float(distances.min()) for distances in (larger, further) if len(distances)]
    if not ends:
        smallest = everyone.thresholds[np.argmax(everyone.true_accepts + everyone.false_accepts > 0)]
        return -refusing(-threshold, -float(smallest))  # the other way round
    middle = threshold + (min(ends) - threshold) / 2
    return middle if middle < min(ends) else threshold


def _bound(goal: Goal, curve: Curve, threshold: float) -> Ends:
    """How far FAR and FRR are, at the ends of every bin in which a better threshold may lie, from those at one of the
    curve's thresholds."""
    curve = with_refusal(curve)
    here, bins = int(np.searchsorted(curve.thresholds, threshold)), np.flatnonzero(goal.open_bins(curve))
    ends = np.concatenate([bins, np.maximum(bins - 1, 0)])
    off = (np.abs(rate[ends] - rate[here]) for rate in (curve.false_accept_rate, curve.false_reject_rate))
    far, frr = (float(differences.max(initial=0.0)) for differences in off)
    return far, frr


def sides(appraisal: Appraisal, protocol: str) -> tuple[Evidence, Evidence]:
    """The pairs that choose and those that report.

    Raises ValueError for a protocol that the set is too small for.
    """
    chosen, reported = (
        (appraisal.choosing, appraisal.reporting) if protocol == OTHERS else (appraisal.everyone, appraisal.everyone)
    )
    if chosen is None or reported is None or (protocol == FOLDS and appraisal.folds is None):
        raise ValueError(
            f"the protocol {protocol} needs at least {LEAST_IDENTITIES} identities with two samples each, got "
            f"{appraisal.everyone.genuine_identities}. Use {SAME}, or add identities."
        )
    return chosen, reported


def together(threshold: float, verdicts: Sequence[Verdict]) -> Verdict:
    """The counts of several sets of pairs added up, with the rates of the sums."""
    names = ("true_accepts", "false_accepts", "true_rejects", "false_rejects")
    return verdict_of(threshold, *(sum(getattr(verdict, name) for verdict in verdicts) for name in names))


def judged(reported: Evidence, threshold: float) -> tuple[Verdict, Rate, Rate]:
    """What a threshold does to these pairs, with the intervals of FAR and of FRR."""
    verdict, place = at(reported.curve, threshold), _place(reported, threshold)
    far, frr = verdict.false_accept_rate, verdict.false_reject_rate
    if reported.weights != PAIRS:
        far, frr = (float(of[place]) for of in (reported.curve.false_accept_rate, reported.curve.false_reject_rate))
    return verdict, _rate(far, reported.false_accept_band(), place), _rate(frr, reported.false_reject_band(), place)


def _threshold_interval(appraisal: Appraisal, chosen: Evidence, goal: Goal, threshold: float) -> Ends | None:
    """By the bands for a limit, by the bootstrap for all other goals, or where there is none by both bands."""
    if goal.is_given:
        return None
    if goal.side is not None or appraisal.replicates is None:
        ends = joint_threshold_interval(chosen, goal)
    else:
        drawn_from = appraisal.choosing or appraisal.everyone
        low, high = appraisal.replicates.threshold_interval(goal, evidence=drawn_from)
        # Replicates of a half tell how far a threshold moves; where all pairs choose it is about theirs.
        moved = threshold - goal.threshold(drawn_from.curve) if chosen is not drawn_from else 0.0
        ends = float(low) + moved, float(high) + moved
    return ends and (min(ends[0], threshold), max(ends[1], threshold))


def _reporting_replicates(appraisal: Appraisal, protocol: str) -> Replicates | None:
    """Those of the pairs that report: of all pairs only where these have no halves."""
    if protocol == OTHERS:
        return appraisal.reporting_replicates
    return appraisal.replicates if protocol == SAME and not appraisal.choosing else None


def _naive(share: float, count: int) -> Rate:
    low, high = wilson(share, count, quantile())
    return Rate(share, float(low), float(high))


def _over_folds(shares: list[float]) -> Rate:
    mean, error = mean_and_error(shares)
    reach = quantile(len(shares)) * error
    return Rate(mean, max(mean - reach, 0.0), min(mean + reach, 1.0))


def _rate(share: float, band: Interval, place: int) -> Rate:
    return Rate(share, float(band.low[place]), float(band.high[place]))


def _place(evidence: Evidence, threshold: float) -> int:
    """Of the largest threshold of the curve that is not above the given one, or of the first."""
    return max(int(np.searchsorted(evidence.curve.thresholds, threshold, side="right")) - 1, 0)

"""What comes of a goal under a protocol: the threshold, the errors that it makes and how far to trust both."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from core.thresholds.appraisal import Appraisal
from core.thresholds.evidence import Evidence
from core.thresholds.goals import HAND, Goal
from core.thresholds.intervals import Ends, Interval, quantile
from core.thresholds.protocols import FOLDS, LEAST_IDENTITIES, OTHERS, SAME, mean_and_error
from core.thresholds.replicates import Replicates
from core.thresholds.verification import Verdict, at


class Rate(NamedTuple):
    """A share of pairs with the ends of its 95 % interval."""

    share: float
    low: float
    high: float


@dataclass(frozen=True)
class Outcome:
    """A threshold with the errors on the pairs that it is reported on.

    `threshold_interval` is None by hand and where nothing tells it. Both rates are those of `verdict`; over folds they
    are means, with Student's interval of their standard error, and `verdict` is that of all pairs. What the bootstrap
    says of FAR and FRR is None where no replicates of the pairs that report are known, and over folds.
    """

    goal: Goal
    protocol: str
    threshold: float
    threshold_interval: Ends | None
    reported: Evidence
    verdict: Verdict
    false_accept: Rate
    false_reject: Rate
    folds: tuple[Verdict, ...] = ()
    bootstrap_intervals: tuple[Ends, Ends] | None = None

    @property
    def is_supported(self) -> bool:
        """Whether the pairs that report could show the limit to be met, were no error seen among them."""
        return not self.reported.identities_for(self.goal)

    def naive_rates(self) -> tuple[Rate, Rate]:
        """FAR and FRR of the verdict, had every pair been independent: their intervals are too narrow."""
        place, (far, frr) = _place(self.reported, self.threshold), self.reported.naive_bands()
        return (
            _rate(self.verdict.false_accept_rate, far, place),
            _rate(self.verdict.false_reject_rate, frr, place),
        )


def outcome(found: Appraisal, goal: Goal, protocol: str) -> Outcome:
    """Choose on one side of the protocol, report on the other.

    Raises ValueError where the goal cannot be met, and for a protocol that the set is too small for.
    """
    chosen, reported = sides(found, protocol)
    threshold = goal.threshold(chosen.curve)
    verdict, false_accept, false_reject = judged(reported, threshold)
    folds: tuple[Verdict, ...] = ()
    if protocol == FOLDS and found.folds is not None:
        folds = tuple(found.folds.verdicts(goal))
        false_accept = _over_folds([fold.false_accept_rate for fold in folds])
        false_reject = _over_folds([fold.false_reject_rate for fold in folds])
    replicates = _reporting_replicates(found, protocol)
    return Outcome(
        goal,
        protocol,
        threshold,
        _threshold_interval(found, chosen, goal),
        reported,
        verdict,
        false_accept,
        false_reject,
        folds,
        replicates.rate_intervals(threshold) if replicates else None,
    )


def sides(found: Appraisal, protocol: str) -> tuple[Evidence, Evidence]:
    """The pairs that choose and those that report.

    Raises ValueError for a protocol that the set is too small for.
    """
    chosen, reported = (found.choosing, found.reporting) if protocol == OTHERS else (found.everyone, found.everyone)
    if chosen is None or reported is None or (protocol == FOLDS and found.folds is None):
        raise ValueError(
            f"the protocol {protocol} needs at least {LEAST_IDENTITIES} identities with two samples each, got "
            f"{found.everyone.genuine_identities}. Use {SAME}, or add identities."
        )
    return chosen, reported


def judged(reported: Evidence, threshold: float) -> tuple[Verdict, Rate, Rate]:
    """What a threshold does to these pairs, with the intervals of FAR and of FRR."""
    verdict, place = at(reported.curve, threshold), _place(reported, threshold)
    return (
        verdict,
        _rate(verdict.false_accept_rate, reported.false_accept_band(), place),
        _rate(verdict.false_reject_rate, reported.false_reject_band(), place),
    )


def _threshold_interval(found: Appraisal, chosen: Evidence, goal: Goal) -> Ends | None:
    """By the bands for a limit, by the bootstrap for all other goals."""
    if goal.kind == HAND:
        return None
    by_bands = chosen.threshold_interval(goal)
    if by_bands or found.replicates is None:
        return by_bands
    low, high = found.replicates.threshold_interval(goal)
    return float(low), float(high)


def _reporting_replicates(found: Appraisal, protocol: str) -> Replicates | None:
    """Those of the pairs that report: of all pairs only where these have no halves."""
    if protocol == OTHERS:
        return found.reporting_replicates
    return found.replicates if protocol == SAME and not found.choosing else None


def _over_folds(shares: list[float]) -> Rate:
    mean, error = mean_and_error(shares)
    reach = quantile(len(shares)) * error
    return Rate(mean, max(mean - reach, 0.0), min(mean + reach, 1.0))


def _rate(share: float, band: Interval, place: int) -> Rate:
    return Rate(share, float(band.low[place]), float(band.high[place]))


def _place(evidence: Evidence, threshold: float) -> int:
    """Of the largest threshold of the curve that is not above the given one, or of the first."""
    return max(int(np.searchsorted(evidence.curve.thresholds, threshold, side="right")) - 1, 0)

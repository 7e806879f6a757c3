"""The interval of a threshold whose goal weighs FAR against FRR, from the bands of both; numpy alone.

It holds every threshold that might be the goal's choice, were the rates anywhere within their bands: wider than what
a bootstrap tells, since it does not know that the rates of neighbouring thresholds err together, but as honest. It
stands where no bootstrap is made.
"""

from __future__ import annotations

import numpy as np

from core.evidence.evidence import Evidence
from core.evidence.intervals import Ends, with_neighbours
from core.statistics.roc import Curve
from core.verification.goals import EER, HAND, LIMITED, Goal, merit


def joint_threshold_interval(evidence: Evidence, goal: Goal) -> Ends | None:
    """Between which thresholds the goal's choice lies; for a limit that of its own rate, None by hand.

    For equal errors all thresholds at which the bands of FAR and FRR overlap, for the others all those that are, with
    both rates at the lower ends, no worse than the best one with both at the upper ends. At least from the threshold
    before the choice to the one after it.
    """
    if goal.kind == HAND:
        return None
    far, frr = evidence.false_accept_band(), evidence.false_reject_band()
    if goal.kind == EER:
        possible = (far.low <= frr.high) & (frr.low <= far.high)
    elif goal.kind not in LIMITED:
        best, worst = (_at_rates(evidence.curve, *ends) for ends in ((far.low, frr.low), (far.high, frr.high)))
        possible = merit(goal, best) >= merit(goal, worst).max()
    else:
        return evidence.threshold_interval(goal)
    thresholds = evidence.curve.thresholds
    place = int(np.searchsorted(thresholds, goal.threshold(evidence.curve)))
    places = np.append(np.flatnonzero(possible), min(place, len(thresholds) - 1))
    return with_neighbours(thresholds, int(places.min()), int(places.max()))


def _at_rates(curve: Curve, accept_rate: np.ndarray, reject_rate: np.ndarray) -> Curve:
    """With broken counts that have these rates."""
    wrongly, accepted = accept_rate * curve.negative_count, (1 - reject_rate) * curve.positive_count
    return Curve(curve.thresholds, wrongly, accepted, curve.negative_count, curve.positive_count)

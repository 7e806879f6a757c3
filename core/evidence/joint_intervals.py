"""The interval of a threshold whose goal weighs FAR against FRR, from the bands of both; numpy alone.

It holds every threshold that might be the goal's choice, were the rates anywhere within their bands: wider than what
a bootstrap tells, since it does not know that the rates of neighbouring thresholds err together, but as honest. It
stands where no bootstrap is made.
"""

from __future__ import annotations

import numpy as np

from core.evidence.evidence import Evidence
from core.evidence.intervals import Ends, with_neighbours
from core.verification.goals.base import Goal


def joint_threshold_interval(evidence: Evidence, goal: Goal) -> Ends | None:
    """Between which thresholds the goal's choice lies; for a limit by the band of its own rate, None for a threshold by
    hand.

    Else all thresholds that the goal deems possible (`Goal.possible`), at least from the one before the choice to the
    one after it.
    """
    if goal.is_given:
        return None
    if goal.side is not None:
        return evidence.threshold_interval(goal)
    possible = goal.possible(evidence.curve, evidence.false_accept_band(), evidence.false_reject_band())
    thresholds = evidence.curve.thresholds
    place = int(np.searchsorted(thresholds, goal.threshold(evidence.curve)))
    places = np.append(np.flatnonzero(possible), place)
    return with_neighbours(thresholds, int(places.min()), int(places.max()))

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from core.params import param
from core.statistics.roc import Curve
from core.verification.goals.base import Goal, Number, Option


@dataclass(frozen=True)
class Cost(Goal):
    """Make an attempt cost as little as can be on average: what either error costs, and how often, is given."""

    title = "Cost"
    words = (
        "the least cost: {false_accept:g} for a false accept, {false_reject:g} for a false reject, "
        "{genuine_share} of the attempts genuine"
    )
    numbers = {
        "false_accept": Number("accept", "Cost, false accept", 0.0, 1e6, 10.0, 1.0),
        "false_reject": Number("reject", "Cost, false reject", 0.0, 1e6, 1.0, 1.0),
        "genuine_share": Number("genuine", "Genuine, %", 0.0, 100.0, 90.0, 1.0),
    }
    options = {
        "false_accept": Option("cost-false-accept", "default 1", "COST"),
        "false_reject": Option("cost-false-reject", "default 1", "COST"),
        "genuine_share": Option("genuine-share", "of all attempts (default 0.5)"),
    }
    false_accept: float = param(1.0, low=0.0, high=1e12, help="what letting an impostor in costs, in any unit")
    false_reject: float = param(1.0, low=0.0, high=1e12, help="what refusing a genuine one costs, in that unit")
    genuine_share: float = param(0.5, low=0.0, high=1.0, unit="share", help="how many of 100 attempts are genuine")

    def worth(self, curve: Curve) -> np.ndarray:
        return -self.expected(curve)

    def expected(self, curve: Curve) -> np.ndarray:
        """What one attempt costs at each threshold: share x rate x cost, of the false rejects and the false accepts."""
        rejects = self.genuine_share * self.false_reject * curve.false_reject_rate
        return rejects + (1 - self.genuine_share) * self.false_accept * curve.false_accept_rate

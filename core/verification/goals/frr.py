from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from core.params import param
from core.statistics.roc import Curve
from core.verification.goals.base import Goal, Number, Option


@dataclass(frozen=True)
class Frr(Goal):
    """Refuse at most so many genuine pairs: the smallest threshold whose false reject rate keeps within the limit."""

    title = "FRR at most"
    words = "a false reject rate of at most {max_false_reject_rate}"
    side = 1
    numbers = {"max_false_reject_rate": Number("frr", "FRR at most, %", 0.0, 100.0, 5.0, 0.1)}
    options = {
        "max_false_reject_rate": Option("target-frr", "false reject rate at most (default 0.05)", "SHARE", chooses=True)
    }
    max_false_reject_rate: float = param(
        0.05, low=0.0, high=1.0, unit="share", help="share of genuine pairs that may be refused"
    )

    @property
    def limit(self) -> float:
        return self.max_false_reject_rate

    def chosen(self, curve: Curve) -> float:
        allowed = np.flatnonzero(self.crossed(curve))
        if not len(allowed):
            raise ValueError(
                f"max_false_reject_rate must be at least {curve.false_reject_rate[-1]:.3g}, the share of genuine pairs "
                f"that could not be compared and count as refused, got {self.limit}. Allow more, or leave these pairs "
                "out."
            )
        return float(curve.thresholds[allowed[0]])

    def crossed(self, curve: Curve) -> np.ndarray:
        return curve.false_reject_rate <= self.limit

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from core.params import param
from core.statistics.roc import Curve
from core.verification.goals.base import Goal, Number, Option


@dataclass(frozen=True)
class Far(Goal):
    """Let in at most so many impostors: the largest threshold whose false accept rate keeps within the limit."""

    title = "FAR at most"
    words = "a false accept rate of at most {max_false_accept_rate}"
    side = 0
    numbers = {"max_false_accept_rate": Number("far", "FAR at most, %", 0.0, 100.0, 1.0, 0.1)}
    options = {
        "max_false_accept_rate": Option("target-far", "false accept rate at most (default 0.01)", "SHARE", chooses=True)
    }
    max_false_accept_rate: float = param(
        0.01, low=0.0, high=1.0, unit="share", help="share of impostors that may be let in"
    )

    @property
    def limit(self) -> float:
        return self.max_false_accept_rate

    def chosen(self, curve: Curve) -> float:
        return float(curve.thresholds[np.flatnonzero(curve.false_accept_rate <= self.limit)[-1]])

    def crossed(self, curve: Curve) -> np.ndarray:
        return curve.false_accept_rate > self.limit

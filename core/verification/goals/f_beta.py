from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from core.params import param
from core.statistics.roc import Curve
from core.verification.goals.base import Goal, Number, Option


@dataclass(frozen=True)
class FBeta(Goal):
    """Balance precision and recall of genuine pairs, where recall counts `beta` times as much (van Rijsbergen 1979)."""

    title = "F-beta"
    words = "the largest F-beta with beta = {beta:g}"
    numbers = {"beta": Number("beta", "Beta", 0.01, 100.0, 1.0, 0.1)}
    options = {"beta": Option("beta", "recall counts beta times as much as precision", chooses=True, is_needed=True)}
    beta: float = param(1.0, low=1e-6, high=1e6, help="how often more recall counts than precision")

    def worth(self, curve: Curve) -> np.ndarray:
        """(1 + beta^2) TP / ((1 + beta^2) TP + beta^2 FN + FP), a genuine pair being a positive; 0 where TP is."""
        accepted = (1 + self.beta**2) * curve.true_accepts
        missed = self.beta**2 * (curve.positive_count - curve.true_accepts)
        return accepted / (accepted + missed + curve.false_accepts)  # never 0 below: all are missed or accepted

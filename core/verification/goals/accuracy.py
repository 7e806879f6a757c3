from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from core.statistics.roc import Curve
from core.verification.goals.base import Goal


@dataclass(frozen=True)
class Accuracy(Goal):
    """Judge as many pairs rightly as can be, genuine ones and impostors counted together."""

    title = "Accuracy"
    words = "the largest accuracy"

    def worth(self, curve: Curve) -> np.ndarray:
        return curve.accuracy

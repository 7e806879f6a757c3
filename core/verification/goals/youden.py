from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from core.statistics.roc import Curve
from core.verification.goals.base import Goal


@dataclass(frozen=True)
class Youden(Goal):
    """Make the true accept rate exceed the false accept rate by as much as can be (Youden 1950, the index J)."""

    title = "Youden"
    words = "the largest gap between true and false accept rate (Youden)"

    def worth(self, curve: Curve) -> np.ndarray:
        """In whole numbers, both rates times both counts, so that equals stay equal."""
        return curve.true_accepts * curve.negative_count - curve.false_accepts * curve.positive_count

"""The threshold at which both errors are equal, and the one of a curve nearest to any."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from core.statistics.roc import Curve, equal_error_rate
from core.verification.goals.base import Goal


@dataclass(frozen=True)
class Eer(Goal):
    """Make both error rates equal: the threshold nearest to where the curves of both cross."""

    title = "EER"
    words = "equal rates of false accepts and false rejects"

    def chosen(self, curve: Curve) -> float:
        return nearest_threshold(curve, equal_error_rate(curve)[1])

    def crossed(self, curve: Curve) -> np.ndarray:
        return curve.false_accept_rate >= curve.false_reject_rate

    def possible(
        self, curve: Curve, far: tuple[np.ndarray, np.ndarray], frr: tuple[np.ndarray, np.ndarray]
    ) -> np.ndarray:
        """Where the bands of both rates overlap."""
        return (far[0] <= frr[1]) & (frr[0] <= far[1])


def nearest_threshold(curve: Curve, value: float) -> float:
    """The curve's threshold nearest to a value; the smaller one at a tie."""
    return float(curve.thresholds[np.abs(curve.thresholds - value).argmin()])

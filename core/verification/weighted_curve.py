"""Rates in which identities count alike, whatever the number of their samples; numpy alone."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from core.statistics.roc import Curve

PAIRS, IDENTITIES = "pairs", "identities"
WEIGHTS = {
    PAIRS: "every pair counts alike, so an identity counts by the pairs that it has",
    IDENTITIES: "every identity counts alike, and every two identities, whatever the number of their samples",
}


@dataclass(frozen=True)
class IdentityCurve(Curve):
    """A curve whose rates are means over identities, of their genuine pairs, and over blocks of two identities, of
    their impostor pairs; its counts are still those of pairs. Shares (S,) each."""

    accept_rate: np.ndarray
    reject_rate: np.ndarray

    @property
    def false_accept_rate(self) -> np.ndarray:
        """The mean over identities at each threshold (S,)."""
        return self.accept_rate

    @property
    def true_accept_rate(self) -> np.ndarray:
        """One minus the mean refused at each threshold (S,)."""
        return 1 - self.reject_rate

    @property
    def false_reject_rate(self) -> np.ndarray:
        """The mean over identities at each threshold (S,)."""
        return self.reject_rate

    def in_counts(self) -> Curve:
        """A curve of broken counts that have these rates."""
        accepted, wrongly = self.true_accept_rate * self.positive_count, self.accept_rate * self.negative_count
        return Curve(self.thresholds, wrongly, accepted, self.negative_count, self.positive_count)

    @property
    def accuracy(self) -> np.ndarray:
        """As many attempts of either kind as there are pairs of it."""
        wrong = self.reject_rate * self.positive_count + self.accept_rate * self.negative_count
        return 1 - wrong / (self.positive_count + self.negative_count)

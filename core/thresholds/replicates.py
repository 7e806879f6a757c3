"""The curves of a bootstrap's replicates, and the intervals they give; numpy alone, so that a page can read them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np

from core.thresholds.goals import Goal
from core.thresholds.intervals import CONFIDENCE, Interval
from core.thresholds.verification import Curve


@dataclass(frozen=True)
class Replicates:
    """The pairs that R replicates accept at the same S thresholds, (S, R) running counts."""

    thresholds: np.ndarray
    false_accepts: np.ndarray
    true_accepts: np.ndarray

    def curves(self) -> Iterator[Curve]:
        for wrongly, accepted in zip(self.false_accepts.T, self.true_accepts.T, strict=True):
            yield Curve(self.thresholds, wrongly, accepted, int(wrongly[-1]), int(accepted[-1]))

    def false_accept_band(self, confidence: float = CONFIDENCE) -> Interval:
        """The percentile interval at each threshold (S,)."""
        return percentiles(self.false_accepts / self.false_accepts[-1], confidence)

    def false_reject_band(self, confidence: float = CONFIDENCE) -> Interval:
        return percentiles(1 - self.true_accepts / self.true_accepts[-1], confidence)

    def threshold_interval(self, goal: Goal, confidence: float = CONFIDENCE) -> Interval:
        """Between which thresholds the goal's own choice lies.

        Raises ValueError where the goal cannot be met on a replicate.
        """
        return percentiles(np.array([goal.threshold(curve) for curve in self.curves()]), confidence)

    def arrays(self) -> dict[str, np.ndarray]:
        """To keep beside the snapshot's edges: counts per bin, most of which are small."""
        return {
            "replicates_negative": np.diff(self.false_accepts, axis=0, prepend=0).astype(np.int32),
            "replicates_positive": np.diff(self.true_accepts, axis=0, prepend=0).astype(np.int32),
        }

    @classmethod
    def from_arrays(cls, edges: np.ndarray, arrays: Mapping[str, np.ndarray]) -> Replicates:
        counts = (np.cumsum(arrays[f"replicates_{kind}"], 0, dtype=np.int64) for kind in ("negative", "positive"))
        return cls(edges[1:], *counts)


def percentiles(values: np.ndarray, confidence: float) -> Interval:
    """(..., R) -> the ends of the middle share of them (...)."""
    low, high = np.quantile(values, [(1 - confidence) / 2, (1 + confidence) / 2], axis=-1)
    return Interval(low, high)

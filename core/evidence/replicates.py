"""The curves of a bootstrap's replicates, and the intervals they give; numpy alone, so that a page can read them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np

from core.evidence.evidence import Evidence
from core.evidence.intervals import CONFIDENCE, Ends, Interval, with_neighbours
from core.evidence.joint_intervals import joint_threshold_interval
from core.statistics.roc import Curve, at
from core.verification.goals.base import Goal


@dataclass(frozen=True)
class Replicates:
    """The pairs that R replicates accept at the same S thresholds, (S, R) running counts.

    Their percentiles alone are too narrow where few errors were seen or one identity makes the rate, and have no width
    where no error was. On simulated sets of 60 identities with five samples each they covered FARs from 0.035 % and
    FRRs from 4 % on at least 93 times in 100, but a FAR of 0.003 % 76 times and FRRs of 2.2, 1.1 and 0.6 % 90, 84 and
    76 times; of 10 identities an FRR of 2.2 % 56 times. So with the evidence of the same pairs they are never narrower
    than its own intervals.
    """

    thresholds: np.ndarray
    false_accepts: np.ndarray
    true_accepts: np.ndarray

    def curves(self) -> Iterator[Curve]:
        """The curve of one replicate after the other."""
        for wrongly, accepted in zip(self.false_accepts.T, self.true_accepts.T, strict=True):
            yield Curve(self.thresholds, wrongly, accepted, int(wrongly[-1]), int(accepted[-1]))

    def rate_intervals(
        self, threshold: float, confidence: float = CONFIDENCE, *, evidence: Evidence | None = None
    ) -> tuple[Ends, Ends]:
        """Between which rates FAR and FRR lie at any threshold, each replicate judged as `verification.at` does; with
        evidence of the same pairs, out to the ends of its bands at least."""
        verdicts = [at(curve, threshold) for curve in self.curves()]
        rates = [[verdict.false_accept_rate, verdict.false_reject_rate] for verdict in verdicts]
        low, high = percentiles(np.transpose(rates), confidence)
        ends = [(float(low[side]), float(high[side])) for side in (0, 1)]
        if evidence is None:
            return ends[0], ends[1]
        bands = _bands_at(evidence, threshold)
        wider = [(min(own[0], band[0]), max(own[1], band[1])) for own, band in zip(ends, bands, strict=True)]
        return wider[0], wider[1]

    def threshold_interval(
        self, goal: Goal, confidence: float = CONFIDENCE, *, evidence: Evidence | None = None
    ) -> Interval:
        """Between which thresholds the goal's own choice lies.

        With evidence of the same pairs, stretched about the choice on them by as much as the bands of FAR or of FRR
        there, whichever are wider by more, are wider than the replicates' rates; at least from the threshold before the
        choice to the one after it. Where the replicates' rates have no width, what the bands tell. Raises ValueError
        where the goal cannot be met on a replicate.
        """
        interval = percentiles(np.array([goal.threshold(curve) for curve in self.curves()]), confidence)
        if evidence is None:
            return interval
        thresholds, choice = evidence.curve.thresholds, goal.threshold(evidence.curve)
        stretch = self._stretch(choice, confidence, evidence)
        by_bands = joint_threshold_interval(evidence, goal) if stretch is None else None
        if stretch is None and by_bands is not None:
            return Interval(*map(np.array, by_bands))
        place, times = int(np.searchsorted(thresholds, choice)), stretch or 1.0
        before, after = with_neighbours(thresholds, place, place)
        low, high = choice - times * max(choice - interval.low, 0.0), choice + times * max(interval.high - choice, 0.0)
        return Interval(np.clip(low, thresholds[0], before), np.clip(high, after, thresholds[-1]))

    def _stretch(self, threshold: float, confidence: float, evidence: Evidence) -> float | None:
        """How many times as wide as the replicates' rates the bands are, 1 or more; None where a rate has no width."""
        own = self.rate_intervals(threshold, confidence)
        bands = [band[1] - band[0] for band in _bands_at(evidence, threshold)]
        widths = [ends[1] - ends[0] for ends in own]
        if min(widths) == 0:
            return None
        return max(1.0, *(band / width for band, width in zip(bands, widths, strict=True)))

    def arrays(self, name: str) -> dict[str, np.ndarray]:
        """To keep under `name` beside the snapshot's edges: counts per bin, most of which are small."""
        return {
            f"{name}_negative": np.diff(self.false_accepts, axis=0, prepend=0).astype(np.int32),
            f"{name}_positive": np.diff(self.true_accepts, axis=0, prepend=0).astype(np.int32),
        }

    @classmethod
    def from_arrays(cls, name: str, edges: np.ndarray, arrays: Mapping[str, np.ndarray]) -> Replicates:
        """What `arrays` has written down under this name."""
        counts = (np.cumsum(arrays[f"{name}_{kind}"], 0, dtype=np.int64) for kind in ("negative", "positive"))
        return cls(edges[1:], *counts)


def _bands_at(evidence: Evidence, threshold: float) -> tuple[Ends, Ends]:
    """Of FAR and FRR at the largest threshold known that is not above the given one, or at the first."""
    place = max(int(np.searchsorted(evidence.curve.thresholds, threshold, side="right")) - 1, 0)
    far, frr = evidence.false_accept_band(), evidence.false_reject_band()
    return (float(far.low[place]), float(far.high[place])), (float(frr.low[place]), float(frr.high[place]))


def percentiles(values: np.ndarray, confidence: float) -> Interval:
    """(..., R) -> the ends of the middle share of them (...)."""
    low, high = np.quantile(values, [(1 - confidence) / 2, (1 + confidence) / 2], axis=-1)
    return Interval(low, high)

"""What a set of pairs says about thresholds, and how far to trust it; numpy alone, so that a page can read it.

Made by a worker (identity_pairs.py) and kept with the snapshot as a few arrays.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from core.thresholds.goals import FAR, FRR, Goal
from core.thresholds.intervals import RULE_OF_THREE, Interval, identities_needed, quantile, threshold_interval, wilson
from core.thresholds.verification import Curve

LEAST_ERRORS = 30  # the rule of 30: within 30 % of a rate, nine times in ten, wants some 30 errors (Doddington 2000)


@dataclass(frozen=True)
class Evidence:
    """A curve with the number of independent pairs that its rates are worth at each of S thresholds (S,) each.

    `identities` is how many there are, `genuine_identities` how many have a genuine pair; both are 0 where nobody said
    whose pairs they are: then all pairs are taken for independent, and every interval is too narrow.
    """

    curve: Curve
    effective_negatives: np.ndarray
    effective_positives: np.ndarray
    identities: int
    genuine_identities: int

    def with_curve(self, curve: Curve) -> Evidence:
        """The same pairs counted at more thresholds, each pair of which is worth what it is at the next one."""
        if curve is self.curve:
            return self
        place = np.minimum(np.searchsorted(self.curve.thresholds, curve.thresholds), len(self.effective_negatives) - 1)
        worth = self.effective_negatives[place], self.effective_positives[place]
        return Evidence(curve, *worth, self.identities, self.genuine_identities)

    def false_accept_band(self) -> Interval:
        """The 95 % interval at each threshold (S,).

        Student's t for a third as many groups as identities, because few of these cause most errors, which leaves the
        variance itself uncertain. The third was found by simulation.
        """
        reach = quantile(self.identities / 3 or np.inf)
        return wilson(self.curve.false_accept_rate, self.effective_negatives, reach)

    def false_reject_band(self) -> Interval:
        """The 95 % interval at each threshold (S,)."""
        reach = quantile(self.genuine_identities or np.inf)
        return wilson(self.curve.false_reject_rate, self.effective_positives, reach)

    def naive_bands(self) -> tuple[Interval, Interval]:
        """Of FAR and FRR, had every pair been independent of all others: too narrow."""
        curve, reach = self.curve, quantile()
        return (
            wilson(curve.false_accept_rate, curve.negative_count, reach),
            wilson(curve.false_reject_rate, curve.positive_count, reach),
        )

    def threshold_interval(self, goal: Goal) -> tuple[float, float] | None:
        """Between which thresholds a limit on FAR or on FRR is met by all pairs that might have been seen; None for
        other goals, whose interval the bootstrap tells (bootstrap.py)."""
        thresholds = self.curve.thresholds
        if goal.kind == FAR:
            return threshold_interval(thresholds, self.false_accept_band(), goal.value, rises=True)
        if goal.kind == FRR:
            return threshold_interval(thresholds, self.false_reject_band(), goal.value, rises=False)
        return None

    def smallest_rates(self) -> tuple[float, float]:
        """The smallest FAR and FRR that these pairs could show to be met: were no error seen, the rule of three for the
        pairs that they are worth."""
        return (
            min(RULE_OF_THREE / self.effective_negatives[0], 1.0),
            min(RULE_OF_THREE / self.effective_positives[-1], 1.0),
        )

    def identities_for(self, goal: Goal) -> int:
        """How many identities such as these it takes to show that a limit on FAR or FRR is met; 0 for other goals and
        where these are enough."""
        if goal.kind not in (FAR, FRR) or not 0 < goal.value < 1 or not self.identities:
            return 0
        if goal.value >= self.smallest_rates()[goal.kind == FRR]:
            return 0
        if goal.kind == FAR:
            return identities_needed(goal.value, float(self.effective_negatives[0]), self.identities)
        # Genuine pairs grow with the identities, not with their square.
        share = RULE_OF_THREE / goal.value / self.effective_positives[-1]
        return int(np.ceil(self.genuine_identities * share))

    def arrays(self, name: str) -> dict[str, np.ndarray]:
        """To keep: under `name`, without the thresholds, which the snapshot's edges are."""
        curve = self.curve
        return {
            f"{name}_accepted": np.stack([curve.false_accepts, curve.true_accepts]),
            f"{name}_effective": np.stack([self.effective_negatives, self.effective_positives]),
            f"{name}_identities": np.array([self.identities, self.genuine_identities]),
            f"{name}_pairs": np.array([curve.negative_count, curve.positive_count]),
        }

    @classmethod
    def from_arrays(cls, name: str, edges: np.ndarray, arrays: Mapping[str, np.ndarray]) -> Evidence:
        wrongly, accepted = arrays[f"{name}_accepted"]
        identities, genuine = arrays[f"{name}_identities"].tolist()
        # Older versions kept no pairs that no threshold accepts.
        counts = arrays.get(f"{name}_pairs", np.array([wrongly[-1], accepted[-1]]))
        curve = Curve(edges[1:], wrongly, accepted, *counts.tolist())
        negatives, positives = arrays[f"{name}_effective"]
        return cls(curve, negatives, positives, identities, genuine)

"""What a set of pairs says about thresholds, and how far to trust it; numpy alone, so that a page can read it.

Made by a worker (dyadic_variance.py) and kept with the snapshot as a few arrays.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np

from core.evidence.intervals import (
    RULE_OF_THREE,
    Interval,
    identities_needed,
    reach,
    threshold_interval,
    wilson,
)
from core.evidence.promises import promised_share, safe_place
from core.evidence.vouching import Vouching
from core.statistics.roc import Curve
from core.verification.goals.base import Goal
from core.verification.weighted_curve import IDENTITIES, PAIRS, IdentityCurve

LEAST_ERRORS = 30  # the rule of 30: within 30 % of a rate, nine times in ten, wants some 30 errors (Doddington 2000)


@dataclass(frozen=True)
class Evidence:
    """A curve with the number of independent pairs that its rates are worth at each of S thresholds (S,) each.

    `identities` is how many there are, `genuine_identities` how many have a genuine pair; both are 0 where nobody said
    whose pairs they are: then all pairs are taken for independent, and every interval is too narrow. `freedom` (2, S)
    are Student's degrees of freedom for FAR and for FRR, `vouching` that of the impostor and of the genuine pairs,
    `linear` the share of the variance of FAR at the first threshold that falls only with the number of identities.
    Older versions kept none of these three.
    """

    curve: Curve
    effective_negatives: np.ndarray
    effective_positives: np.ndarray
    identities: int
    genuine_identities: int
    freedom: np.ndarray | None = None
    vouching: tuple[Vouching, Vouching] | None = None
    linear: float = 0.0

    @property
    def weights(self) -> str:
        """What counts alike in its rates: pairs or identities."""
        return IDENTITIES if isinstance(self.curve, IdentityCurve) else PAIRS

    @property
    def is_vouched(self) -> bool:
        """Whether the intervals of both rates can be called 95 %: not of pairs of nobody, nor of an older version, nor
        where one identity makes a rate and too few others tell how far identities differ."""
        return self.vouching is not None and all(kind.is_vouched for kind in self.vouching)

    @property
    def degrees_of_freedom(self) -> np.ndarray:
        """Student's, of FAR and of FRR (2, S)."""
        if self.freedom is not None:
            return self.freedom
        # What older versions took: a third as many groups as identities, found by simulation with equal sizes.
        groups = np.array([self.identities / 3 or np.inf, self.genuine_identities or np.inf])
        return np.repeat(groups[:, None] - 1, len(self.curve.thresholds), axis=1)

    def false_accept_band(self) -> Interval:
        """The 95 % interval at each threshold (S,)."""
        return wilson(self.curve.false_accept_rate, self.effective_negatives, reach(self.degrees_of_freedom[0]))

    def false_reject_band(self) -> Interval:
        """The 95 % interval at each threshold (S,)."""
        return wilson(self.curve.false_reject_rate, self.effective_positives, reach(self.degrees_of_freedom[1]))

    def on(self, curve: Curve) -> Evidence:
        """The same pairs at other thresholds, of which `curve` tells the exact counts. What they are worth changes
        slowly along the thresholds: the square of the reach over the effective number, which is all of Wilson's
        interval but the rate, lies on a straight line between those known here; the degrees of freedom are those of
        the nearest threshold."""
        if curve is self.curve:
            return self
        here, there = self.curve.thresholds, curve.thresholds
        above = np.clip(np.searchsorted(here, there), 1, max(len(here) - 1, 1)) if len(here) > 1 else np.zeros(1, int)
        nearest = np.where(there - here[above - 1] <= here[above] - there, above - 1, above)
        freedom, counts = self.degrees_of_freedom, (curve.negative_count, curve.positive_count)
        numbers = []
        for side, known in enumerate((self.effective_negatives, self.effective_positives)):
            steps = np.interp(there, here, np.square(reach(freedom[side])) / known)
            numbers.append(np.minimum(np.square(reach(freedom[side, nearest])) / steps, counts[side]))
        return replace(
            self,
            curve=curve,
            effective_negatives=numbers[0],
            effective_positives=numbers[1],
            freedom=None if self.freedom is None else freedom[:, nearest],
        )

    def threshold_interval(self, goal: Goal) -> tuple[float, float] | None:
        """Between which thresholds a limit on FAR or on FRR is met by all pairs that might have been seen, never less
        than from the threshold before the choice to the one after it; None for other goals, whose interval the
        bootstrap tells (bootstrap.py), or where there is none, joint_intervals.py."""
        if goal.side is None:
            return None
        band = self.false_reject_band() if goal.side else self.false_accept_band()
        return threshold_interval(self.curve.thresholds, band, goal.limit, rises=not goal.side)

    def promise(self, goal: Goal, threshold: float) -> float | None:
        """How likely it is that new identities keep within the goal's limit at a threshold, one-sided; None for goals
        without a limit. Read at the largest threshold known that is not above it; before the first nobody is accepted.
        """
        if goal.side is None:
            return None
        place = int(np.searchsorted(self.curve.thresholds, threshold, side="right")) - 1
        if place < 0:
            return float(goal.side == 0 or goal.limit >= 1)
        return float(self._promises(goal.side, goal.limit)[place])

    def safe_threshold(self, goal: Goal) -> float | None:
        """The threshold on the safe side of a limit, whose one-sided upper bound of 95 % meets it: for FAR the largest,
        as long as all smaller ones meet it, for FRR the smallest, as long as all larger ones do. None where no
        threshold known does: for FAR only refusing everybody would. None for goals without a limit."""
        if goal.side is None:
            return None
        place = safe_place(self._promises(goal.side, goal.limit), rises=goal.side == 0)
        return None if place is None else float(self.curve.thresholds[place])

    def _promises(self, side: Literal[0, 1], limit: float) -> np.ndarray:
        rate = (self.curve.false_accept_rate, self.curve.false_reject_rate)[side]
        worth = (self.effective_negatives, self.effective_positives)[side]
        return promised_share(rate, worth, self.degrees_of_freedom[side], limit)

    def smallest_rates(self) -> tuple[float, float]:
        """The smallest FAR and FRR that these pairs could show to be met: were no error seen, the rule of three for the
        pairs that they are worth."""
        return (
            min(RULE_OF_THREE / self.effective_negatives[0], 1.0),
            min(RULE_OF_THREE / self.effective_positives[-1], 1.0),
        )

    def identities_for(self, goal: Goal) -> int:
        """How many identities such as these, as unequal as they are, it takes to show that a limit on FAR or FRR is
        met; 0 for other goals and where these are enough."""
        if goal.side is None or not 0 < goal.limit < 1 or not self.identities:
            return 0
        if goal.limit >= self.smallest_rates()[goal.side]:
            return 0
        if goal.side == 0:
            return identities_needed(goal.limit, float(self.effective_negatives[0]), self.identities, self.linear)
        return identities_needed(goal.limit, float(self.effective_positives[-1]), self.genuine_identities, 1.0)

    def arrays(self, name: str) -> dict[str, np.ndarray]:
        """To keep: under `name`, without the thresholds, which the snapshot's edges are."""
        curve = self.curve
        kept = {
            f"{name}_accepted": np.stack([curve.false_accepts, curve.true_accepts]),
            f"{name}_effective": np.stack([self.effective_negatives, self.effective_positives]),
            f"{name}_identities": np.array([self.identities, self.genuine_identities]),
            f"{name}_pairs": np.array([curve.negative_count, curve.positive_count]),
        }
        if isinstance(curve, IdentityCurve):
            kept[f"{name}_rates"] = np.stack([curve.accept_rate, curve.reject_rate])
        if self.freedom is not None and self.vouching is not None:
            kept[f"{name}_freedom"] = self.freedom
            kept[f"{name}_vouching"] = np.stack([kind.array() for kind in self.vouching])
            kept[f"{name}_linear"] = np.array(self.linear)
        return kept

    @classmethod
    def from_arrays(cls, name: str, edges: np.ndarray, arrays: Mapping[str, np.ndarray]) -> Evidence:
        """What `arrays` has written down under this name, of older versions too."""
        wrongly, accepted = arrays[f"{name}_accepted"]
        identities, genuine = arrays[f"{name}_identities"].tolist()
        # Older versions kept no pairs that no threshold accepts.
        counts = arrays.get(f"{name}_pairs", np.array([wrongly[-1], accepted[-1]]))
        curve = Curve(edges[1:], wrongly, accepted, *counts.tolist())
        if f"{name}_rates" in arrays:
            accept_rate, reject_rate = arrays[f"{name}_rates"]
            curve = IdentityCurve(**vars(curve), accept_rate=accept_rate, reject_rate=reject_rate)
        negatives, positives = arrays[f"{name}_effective"]
        evidence = cls(curve, negatives, positives, identities, genuine)
        if f"{name}_freedom" not in arrays:
            return evidence
        impostor, genuine_kind = map(Vouching.from_array, arrays[f"{name}_vouching"])
        freedom, linear = arrays[f"{name}_freedom"], float(arrays[f"{name}_linear"])
        return replace(evidence, freedom=freedom, vouching=(impostor, genuine_kind), linear=linear)

"""From a goal to a threshold: which of a curve's own thresholds serves it best.

Accept when the distance is at most the threshold (roc.py). Where several thresholds serve a goal equally
well the smallest is taken, since it lets the fewest in; only "FAR at most" takes the largest, since that refuses the
fewest. Only thresholds of the curve are chosen, where its counts are exact, and refusing every pair is always among
them. A threshold by hand is the number given.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np

from core.statistics.roc import Curve, equal_error_rate
from core.statistics.threshold_grid import refusing
from core.verification.weighted_curve import IdentityCurve

FAR, FRR, EER, ACCURACY, YOUDEN, F_BETA, COST, HAND = (
    "far",
    "frr",
    "eer",
    "accuracy",
    "youden",
    "f-beta",
    "cost",
    "hand",
)
KINDS = (FAR, FRR, EER, ACCURACY, YOUDEN, F_BETA, COST, HAND)

LIMITED = {FAR: "max_false_accept_rate", FRR: "max_false_reject_rate"}


@dataclass(frozen=True)
class Costs:
    """What a false accept and a false reject cost, in any one unit, and how often an attempt is genuine."""

    false_accept: float = 1.0
    false_reject: float = 1.0
    genuine_share: float = 0.5

    def __post_init__(self) -> None:
        for name in ("false_accept", "false_reject"):
            value = getattr(self, name)
            if not 0 <= value < np.inf:
                raise ValueError(f"the cost of a {name.replace('_', ' ')} must be 0 or more, got {value}. Give 1.")
        if not 0 <= self.genuine_share <= 1:
            raise ValueError(f"genuine_share must be from 0 to 1, got {self.genuine_share}. Give 0.5 for half.")


@dataclass(frozen=True)
class Goal:
    """What a threshold is chosen for.

    "far" or "frr" at most `value`; "eer"; "accuracy"; "youden" (the largest TAR - FAR); "f-beta" with beta = `value`
    (van Rijsbergen 1979: recall counts beta times as much as precision); "cost" (the expected one of an attempt);
    `value` by "hand".
    """

    kind: str
    value: float = 0.0
    costs: Costs = Costs()

    def __post_init__(self) -> None:
        if self.kind not in KINDS:
            raise ValueError(f"the goal must be one of {', '.join(KINDS)}, got {self.kind!r}. Choose one of these.")
        if self.kind in LIMITED and not 0 <= self.value <= 1:
            raise ValueError(f"{LIMITED[self.kind]} must be from 0 to 1, got {self.value}. Give 0.01 for 1 %.")
        if self.kind == F_BETA and not 0 < self.value < np.inf:
            raise ValueError(f"beta must be above 0, got {self.value}. Give 1 to weigh both alike.")

    def threshold(self, curve: Curve) -> float:
        """One of the curve's own thresholds, or the one that refuses every pair; by hand the value itself."""
        if self.kind == HAND:
            return self.value
        curve = with_refusal(curve)
        if self.kind == FAR:
            return float(curve.thresholds[np.flatnonzero(curve.false_accept_rate <= self.value)[-1]])
        if self.kind == EER:
            return nearest_threshold(curve, equal_error_rate(curve)[1])
        if self.kind == FRR:
            return _nearest_within(curve, self.value)
        return float(curve.thresholds[np.argmax(merit(self, curve))])

    def open_bins(self, curve: Curve) -> np.ndarray:
        """Between which thresholds of the curve a better one may lie: (S,) bool, for the bins that end at each.

        The curve is exact at its thresholds and silent between them. A limit or equal rates are crossed within one bin;
        for any other goal a bin is open where its end's true accepts with its beginning's false accepts would be at
        least as good as the best of all thresholds.
        """
        curve = curve.in_counts() if isinstance(curve, IdentityCurve) else curve
        found = np.zeros(len(curve.thresholds), bool)
        if self.kind in (FAR, FRR, EER):
            crossed = {
                FAR: lambda: curve.false_accept_rate > self.value,
                FRR: lambda: curve.false_reject_rate <= self.value,
                EER: lambda: curve.false_accept_rate >= curve.false_reject_rate,
            }[self.kind]()
            found[np.argmax(crossed)] = crossed.any()
        elif self.kind != HAND:
            best = merit(self, curve)
            conceivable = merit(self, replace(curve, false_accepts=np.concatenate([[0], curve.false_accepts[:-1]])))
            found = (conceivable >= best.max()) & (np.diff(curve.true_accepts, prepend=0) > 0)
            found &= (conceivable > best.max()) | (np.arange(len(found)) <= np.argmax(best))
        return found & (np.diff(curve.true_accepts + curve.false_accepts, prepend=0) > 0)


def with_refusal(curve: Curve) -> Curve:
    """The curve with a threshold that refuses every pair in front, unless its first one does.

    An older snapshot's first threshold ends a bin that began a step before: two steps lie below all its pairs.
    """
    if not curve.true_accepts[0] and not curve.false_accepts[0]:
        return curve
    first, last = float(curve.thresholds[0]), float(curve.thresholds[-1])
    step = float(curve.thresholds[1]) - first if len(curve.thresholds) > 1 else abs(first)
    first = refusing(first - 2 * step, last)
    counts = (
        np.append(first, curve.thresholds),
        np.append(0, curve.false_accepts),
        np.append(0, curve.true_accepts),
        curve.negative_count,
        curve.positive_count,
    )
    if not isinstance(curve, IdentityCurve):
        return Curve(*counts)
    return IdentityCurve(*counts, np.append(0.0, curve.accept_rate), np.append(1.0, curve.reject_rate))


def merit(goal: Goal, curve: Curve) -> np.ndarray:
    """The higher the better, at each threshold (S,); of the goals that have one."""
    return _MERITS[goal.kind](curve.in_counts() if isinstance(curve, IdentityCurve) else curve, goal)


def _nearest_within(curve: Curve, limit: float) -> float:
    """The smallest threshold at which the false reject rate is at most the limit."""
    allowed = np.flatnonzero(curve.false_reject_rate <= limit)
    if not len(allowed):
        raise ValueError(
            f"max_false_reject_rate must be at least {curve.false_reject_rate[-1]:.3g}, the share of genuine pairs "
            f"that could not be compared and count as refused, got {limit}. Allow more, or leave these pairs out."
        )
    return float(curve.thresholds[allowed[0]])


def nearest_threshold(curve: Curve, value: float) -> float:
    """The curve's threshold nearest to a value; the smaller one at a tie."""
    return float(curve.thresholds[np.abs(curve.thresholds - value).argmin()])


def f_beta(curve: Curve, beta: float) -> np.ndarray:
    """(1 + beta^2) TP / ((1 + beta^2) TP + beta^2 FN + FP), a genuine pair being a positive; 0 where TP is."""
    accepted = (1 + beta**2) * curve.true_accepts
    missed = beta**2 * (curve.positive_count - curve.true_accepts)
    return accepted / (accepted + missed + curve.false_accepts)  # never 0 below: all pairs are missed or accepted


def expected_cost(curve: Curve, costs: Costs) -> np.ndarray:
    """What one attempt costs on average: share x rate x cost, of the false rejects and of the false accepts."""
    rejects = costs.genuine_share * costs.false_reject * curve.false_reject_rate
    return rejects + (1 - costs.genuine_share) * costs.false_accept * curve.false_accept_rate


# The higher the better. Youden's in whole numbers, both rates over both counts, so that equals stay equal.
_MERITS: dict[str, Callable[[Curve, Goal], np.ndarray]] = {
    ACCURACY: lambda curve, goal: curve.accuracy,
    YOUDEN: lambda curve, goal: curve.true_accepts * curve.negative_count - curve.false_accepts * curve.positive_count,
    F_BETA: lambda curve, goal: f_beta(curve, goal.value),
    COST: lambda curve, goal: -expected_cost(curve, goal.costs),
}

"""From a goal to a threshold, and the card that hands it over: plain values, exact, for any JSON writer."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np

from core.distances import EUCLIDEAN
from core.verification import Curve, at, choose_threshold, equal_error_rate, most_accurate

FORMAT = 1
FAR, EER, ACCURACY, HAND = "far", "eer", "accuracy", "hand"
KINDS = (FAR, EER, ACCURACY, HAND)


@dataclass(frozen=True)
class Goal:
    """What a threshold is chosen for: "far" at most `value`, "eer", "accuracy", or `value` itself by "hand"."""

    kind: str
    value: float = 0.0

    def __post_init__(self) -> None:
        if self.kind not in KINDS:
            raise ValueError(f"the goal must be one of {', '.join(KINDS)}, got {self.kind!r}. Choose one of these.")

    def threshold(self, curve: Curve) -> float:
        """One of the curve's own thresholds, where its counts are exact."""
        if self.kind == FAR:
            return choose_threshold(curve, max_false_accept_rate=self.value)
        if self.kind == ACCURACY:
            return most_accurate(curve)
        return nearest_threshold(curve, equal_error_rate(curve)[1] if self.kind == EER else self.value)

    def is_supported(self, curve: Curve) -> bool:
        """False where the limit allows not even one of the negative pairs there are: nothing can be measured below."""
        return self.kind != FAR or self.value * curve.negative_count >= 1


def nearest_threshold(curve: Curve, value: float) -> float:
    """The curve's threshold nearest to a value; the smaller one at a tie."""
    return float(curve.thresholds[np.abs(curve.thresholds - value).argmin()])


def threshold_card(
    curve: Curve, goal: Goal, *, description: Mapping[str, Any], numbers: Mapping[str, Any], date: str
) -> dict[str, Any]:
    """All that is needed to use the threshold and to find out where it comes from.

    `description` is run.json of the run and `numbers` the line of its snapshot (core/runs.py). Rates are shares in
    [0, 1] of the run's own held-out pairs, from which the threshold was chosen too; `chosen_on` says so.
    """
    data, encoder = description["data"], description["experiment"]["encoder"]
    distance = dict(description["experiment"].get("distance", EUCLIDEAN.described()))  # older runs had no other
    verdict = asdict(at(curve, goal.threshold(curve)))
    sought = {"max_false_accept_rate": goal.value} if goal.kind == FAR else {}
    return {
        "format": FORMAT,
        "threshold": verdict.pop("threshold"),
        "accept_when": "distance <= threshold",
        "distance": distance.pop("kind"),
        **({"distance_parameters": distance} if distance else {}),
        "normalisation": "l2" if encoder["normalise"] else "none",
        "goal": {"kind": goal.kind} | sought,
        "goal_is_supported": goal.is_supported(curve),
        **verdict,
        "positive_pairs": curve.positive_count,
        "negative_pairs": curve.negative_count,
        "equal_error_rate": numbers["eer"],
        "area_under_curve": numbers["auc"],
        "points": numbers["points"],
        "classes": numbers["classes"],
        "protocol": data["protocol"],
        "chosen_on": "the pairs that the rates are measured on",
        "run": description["id"],
        "data_digest": data["digest"],
        "epoch": numbers["epoch"],
        "step": numbers["step"],
        "date": date,
    }

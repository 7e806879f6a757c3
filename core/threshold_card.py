"""The card that hands a threshold over: plain values, exact, for any JSON writer."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from core.distances import EUCLIDEAN
from core.goals import COST, F_BETA, LIMITED, Goal
from core.verification import Curve, at

FORMAT = 1


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
    named = LIMITED | {F_BETA: "beta"}
    sought = asdict(goal.costs) if goal.kind == COST else {named[goal.kind]: goal.value} if goal.kind in named else {}
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

"""The points of a step on the playground, and what core's losses make of them."""

from __future__ import annotations

from typing import Any

import numpy as np
import torch

from core.lessons.lesson import Lesson, Step
from core.lessons.placements import PlacedEvidence
from core.losses import LOSSES
from dashboard.playground.panel import usual_of
from dashboard.playground.situation import Situation, situation_of
from dashboard.playground.starts import points_at
from tests.browser.playground_configurations import values_of


def named(lesson: Lesson, name: str) -> Step:
    """The step of that name."""
    return next(step for step in lesson.steps if step.name == name)


def situation(step: Step, points: str = "") -> Situation:
    """Where the points of a step lie at first, or instead of it at these places."""
    says = step.address
    usual = usual_of(says["play"], says["start"])
    at = points or says.get("points") or points_at(says["start"], says["space"])
    texts = {"space": says["space"], "points": at} | {name: says.get(name, "") for name in ("values", "parts")}
    return situation_of(says["play"], texts, usual)


def placed(step: Step, points: str = "", boundary: float | None = None) -> PlacedEvidence:
    """What its task is graded by."""
    found = situation(step, points)
    rows = np.array(found.points)
    if found.space != "plane":
        rows = rows / np.linalg.norm(rows, axis=1, keepdims=True)
    return PlacedEvidence(rows, np.array(found.labels), found.parameters, boundary, bool(found.switches["squared"]))


def verdict(step: Step, points: str = "", boundary: float | None = None) -> str:
    """The name of the sentence that its task is graded by."""
    assert step.task is not None
    return step.task.grade(points, placed(step, points, boundary)).why


def slopes(step: Step, at: str = "", **changed: Any) -> dict[str, Any]:
    """Core's objective, counts and gradients on the points of a step, or of those `at` other places; what is `changed`
    is by the names that the playground's formulas have for it."""
    found = situation(step, at)
    evidence = placed(step, at)
    loss = LOSSES[found.loss](**found.parameters)
    classes, size = int(evidence.classes.max()) + 1, evidence.points.shape[1]
    learned = loss.learned(classes, size, torch.Generator().manual_seed(0))
    given = {
        "loss": found.loss,
        "parameters": dict(found.parameters),
        "points": evidence.points.ravel().tolist(),
        "labels": evidence.classes.tolist(),
        "size": size,
        "classes": classes,
        "isUnit": found.space != "plane",
        "isSquared": found.switches["squared"],
        "anchors": [0] if found.switches["anchors"] == "first" else None,
        "learned": {name: tensor.flatten().tolist() for name, tensor in learned.items()},
        "step": 1,
        "seed": 0,
        "draws": [],
    }
    (values,) = values_of([given | changed])
    values["gradients"] = {name: np.array(flat) for name, flat in values["gradients"].items()}
    values["gradients"]["points"] = values["gradients"]["points"].reshape(-1, size)
    return values

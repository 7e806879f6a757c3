"""How each loss answers to distance, for its card: `python -m core.makers.loss_curves assets/curves.json`, with
the names of losses behind it only those.

Two samples of class 0 and two of class 1 lie on the unit sphere, class 1 together, in directions that are at a right
angle as seen from the first sample. For `pull` the other sample of class 0 moves away from the first while class 1
stays 1 away; for `push` class 1 moves instead. Rows that a loss learns for classes stand where the first sample and
where class 1 are. Values are objectives of the loss with default parameters, gradients those along the distance.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from math import asin, inf, pi
from pathlib import Path
from typing import TYPE_CHECKING, Any

from core.batch.mined import Band
from core.distances import Euclidean
from core.experiment.experiment import Experiment
from core.lazy import torch
from core.losses import LOSSES
from core.losses.base import Batch, Loss
from core.training.collapse import collapse_constant

if TYPE_CHECKING:
    from torch import Tensor

PLACES = 61
FURTHEST = 1.9  # towards 2 a step along the sphere no longer lengthens the distance, and its gradient has no bound
SIXTY_DEGREES = pi / 3  # as an angle at the centre it is a distance of 1


def curves_of(name: str) -> dict[str, float | list[float]]:
    """The curves of the loss of this name, and what it costs when all embeddings are equal, rounded."""
    loss = LOSSES[name]()
    return {"collapsed": _rounded(collapse_constant(Experiment.suited(loss))), **loss_curves(loss)}


def loss_curves(loss: Loss) -> dict[str, list[float]]:
    """`distance`, and `pull` and `push` with their gradients, at the same places up to FURTHEST."""
    angles = torch.linspace(0.03, 2 * asin(FURTHEST / 2), PLACES, dtype=torch.float64)
    curves: dict[str, Tensor] = {"distance": 2 * torch.sin(angles / 2)}
    for name in ("pull", "push"):
        points = [_value_and_gradient(loss, angle, name) for angle in angles]
        curves[name] = torch.stack([value for value, _ in points])
        curves[f"{name}_gradient"] = torch.stack([slope for _, slope in points]) / torch.cos(angles / 2)
    return {name: [_rounded(value) for value in values.tolist()] for name, values in curves.items()}


def _rounded(value: float) -> float:
    return float(f"{value:.4g}")


def _value_and_gradient(loss: Loss, angle: Any, moves: str) -> tuple[Any, Any]:
    """The objective with one of the two angles at `angle`, and its derivative by that angle."""
    moving = angle.clone().requires_grad_()
    resting = torch.tensor(SIXTY_DEGREES, dtype=torch.float64)
    own, other = (moving, resting) if moves == "pull" else (resting, moving)
    zero = torch.zeros_like(resting)
    first = torch.stack([zero + 1, zero, zero])
    second = torch.stack([torch.cos(own), torch.sin(own), zero])
    strange = torch.stack([torch.cos(other), zero, torch.sin(other)])
    points = torch.stack([first, second, strange, strange])
    labels = torch.tensor([0, 0, 1, 1])
    learned = {
        name: torch.stack([first, strange]) if start.ndim == 2 else start.double()
        for name, start in loss.learned(2, 3, torch.Generator().manual_seed(0)).items()
    }
    distances = Euclidean().matrix(points)
    mined = loss.as_consumed(Band(-inf, inf), distances, labels)
    terms = loss(Batch(points, labels, distances, learned, torch.Generator().manual_seed(0)), mined)
    if not terms.objective.requires_grad:
        return terms.objective.detach(), zero
    (slope,) = torch.autograd.grad(terms.objective, moving, allow_unused=True)
    return terms.objective.detach(), zero if slope is None else slope


def write(file: Path, only: Sequence[str] = ()) -> None:
    """Into a file that may hold them already: `only` those of these losses anew, without a name those of all."""
    kept = json.loads(file.read_text()) if only else {}
    curves = {name: kept[name] if name in kept and name not in only else curves_of(name) for name in LOSSES}
    lines = (f"{json.dumps(name)}: {json.dumps(values)}" for name, values in curves.items())
    file.write_text("{\n" + ",\n".join(lines) + "\n}\n")


if __name__ == "__main__":
    write(Path(sys.argv[1]), sys.argv[2:])

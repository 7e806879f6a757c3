"""What the card of each loss shows that a page cannot work out: `python -m core.makers.loss_curves assets/curves.json`,
with the names of losses behind it only those.

What a loss costs when all embeddings are equal; and of a loss without a formula of its own for that (`Loss.curve`), how
it answers to distance with default parameters, on the four samples of core/batch/four_samples.py.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from math import asin, inf
from pathlib import Path
from typing import TYPE_CHECKING, Any

from core.batch.four_samples import FURTHEST, NEAREST, PLACES, SIXTY_DEGREES
from core.batch.mined import Band
from core.distances import Euclidean
from core.experiment.experiment import Experiment
from core.lazy import torch
from core.losses import LOSSES
from core.losses.base import Batch, Loss
from core.training.collapse import collapse_constant

if TYPE_CHECKING:
    from torch import Tensor


def curves_of(name: str) -> dict[str, float | list[float]]:
    """What is recorded of the loss of this name, rounded."""
    loss = LOSSES[name]()
    curves: dict[str, list[float]] = {} if loss.has_curve else loss_curves(loss)
    return {"collapsed": _rounded(collapse_constant(Experiment.suited(loss))), **curves}


def loss_curves(loss: Loss, every: int = 1) -> dict[str, list[float]]:
    """`distance`, and `pull` and `push` with their gradients, at every so manieth place up to FURTHEST.

    Values are means over all terms: a mean over the active ones would jump whenever one more of so few becomes active.
    """
    angles = torch.linspace(NEAREST, 2 * asin(FURTHEST / 2), PLACES, dtype=torch.float64)[::every]
    curves: dict[str, Tensor] = {"distance": 2 * torch.sin(angles / 2)}
    for name in ("pull", "push"):
        points = [_value_and_gradient(loss, angle, name) for angle in angles]
        curves[name] = torch.stack([value for value, _ in points])
        curves[f"{name}_gradient"] = torch.stack([slope for _, slope in points]) / torch.cos(angles / 2)
    return {name: [_rounded(value) for value in values.tolist()] for name, values in curves.items()}


def _rounded(value: float) -> float:
    return float(f"{value:.4g}")


def _value_and_gradient(loss: Loss, angle: Any, moves: str) -> tuple[Any, Any]:
    """The mean over all terms with one of the two angles at `angle`, and its derivative by that angle."""
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
    mean = terms.objective * (max(terms.active, 1) / terms.count if loss.averages == "active" else 1.0)
    if not mean.requires_grad:
        return mean.detach(), zero
    (slope,) = torch.autograd.grad(mean, moving, allow_unused=True)
    return mean.detach(), zero if slope is None else slope


def write(file: Path, only: Sequence[str] = ()) -> None:
    """Into a file that may hold them already: `only` those of these losses anew, without a name those of all."""
    kept = json.loads(file.read_text()) if only else {}
    curves = {name: kept[name] if name in kept and name not in only else curves_of(name) for name in LOSSES}
    lines = (f"{json.dumps(name)}: {json.dumps(values)}" for name, values in curves.items())
    file.write_text("{\n" + ",\n".join(lines) + "\n}\n")


if __name__ == "__main__":
    write(Path(sys.argv[1]), sys.argv[2:])

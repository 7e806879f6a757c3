"""Random few points for every loss: what the playground's formulas and core's are both asked for."""

from __future__ import annotations

import random
from dataclasses import replace
from typing import Any

import torch
from torch import Tensor

from core.batch.euclidean import euclidean_matrix, unit_rows
from core.batch.mined import Pairs, all_pairs, triplets_within
from core.losses import LOSSES
from core.losses.base import Batch, Loss, Terms
from core.losses.quadruplet import drawn_negative_pairs
from core.params import Param, params_of

CONFIGURATIONS = 1000  # of each loss
MOST = {"margin": 2.0, "boundary": 2.0, "positive_margin": 1.0, "scale": 40.0, "alpha": 20.0, "beta": 20.0}


def configurations(name: str, count: int = CONFIGURATIONS) -> list[dict[str, Any]]:
    """As the playground takes them, each with what core must know beside: the seed of the draws."""
    chance = random.Random(f"playground {name}")
    return [_configuration(name, chance, number) for number in range(count)]


def _configuration(name: str, chance: random.Random, number: int) -> dict[str, Any]:
    kind, size, classes = LOSSES[name], chance.choice((2, 3)), chance.choice((2, 3))
    labels = [*range(classes), *(chance.randrange(classes) for _ in range(chance.randrange(1, 6)))]
    chance.shuffle(labels)
    loss = kind(**{one.name: _value(one, chance, is_default=number % 4 == 0) for one in params_of(kind)})
    is_tied, is_unit = number % 3 == 0, chance.random() < 0.5
    points = _points(chance, len(labels), size, is_tied, is_unit)
    anchors = chance.sample(range(len(labels)), chance.randrange(1, len(labels))) if number % 5 == 0 else None
    learned = loss.learned(classes, size, torch.Generator().manual_seed(number))
    return {
        "loss": name,
        "parameters": {one.name: getattr(loss, one.name) for one in params_of(kind)},
        "points": [value for point in points for value in point],
        "labels": labels,
        "size": size,
        "classes": classes,
        "isUnit": is_unit,
        "isSquared": kind.compares == "distance" and chance.random() < 0.4,
        "anchors": anchors,
        "learned": {key: [chance.gauss(0, 1) for _ in tensor.flatten()] for key, tensor in learned.items()},
        "step": chance.randrange(1, 400),
        "seed": number,
        "draws": _draws(labels, number) if name == "quadruplet" and classes > 2 else [],
    }


def _value(declared: Param, chance: random.Random, is_default: bool) -> Any:
    """The default, or any value between the bounds that is not too far out to leave digits."""
    if is_default:
        return declared.default
    if declared.choices:
        return chance.choice(declared.choices)
    low, high = declared.low or 0, declared.high or 0
    if isinstance(declared.default, int):
        return chance.randrange(low, min(high, 4) + 1)
    return chance.uniform(low, min(high, MOST.get(declared.name, max(3 * declared.default, 1.0))))


def _points(chance: random.Random, count: int, size: int, is_tied: bool, is_unit: bool) -> list[list[float]]:
    """Anywhere; or on a coarse grid, where distances are exactly equal and some points coincide. There none is the
    point 0, and those that are brought to unit length lie on an axis, so that no rounding parts what is equal."""
    if not is_tied:
        return [[chance.gauss(0, 1) for _ in range(size)] for _ in range(count)]
    made: list[list[float]] = []
    while len(made) < count:
        point = [float(chance.randrange(-1, 2)) for _ in range(size)]
        if any(point) and (not is_unit or sum(map(abs, point)) == 1):
            made.append(point)
    return made


def _draws(labels: list[int], seed: int) -> list[list[int]]:
    """The pairs i < j of one class with what core draws for them."""
    given = torch.tensor(labels)
    row, column = (given[:, None] == given).triu_(1).nonzero(as_tuple=True)
    drawn = drawn_negative_pairs(given, row, torch.Generator().manual_seed(seed))
    return torch.stack([row, column, *drawn], 1).tolist()


def values_of(given: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """What core makes of configurations, in float64: objectives, terms and gradients, of all by one walk back."""
    made = [_evaluated(one) for one in given]
    leaves = [leaf for _, tensors in made for leaf in tensors.values()]
    total = torch.stack([terms.objective for terms, _ in made]).sum()
    found = torch.autograd.grad(total, leaves, allow_unused=True)
    gradients = iter([0 * leaf if one is None else one for leaf, one in zip(leaves, found, strict=True)])
    return [
        {
            "objective": terms.objective.item(),
            "counts": [terms.count, terms.active],
            "gradients": {key: next(gradients).flatten().tolist() for key in tensors},
        }
        for terms, tensors in made
    ]


def _evaluated(given: dict[str, Any]) -> tuple[Terms, dict[str, Tensor]]:
    """The terms of a configuration, and the tensors that have a gradient by name: points, and what is learned."""
    loss = LOSSES[given["loss"]](**given["parameters"])
    points = torch.tensor(given["points"], dtype=torch.float64).view(-1, given["size"]).requires_grad_()
    batch = _batch(loss, given, unit_rows(points) if given["isUnit"] else points)
    return loss(batch, _mined(loss, batch, given["anchors"])), {"points": points, **batch.learned}


def _batch(loss: Loss, given: dict[str, Any], embeddings: Tensor) -> Batch:
    generator = torch.Generator().manual_seed(given["seed"])
    shapes = {key: value.shape for key, value in loss.learned(given["classes"], given["size"], generator).items()}
    learned = {
        key: torch.tensor(given["learned"][key], dtype=torch.float64).view(shape).requires_grad_()
        for key, shape in shapes.items()
    }
    distances = euclidean_matrix(embeddings)
    return Batch(
        embeddings,
        torch.tensor(given["labels"]),
        distances.square() if given["isSquared"] else distances,
        learned,
        torch.Generator().manual_seed(given["seed"]),
        given["step"],
    )


def _mined(loss: Loss, batch: Batch, anchors: list[int] | None) -> Any:
    """All pairs or triplets of these anchors, or of all."""
    if loss.consumes is None:
        return None
    pairs = all_pairs(batch.labels)
    if anchors is not None:
        taken = torch.zeros(len(batch.labels), 1, dtype=torch.bool)
        taken[anchors] = True
        pairs = Pairs(*(mask & taken for mask in pairs))
    return pairs if loss.consumes is Pairs else triplets_within(pairs)


def moved(given: dict[str, Any]) -> dict[str, list[float]]:
    """Where a loss's own rule moves its learned tensors, without a gradient."""
    loss = LOSSES[given["loss"]](**given["parameters"])
    points = torch.tensor(given["points"], dtype=torch.float64).view(-1, given["size"])
    batch = _batch(loss, given, unit_rows(points) if given["isUnit"] else points)
    still = replace(batch, learned={key: one.detach().clone() for key, one in batch.learned.items()})
    loss.follow(still)
    return {key: one.flatten().tolist() for key, one in still.learned.items()}

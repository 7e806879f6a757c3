"""Batches and definitions as slow loops, for the tests to compare with."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping

import torch
from torch import Tensor

from core.batch.mined import Band, Pairs, Triplets
from core.distances import Euclidean
from core.distances.base import Distance
from core.losses.base import Batch, Loss, Terms
from core.miners.base import Candidates

SIZES = (5, 4, 2, 1)  # unequal classes, one of a single sample


def batch(seed: int = 0, dimension: int = 4, sizes: tuple[int, ...] = SIZES) -> tuple[Tensor, Tensor]:
    """Points (N, D) float64 without ties and labels (N,), in no order."""
    generator = torch.Generator().manual_seed(seed)
    labels = torch.cat([torch.full((size,), label) for label, size in enumerate(sizes)])
    labels = labels[torch.randperm(len(labels), generator=generator)]
    return torch.randn(len(labels), dimension, dtype=torch.float64, generator=generator), labels


def tied_batch(seed: int = 0, sizes: tuple[int, ...] = SIZES) -> tuple[Tensor, Tensor]:
    """Points on a line at whole numbers: many equal distances, and some points in one place."""
    points, labels = batch(seed, 1, sizes)
    return (points * 2).round(), labels


def distance(first: list[float], second: list[float], squared: bool = False) -> float:
    total = sum((a - b) ** 2 for a, b in zip(first, second, strict=True))
    return total if squared else math.sqrt(total)


def distance_table(points: Tensor, squared: bool = False) -> Tensor:
    """(N, D) -> (N, N) float64, one pair at a time."""
    rows = points.tolist()
    return torch.tensor([[distance(a, b, squared) for b in rows] for a in rows], dtype=torch.float64)


def triplet_rows(labels: Tensor) -> Iterator[tuple[int, int, int]]:
    """Every (a, p, n) with p another sample of the anchor's class and n of a different class, in order."""
    numbers = labels.tolist()
    for a, of_anchor in enumerate(numbers):
        for p, of_positive in enumerate(numbers):
            for n, of_negative in enumerate(numbers):
                if a != p and of_anchor == of_positive and of_anchor != of_negative:
                    yield a, p, n


def triplets_of(rows: list[tuple[int, int, int]]) -> Triplets:
    columns = torch.tensor(rows, dtype=torch.int64).reshape(-1, 3)
    return Triplets(*columns.unbind(1))


def rows_of(triplets: Triplets) -> list[tuple[int, int, int]]:
    return list(zip(*(rows.tolist() for rows in triplets[:3]), strict=True))


def all_triplets(labels: Tensor) -> Triplets:
    return triplets_of(list(triplet_rows(labels)))


def all_pairs(labels: Tensor) -> Pairs:
    """Every ordered pair of different rows."""
    numbers = labels.tolist()
    same = [[a == b and i != j for j, b in enumerate(numbers)] for i, a in enumerate(numbers)]
    other = [[a != b for b in numbers] for a in numbers]
    shape = (len(numbers), len(numbers))
    return Pairs(*(torch.tensor(mask, dtype=torch.bool).reshape(shape) for mask in (same, other)))


def candidates(
    distances: Tensor, labels: Tensor, *, margin: float = 0.2, dimension: int = 4, seed: int = 0
) -> Candidates:
    return Candidates(distances, labels, margin, dimension, torch.Generator().manual_seed(seed))


def evaluated(
    loss: Loss,
    points: Tensor,
    labels: Tensor,
    mined: Pairs | Triplets | Band | None,
    learned: Mapping[str, Tensor] | None = None,
    *,
    distance: Distance | None = None,
    step: int = 1,
) -> Terms:
    """What a loss finds in a batch, its distances made here."""
    matrix = (distance or Euclidean()).matrix(points)
    batch = Batch(points, labels, matrix, learned or {}, torch.Generator().manual_seed(0), step)
    return loss(batch, mined)

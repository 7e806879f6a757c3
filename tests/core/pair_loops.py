"""What the tests of losses of pairs share: pairs as lists, and the chain rule from pairs to points as a slow loop."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import NamedTuple

import numpy as np
import pytest
import torch
from torch import Tensor

from core.batch.mined import Pairs
from core.losses.base import Loss, Terms
from tests.core.loops import all_pairs, evaluated

Slopes = dict[tuple[int, int], float]


class Found(NamedTuple):
    """What a definition gives: the value of each term, and the derivative of their sum by each entry (i, j)."""

    values: list[float]
    slopes: Slopes


def pairs_of(labels: Tensor, is_some: bool) -> Pairs:
    """All pairs, or six of ten of them, seen from one end alone here and there."""
    every = all_pairs(labels)
    if not is_some:
        return every
    drawn = torch.rand(every.positive.shape, generator=torch.Generator().manual_seed(4)) < 0.6
    return Pairs(every.positive & drawn, every.negative & drawn)


def columns_of(mask: Tensor) -> list[list[int]]:
    """(N, N) -> for each row the columns where it is true."""
    return [row.nonzero().flatten().tolist() for row in mask]


def through_distances(points: np.ndarray, slopes: Mapping[tuple[int, int], float]) -> np.ndarray:
    gradient = np.zeros_like(points)
    for (i, j), slope in slopes.items():
        direction = (points[i] - points[j]) / math.sqrt(((points[i] - points[j]) ** 2).sum())
        gradient[i] += slope * direction
        gradient[j] -= slope * direction
    return gradient


def through_cosines(points: np.ndarray, slopes: Mapping[tuple[int, int], float]) -> np.ndarray:
    gradient = np.zeros_like(points)
    lengths = [math.sqrt((point**2).sum()) for point in points]
    for (i, j), slope in slopes.items():
        of_i, of_j = points[i] / lengths[i], points[j] / lengths[j]
        similarity = (of_i * of_j).sum()
        gradient[i] += slope * (of_j - similarity * of_i) / lengths[i]
        gradient[j] += slope * (of_i - similarity * of_j) / lengths[j]
    return gradient


def cosine_table(points: Tensor) -> list[list[float]]:
    rows = points.tolist()
    lengths = [math.sqrt(sum(value * value for value in row)) for row in rows]
    return [
        [
            sum(a * b for a, b in zip(first, second, strict=True)) / (lengths[i] * lengths[j])
            for j, second in enumerate(rows)
        ]
        for i, first in enumerate(rows)
    ]


def assert_agree(
    loss: Loss, found: Found, gradient: np.ndarray, points: Tensor, labels: Tensor, mined: Pairs, **learned: Tensor
) -> Terms:
    """Value, counts and gradient of a loss equal those of its definition; `gradient` is that of the sum."""
    points = points.clone().requires_grad_()
    terms = evaluated(loss, points, labels, mined, learned)
    terms.objective.backward()
    active = sum(value > 0 for value in found.values)
    count = active if loss.averages == "active" else len(found.values)
    assert active > 0 and bool(np.abs(gradient).max() > 0)
    assert (terms.count, terms.active) == (len(found.values), active)
    assert terms.total.item() == pytest.approx(sum(found.values))
    assert terms.objective.item() == pytest.approx(sum(found.values) / count)
    torch.testing.assert_close(points.grad, torch.from_numpy(gradient / count))
    return terms

"""Triplets counted from squares that are off, against a plain loop over the distances themselves."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.testing import assert_allclose, assert_array_equal

from core.kernels.few_positives import Kinds, count_closer_to_few

COUNT, EACH = 600, 3
ADDED = np.array([0.0, 0.25, 1.0])


def points_of(kind: str) -> np.ndarray:
    generator = np.random.default_rng(2)
    scattered = generator.normal(size=(COUNT, 4)).astype(np.float32)
    return np.round(scattered * 8) / 8 if kind == "tied" else scattered


@pytest.mark.parametrize("rooted", [True, False], ids=["distances", "squares"])
@pytest.mark.parametrize("kind", ["scattered", "tied"])
def test_counts_are_those_of_all_triplets(kind: str, rooted: bool) -> None:
    points, numbers = points_of(kind), np.arange(COUNT) // EACH
    differences = points.astype(np.float64)[:, None] - points
    exact = np.square(differences).sum(axis=2)
    off = np.random.default_rng(0).uniform(-1e-3, 1e-3, size=exact.shape)
    squares, errors = np.maximum(exact + off, 0).astype(np.float32), np.full(COUNT, 1.1e-3)
    kinds = Kinds(numbers.astype(np.int32), np.arange(0, COUNT + 1, EACH, dtype=np.int64), np.arange(COUNT))
    counts, aucs, crowded = np.zeros((COUNT, 3), np.int64), np.full(COUNT, np.nan), np.zeros(COUNT, np.bool_)
    count_closer_to_few(squares, 0, kinds, ADDED, errors, points, rooted, counts, aucs, crowded)
    assert crowded.mean() < 0.9
    distances = np.sqrt(exact) if rooted else exact
    for anchor in np.flatnonzero(~crowded):
        same = numbers == numbers[anchor]
        negative, positive = distances[anchor, ~same], distances[anchor, same & (np.arange(COUNT) != anchor)]
        assert_array_equal(counts[anchor], [(negative[:, None] < positive + more).sum() for more in ADDED])
        won = (negative[:, None] > positive).mean() + (negative[:, None] == positive).mean() / 2
        assert_allclose(aucs[anchor], won, rtol=1e-12)
    assert (counts[crowded] == 0).all() and np.isnan(aucs[crowded]).all()


def test_anchors_whose_negatives_are_all_alike_are_crowded() -> None:
    points, numbers = np.zeros((COUNT, 2)), (np.arange(COUNT) // 2).astype(np.int32)
    kinds = Kinds(numbers, np.arange(0, COUNT + 1, 2, dtype=np.int64), np.arange(COUNT))
    counts, aucs, crowded = np.zeros((1, 3), np.int64), np.full(1, np.nan), np.zeros(1, np.bool_)
    block, errors = np.zeros((1, COUNT), np.float32), np.zeros(1)
    count_closer_to_few(block, 0, kinds, ADDED, errors, points, True, counts, aucs, crowded)
    assert crowded.all()

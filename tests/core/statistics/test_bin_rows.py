"""Bins by products against a search among the edges, on points on which rounding shows."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.testing import assert_allclose, assert_array_equal

from core.distances import EUCLIDEAN, SQUARED_EUCLIDEAN
from core.distances.base import Distance
from core.statistics.bin_rows import HeldBins, bin_rows
from core.statistics.distance_blocks import distance_matrix
from tests.core.spreads import KINDS, spread


@pytest.mark.parametrize("distance", [EUCLIDEAN, SQUARED_EUCLIDEAN], ids=lambda distance: distance.name)
@pytest.mark.parametrize("kind", KINDS)
def test_bins_by_products_are_those_of_the_exact_distances(
    kind: str, distance: Distance, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Edges are distances of pairs, so that many pairs equal one."""
    points, _ = spread(kind, 150)
    exact = distance_matrix(points, distance)
    values = np.unique(exact[np.triu_indices(len(points), 1)])
    edges = np.concatenate([[-1.0], values[:: max(len(values) // 40, 1)], [values[-1] * 1.01 + 1e-300]])
    edges = np.unique(edges)
    expected = np.clip(np.searchsorted(edges, exact, side="left") - 1, 0, len(edges) - 2)
    apart = ~np.eye(len(points), dtype=bool)
    monkeypatch.setattr("core.statistics.distance_blocks.DIRECT_LIMIT", 10)
    monkeypatch.setattr("core.statistics.bin_rows.MOST_SETTLED", 2.0)  # products even where most pairs tie
    rows = bin_rows(points, edges, distance)
    found = rows.find((0, len(points)), (0, len(points)))
    assert len(np.unique(found[apart])) > 3
    assert_array_equal(found[apart], expected[apart])
    assert_array_equal(rows.find((20, 60), (40, 90))[apart[20:60, 40:90]], expected[20:60, 40:90][apart[20:60, 40:90]])
    held, some = HeldBins.of(rows, len(points)), np.array([70, 3, 140, 9])
    assert_array_equal(held.among(some).find((0, 2), (2, 4)), expected[np.ix_(some[:2], some[2:])])


@pytest.mark.parametrize("count", [30, 900, 30_000], ids=["apart", "grid", "several to a range"])
def test_bins_by_rough_products_are_those_of_the_exact_distances(count: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """Edges at distances of pairs and between them: what is doubted is settled, and nothing else is wrong."""
    points = np.random.default_rng(0).normal(size=(700, 8)).astype(np.float32)
    exact = distance_matrix(points, EUCLIDEAN)
    values = np.unique(exact[np.triu_indices(len(points), 1)])
    low, high = values[len(values) // 50], values[-len(values) // 50]
    edges = np.unique(np.concatenate([[-1.0, 0.0], np.linspace(low, high, count), values[::400], [99.0]]))
    for name in ("MOST_OPEN", "MOST_SETTLED"):
        monkeypatch.setattr(f"core.statistics.bin_rows.{name}", 2.0)
    monkeypatch.setattr("core.statistics.distance_blocks.DIRECT_LIMIT", 10)
    rows = bin_rows(points, edges, EUCLIDEAN)
    assert rows.is_rough
    found, apart = rows.find((0, 700), (0, 700)), ~np.eye(len(points), dtype=bool)
    assert_array_equal(found[apart], (np.searchsorted(edges, exact, side="left") - 1)[apart])


def test_products_are_handed_on_once(monkeypatch: pytest.MonkeyPatch) -> None:
    points = np.random.default_rng(0).normal(size=(700, 8)).astype(np.float32)
    monkeypatch.setattr("core.statistics.distance_blocks.DIRECT_LIMIT", 10)
    rows, handed = bin_rows(points, np.linspace(-1, 20, 90), EUCLIDEAN), list[tuple[np.ndarray, int, int]]()
    assert rows.is_rough
    rows.find((100, 300), (50, 650), lambda products, first, left: handed.append((products.copy(), first, left)))
    ((products, first, left),) = handed
    centred = points.astype(np.float64) - points.mean(axis=0, dtype=np.float64)
    assert (first, left, products.dtype) == (100, 50, np.float32)
    assert_allclose(products, -2 * centred[100:300] @ centred[50:650].T, atol=1e-4)

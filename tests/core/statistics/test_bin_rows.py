"""Bins by products against a search among the edges, on points on which rounding shows."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.testing import assert_array_equal

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

"""The bin of a distance against a search through all edges, on edges of every spacing."""

from __future__ import annotations

import numpy as np
import pytest
from numba import njit

from core.kernels.pair_bins import Lookup, bin_among, lookup

EDGES = {
    "two": np.array([0.0, 1.0]),
    "equal steps": np.linspace(0.0, 2.0, 1025),
    "crowded at one end": np.concatenate([np.geomspace(1e-9, 1e-3, 900), [0.5, 7.0]]),
    "crowded far from 0": np.concatenate([[0.0], 1e6 + np.linspace(0, 1e-3, 500), [2e6]]),
    "next to each other": np.nextafter(1.0, 2.0) + np.arange(5) * np.spacing(1.0),
    "negative": np.array([-9.0, -5.0, -1e-300, 0.0, 1e-300, 3.0]),
    "huge": np.array([-1e300, 0.0, 1e300]),
}


@njit
def all_bins(distances: np.ndarray, found: Lookup) -> np.ndarray:
    bins = np.empty(len(distances), np.int64)
    for place in range(len(distances)):
        bins[place] = bin_among(distances[place], found)
    return bins


@pytest.mark.parametrize("edges", EDGES.values(), ids=EDGES)
def test_a_bin_ends_at_its_upper_edge_however_edges_are_spaced(edges: np.ndarray) -> None:
    generator = np.random.default_rng(0)
    between = edges[0] / 2 + edges[-1] / 2 + (edges[-1] / 2 - edges[0] / 2) * generator.uniform(-1, 1, 2000)
    near = [np.nextafter(edges, -np.inf), edges, np.nextafter(edges, np.inf)]
    distances = np.concatenate([*near, between])
    expected = np.clip(np.searchsorted(edges, distances, side="left") - 1, 0, len(edges) - 2)
    assert len(np.unique(expected)) == len(edges) - 1
    np.testing.assert_array_equal(all_bins(distances, lookup(edges)), expected)

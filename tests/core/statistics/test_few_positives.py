"""Triplets of few positives counted without an order of the negatives, against counting with one."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.testing import assert_array_equal

from core.distances import EUCLIDEAN, SQUARED_EUCLIDEAN
from core.distances.base import Distance
from core.kernels.few_positives import Kinds
from core.statistics import few_positives, row_scan
from core.statistics.distance_blocks import distance_matrix
from core.statistics.few_positives import FewPositives
from core.statistics.retrieval import LARGEST_K
from core.statistics.row_findings import RowFindings
from core.statistics.row_scan import scan
from core.statistics.triplet_census import checked_steps
from tests.core.spreads import KINDS, spread


@pytest.mark.parametrize("limit", [10, 10_000], ids=["products", "direct"])
@pytest.mark.parametrize("distance", [EUCLIDEAN, SQUARED_EUCLIDEAN], ids=lambda distance: distance.name)
@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("each", [2, 40])
def test_the_counts_are_those_with_an_order(
    kind: str, distance: Distance, limit: int, each: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    points, labels = spread(kind, 240)
    if each == 2:
        labels = np.arange(240) // 2
    monkeypatch.setattr("core.statistics.distance_blocks.DIRECT_LIMIT", limit)
    far = float(np.median(distance.between(points[:9], points[9:18])))
    found = []
    for columns in (0, 10**9):  # always, and never
        monkeypatch.setattr(few_positives, "COLUMNS_PER_SUM", columns)
        steps = checked_steps(np.array([0.1, 0.5]) * far)
        found.append(scan(points, labels, steps, depth=LARGEST_K, with_local_aucs=True, distance=distance))
    few, many = found
    assert_array_equal(few.closer, many.closer)
    assert_array_equal(few.scores, many.scores)
    assert_array_equal(few.local_aucs, many.local_aucs)
    assert few.closer[-1] > 0


def test_few_rows_are_crowded_where_distances_scatter(monkeypatch: pytest.MonkeyPatch) -> None:
    """Otherwise the counts would be compared with themselves."""
    points, labels = np.random.default_rng(0).normal(size=(2500, 6)), np.arange(2500) // 2
    crowded: list[int] = []
    known = row_scan.RowScan._take_many

    def take(self: row_scan.RowScan, rows: np.ndarray) -> RowFindings:
        crowded.append(len(rows))
        return known(self, rows)

    monkeypatch.setattr(row_scan.RowScan, "_take_many", take)
    monkeypatch.setattr(few_positives, "COLUMNS_PER_SUM", 0)
    scan(points, labels, checked_steps(np.array([0.2])), depth=LARGEST_K, with_local_aucs=True)
    assert sum(crowded) < 100


@pytest.mark.parametrize(("is_lattice", "taken"), [(True, 128), (False, 700)], ids=["lattice", "scattered"])
def test_few_positives_are_given_up_where_negatives_crowd(
    is_lattice: bool, taken: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """After the first rows, all of which do: there are three distances."""
    generator = np.random.default_rng(0)
    points = 0.1 * generator.integers(0, 3, (700, 1)) if is_lattice else generator.normal(size=(700, 8))
    monkeypatch.setattr("core.statistics.distance_blocks.DIRECT_LIMIT", 10)
    rows: list[int] = []
    known = FewPositives.take

    def take(self: FewPositives, some: tuple[int, int]) -> RowFindings:
        rows.append(some[1] - some[0])
        return known(self, some)

    monkeypatch.setattr(FewPositives, "take", take)
    scan(points, np.arange(700) // 2, checked_steps(np.array([0.1])), depth=LARGEST_K, with_local_aucs=True)
    assert sum(rows) == taken


def test_squares_that_are_off_by_nothing_find_the_neighbours() -> None:
    """Of whole numbers, which float32 holds."""
    points = np.random.default_rng(0).integers(-9, 10, (240, 5)).astype(np.float64)
    numbers = np.arange(240) // 2
    kinds = Kinds(numbers.astype(np.int32), np.arange(0, 241, 2), np.arange(240))
    few = FewPositives(points, kinds, checked_steps(np.array([0.5])), LARGEST_K, rooted=True)
    squares = distance_matrix(points, SQUARED_EUCLIDEAN).astype(np.float32)
    found = few.take_squares(0, squares, np.zeros(240))
    expected = scan(points, numbers, np.empty(0), depth=LARGEST_K)
    assert_array_equal(found.scores, expected.scores)

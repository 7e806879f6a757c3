"""Pairs counted by kind, class and bin, one at a time: from distances, and from products that settle what is open."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.testing import assert_array_equal

from core.distances import EUCLIDEAN, SQUARED_EUCLIDEAN
from core.distances.base import Distance
from core.kernels.pair_histogram import Classes, Counters, count_distances
from core.statistics.bin_rows import bin_rows
from core.statistics.distance_blocks import distance_matrix
from core.statistics.pair_tiles import ProductTiles, classes_of, cut_at
from core.statistics.product_blocks import ProductRows
from tests.core.spreads import KINDS, spread

COUNT, SHIFT = 90, 2


def in_order(kind: str) -> tuple[np.ndarray, Classes]:
    """Points in order of class."""
    points, labels = spread(kind, COUNT)
    order = np.argsort(labels, kind="stable")
    return np.ascontiguousarray(points[order]), classes_of(labels[order])


def counters(slots: int, classes: Classes) -> Counters:
    number, coarse = int(classes.numbers[-1]) + 1, -(-(slots - 1) // 2**SHIFT) + 1
    return Counters(np.zeros((2, slots), np.int32), np.zeros((2, number, coarse), np.int32), SHIFT)


def by_hand(distances: np.ndarray, edges: np.ndarray, classes: Classes) -> tuple[Counters, int]:
    """Slot k holds what is in (edge k - 1, edge k], slot 0 what equals the first edge."""
    found = counters(len(edges), classes)
    rows, others = np.triu_indices(COUNT, 1)
    values = distances[rows, others]
    is_inside = (edges[0] <= values) & (values <= edges[-1])
    slots = np.searchsorted(edges, values[is_inside])
    for slot, own, further in zip(
        slots.tolist(), classes.numbers[rows[is_inside]], classes.numbers[others[is_inside]], strict=True
    ):
        coarse, same = -(-slot // 2**SHIFT), int(own == further)
        found.fine[same, slot] += 1
        found.coarse[same, own, coarse] += 1
        if not same:
            found.coarse[0, further, coarse] += 1
    return found, int((~is_inside).sum())


def cuts(distances: np.ndarray) -> dict[str, np.ndarray]:
    """Edges around all distances: in equal steps, on distances, and few."""
    values = np.unique(distances[np.triu_indices(COUNT, 1)])
    top = values[-1]
    some = np.unique(np.concatenate([[0.0], values[:: len(values) // 60 + 1], [1.25 * top]]))
    return {"equal steps": np.linspace(0, 1.5 * top, 257), "on distances": some, "few": np.linspace(0, 2 * top, 5)}


def agree(found: Counters, expected: Counters) -> None:
    assert_array_equal(found.fine, expected.fine)
    assert_array_equal(found.coarse, expected.coarse)


@pytest.mark.parametrize("kind", KINDS)
def test_distances_are_counted_where_the_edges_say(kind: str) -> None:
    points, classes = in_order(kind)
    distances = distance_matrix(points)
    for edges in cuts(distances).values():
        found = counters(len(edges), classes)
        beyond = sum(
            count_distances(distances[start:stop, left:right], start, left, edges, classes, found)
            for start, stop in ((0, 40), (40, COUNT))
            for left, right in ((start, 60), (60, COUNT))
        )
        expected, outside = by_hand(distances, edges, classes)
        agree(found, expected)
        assert beyond == outside
        assert found.fine.sum() + beyond == COUNT * (COUNT - 1) // 2


@pytest.mark.parametrize("edges", [np.array([0.5, 1.0, 2.0]), np.array([-1.0, 0.0, 0.25, 0.5, 0.75])], ids=str)
def test_what_lies_beyond_the_edges_is_told_and_in_no_bin(edges: np.ndarray) -> None:
    points, classes = in_order("whole")
    distances = distance_matrix(points) / 4
    found = counters(len(edges), classes)
    beyond = count_distances(distances, 0, 0, edges, classes, found)
    expected, outside = by_hand(distances, edges, classes)
    assert beyond == outside > 0
    assert_array_equal(found.fine.sum(axis=0)[1:], expected.fine.sum(axis=0)[1:])


@pytest.mark.parametrize("distance", [EUCLIDEAN, SQUARED_EUCLIDEAN], ids=["rooted", "squared"])
@pytest.mark.parametrize("kind", KINDS)
def test_products_count_what_distances_count_whatever_they_leave_open(kind: str, distance: Distance) -> None:
    points, classes = in_order(kind)
    products = ProductRows(points, rooted=distance.power == 1)
    if not products.are_usable:
        return
    distances = distance_matrix(points, distance)
    for edges in cuts(distances).values():
        tiles = ProductTiles(points, products, cut_at(edges, rooted=distance.power == 1), exact=True)
        found = counters(len(edges), classes)
        beyond = sum(tiles.count(start, stop, classes, found) for start, stop in ((0, 40), (40, COUNT)))
        expected, outside = by_hand(distances, edges, classes)
        assert beyond == outside
        agree(found, expected)


@pytest.mark.parametrize("distance", [EUCLIDEAN, SQUARED_EUCLIDEAN], ids=["rooted", "squared"])
@pytest.mark.parametrize("kind", KINDS)
def test_products_find_the_bin_that_the_distance_lies_in(
    kind: str, distance: Distance, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("core.statistics.distance_blocks.DIRECT_LIMIT", 10)
    points, _ = in_order(kind)
    distances = distance_matrix(points, distance)
    for edges in cuts(distances).values():
        rows = bin_rows(points, edges, distance)
        for here, there in (((0, 30), (0, COUNT)), ((40, 90), (30, 75))):
            found = np.array(rows.find(here, there))
            expected = np.clip(np.searchsorted(edges, distances) - 1, 0, len(edges) - 2)[slice(*here), slice(*there)]
            others = np.arange(*here)[:, None] != np.arange(*there)
            assert_array_equal(found[others], expected[others])

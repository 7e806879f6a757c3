from typing import Any

import numpy as np
import pytest

from core.distances import EUCLIDEAN, SQUARED_EUCLIDEAN, Cosine
from core.distances.base import Distance
from core.kernels.pair_histogram import OPEN
from core.statistics.distance_blocks import distance_matrix
from core.statistics.histogram_edges import spanning_edges
from core.statistics.pair_histogram import pair_histogram
from core.statistics.pair_tiles import ProductTiles, Tally, classes_of, cut_at, largest_squares, tiles_of
from tests.core.spreads import KINDS, spread


def scattered(count: int, dimensions: int) -> tuple[np.ndarray, np.ndarray]:
    """Points of very different lengths, some of them copies, all far from the origin; three classes in no order."""
    generator = np.random.default_rng(0)
    points = generator.normal(size=(count, dimensions)) * generator.lognormal(sigma=1.0, size=(count, 1))
    some = generator.integers(count, size=count // 2)
    points[some] = points[some % 40]
    return (points + 50).astype(np.float32), generator.integers(3, size=count)


def by_kind(distances: np.ndarray, labels: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """(N, N) -> the distances of the positive pairs and of the negative pairs, ascending."""
    upper, same = np.triu(np.ones(distances.shape, bool), 1), labels[:, None] == labels
    return np.sort(distances[upper & same]), np.sort(distances[upper & ~same])


@pytest.fixture
def product_path(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("core.statistics.distance_blocks.DIRECT_LIMIT", 10)


def cuts(distances: np.ndarray) -> dict[str, np.ndarray]:
    """Edges around all distances (P,): in equal steps, unequal, on distances and beside them, few and many."""
    top, values = distances.max(), np.unique(distances)
    some = values[:: max(len(values) // 700, 1)]
    outer = np.array([0.0, 1.5 * top])
    return {
        "equal steps": np.linspace(0, 1.5 * top, 4097),
        "equal steps from elsewhere": np.union1d(
            np.linspace(0.8 * np.median(values), 1.2 * np.median(values), 999), outer
        ),
        "on distances": np.union1d(some, outer),
        "beside distances": np.union1d(np.concatenate([np.nextafter(some, 0), np.nextafter(some, np.inf)]), outer),
        "over many powers of ten": np.append(0, np.unique(np.geomspace(max(top * 1e-12, 1e-300), 1.5 * top, 3000))),
        "two": np.array([0.0, top]),
        "three": np.array([0.0, top / 3, top]),
    }


@pytest.mark.parametrize("distance", [EUCLIDEAN, SQUARED_EUCLIDEAN, Cosine()], ids=str)
@pytest.mark.parametrize("kind", KINDS)
def test_running_counts_are_exact_at_any_edges(kind: str, distance: Distance, product_path: None) -> None:
    embeddings, labels = spread(kind, 700)
    points = distance.prepared(embeddings)
    positive, negative = by_kind(distance_matrix(points, distance), labels)
    for name, edges in cuts(np.concatenate([positive, negative])).items():
        found = pair_histogram(points, labels, edges, distance=distance)
        assert (np.cumsum(found.positive_counts) == np.searchsorted(positive, edges[1:], side="right")).all(), name
        assert (np.cumsum(found.negative_counts) == np.searchsorted(negative, edges[1:], side="right")).all(), name


@pytest.mark.parametrize("distance", [EUCLIDEAN, SQUARED_EUCLIDEAN], ids=["rooted", "squared"])
@pytest.mark.parametrize("dimensions", [2, 64])
def test_rough_running_counts_miss_only_pairs_within_the_error_of_an_edge(
    distance: Distance, dimensions: int, product_path: None
) -> None:
    points, labels = scattered(1500, dimensions)
    edges = spanning_edges(points, distance)
    found = pair_histogram(points, labels, edges, distance=distance, exact=False)
    squares = edges[1:] ** 2 if distance.power == 1 else edges[1:]
    differing = 0
    for counts, exact in zip(
        (found.positive_counts, found.negative_counts),
        by_kind(distance_matrix(points, SQUARED_EUCLIDEAN), labels),
        strict=True,
    ):
        running = np.cumsum(counts)
        assert running[-1] == len(exact)
        assert (running >= np.searchsorted(exact, squares - found.error, side="right")).all()
        assert (running <= np.searchsorted(exact, squares + found.error, side="right")).all()
        differing += np.count_nonzero(running != np.searchsorted(exact, squares, side="right"))
    assert differing, "the case must show the rounding that the error bounds"
    assert pair_histogram(points, labels, edges, distance=distance).error == 0


def test_a_false_accept_rate_at_a_tie_is_exact_above_the_limit() -> None:
    """Whole numbers, 2 apart in many places: right is 0.06127, products of points moved to their mean gave 0.05882."""
    generator = np.random.default_rng(5)
    points, labels = generator.integers(-1, 2, (2400, 8)).astype(np.float32), generator.integers(0, 40, 2400)
    negative = by_kind(distance_matrix(points), labels)[1]
    assert (negative == 2).sum() > 10_000
    for edges in (np.array([0.0, 2.0, 9.0]), np.linspace(0.0, 8.0, 9), np.array([0.0, 0.5, 2.0, 2.1, 9.0])):
        found = pair_histogram(points, labels, edges)
        place = np.flatnonzero(edges == 2)[0]
        assert found.negative_counts[:place].sum() == (negative <= 2).sum()


@pytest.mark.parametrize(("bins", "kind"), [(1024, np.float32), (65_536, np.float64)], ids=["wide", "narrow"])
def test_products_are_short_only_where_few_pairs_are_near_an_edge(
    bins: int, kind: type[np.floating], product_path: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Of whose bins most would have to be found again."""
    points, labels = np.random.default_rng(0).normal(size=(300, 64)), np.arange(300) % 3
    kinds: set[np.dtype] = set()
    known = ProductTiles.count_products

    def noted(self: ProductTiles, products: np.ndarray, *others: Any) -> int:
        kinds.add(products.dtype)
        return known(self, products, *others)

    monkeypatch.setattr(ProductTiles, "count_products", noted)
    pair_histogram(points, labels, np.linspace(0, 20, bins + 1))
    assert kinds == {np.dtype(kind)}


def test_rows_may_be_counted_in_any_order(product_path: None) -> None:
    """Copies are looked up from row to row, and another thread may be further down."""
    points, labels = scattered(1300, 8)
    order = np.argsort(labels)
    tiles = tiles_of(points[order], np.append(1e-5 * np.arange(100), 1e6), EUCLIDEAN)
    down, up = (Tally(classes_of(labels[order]), 100, None) for _ in range(2))
    for first in range(0, 1300, 100):
        down.count(tiles, first, first + 100)
        up.count(tiles, 1200 - first, 1300 - first)
    down.empty()
    up.empty()
    assert (down.fine == up.fine).all() and down.fine.sum() == 1300 * 1299 // 2 and down.fine[:, 0].min() > 1000


def test_the_largest_squares_are_those_whose_roots_do_not_exceed_the_edges() -> None:
    edges = np.concatenate(
        [[-1.0, 0.0, 5e-324, 1e-160, 2.0, 1e150], np.random.default_rng(0).lognormal(sigma=9, size=500)]
    )
    squares = largest_squares(edges)
    assert squares[:2].tolist() == [-1.0, 0.0]
    assert (np.sqrt(squares[1:]) <= edges[1:]).all() and (np.sqrt(np.nextafter(squares[1:], np.inf)) > edges[1:]).all()


@pytest.mark.parametrize("off", [0.0, 3e-6])
def test_what_is_looked_up_is_open_where_rounding_may_cross_an_edge(off: float) -> None:
    """Edges close to where ranges of squares end, on either side; a square is seen nearly as far off as is allowed."""
    edges = np.geomspace(1.0, 4.0, 300)
    cut, near = cut_at(edges, rooted=False, off=off, looked_up=True), slice(60, 290)
    ends = (int(cut.low) + (np.arange(len(cut.slots)) << int(cut.shift))).astype(np.int32).view(np.float32)
    edges[near] = ends[np.searchsorted(ends, edges[near])]
    reach = 3.5e-7 * edges[near] + 0.99 * off
    edges[near] += reach * np.resize([-0.9, -0.3, 0, 0.3, 0.9], 230)
    cut = cut_at(edges, rooted=False, off=off, looked_up=True)
    assert (cut.slots < OPEN).mean() > 0.9
    for place in (-0.8, -0.03, 0.03, 0.8):
        squares = edges[near] + reach * place
        for seen in (squares - reach, squares, squares + reach):
            cells = (seen.astype(np.float32).view(np.int32) - cut.low) >> cut.shift
            slots = cut.slots[cells]
            assert ((slots >= OPEN) | (slots == np.searchsorted(edges, squares))).all()


@pytest.mark.parametrize(("distance", "bins"), [(EUCLIDEAN, 256), (SQUARED_EUCLIDEAN, 128)], ids=["rooted", "squared"])
def test_ties_at_edges_are_kept_where_float32_holds_the_products(
    distance: Distance, bins: int, product_path: None
) -> None:
    """A grid about its mean: all products are whole numbers, so that every count must equal the definition."""
    grid = np.stack(np.meshgrid(*[[-3, -1, 1, 3]] * 3), axis=-1).reshape(-1, 3)
    points, labels = np.repeat(grid, 2, axis=0).astype(np.float32), np.arange(128) % 5
    edges = np.linspace(0.0, 128.0, bins + 1)
    found = pair_histogram(points, labels, edges, distance=distance)
    positive, negative = by_kind(distance_matrix(points, distance), labels)
    assert np.isin(negative, edges).sum() > 1000
    assert np.cumsum(found.positive_counts).tolist() == [(positive <= edge).sum() for edge in edges[1:]]
    assert np.cumsum(found.negative_counts).tolist() == [(negative <= edge).sum() for edge in edges[1:]]


def test_what_rounding_puts_beyond_the_last_edge_is_in_the_last_bin(product_path: None) -> None:
    """Opposite points on a sphere: all of these distances are the largest."""
    points = np.random.default_rng(0).normal(size=(200, 64))
    points /= np.linalg.norm(points, axis=1, keepdims=True)
    points, labels = np.concatenate([points, -points]), np.arange(400) % 3
    largest = distance_matrix(points).max()
    found = pair_histogram(points, labels, np.linspace(0, largest, 51))
    assert found.positive_counts[-1] + found.negative_counts[-1] >= 200


def test_counters_are_emptied_before_they_overflow(monkeypatch: pytest.MonkeyPatch, product_path: None) -> None:
    points, labels = scattered(1300, 4)
    edges = spanning_edges(points, bins=2048)
    at_once = pair_histogram(points, labels, edges, by_class=True)
    monkeypatch.setattr("core.statistics.pair_tiles.MOST_COUNTED", 1)
    often = pair_histogram(points, labels, edges, by_class=True)
    assert at_once.negative_counts.sum() + at_once.positive_counts.sum() == 1300 * 1299 // 2
    assert (often.positive_counts == at_once.positive_counts).all()
    assert (often.negative_by_class == at_once.negative_by_class).all()

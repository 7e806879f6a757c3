import numpy as np
import pytest

from core.distance_rows import DIRECT_LIMIT, DistanceRows, distance_matrix
from core.distances import EUCLIDEAN, SQUARED_EUCLIDEAN
from core.distances.base import Distance
from core.pair_edges import spanning_edges
from core.pair_histogram import pair_histogram
from core.pair_tiles import COLUMNS_AT_ONCE, Tally, classes_of, next_copies, tiles_of


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
    monkeypatch.setattr("core.distance_rows.DIRECT_LIMIT", 10)


@pytest.mark.parametrize("distance", [EUCLIDEAN, SQUARED_EUCLIDEAN], ids=["rooted", "squared"])
@pytest.mark.parametrize("dimensions", [2, 64])
def test_running_counts_miss_only_pairs_within_the_error_of_an_edge(distance: Distance, dimensions: int) -> None:
    points, labels = scattered(DIRECT_LIMIT + 60, dimensions)
    edges = spanning_edges(points, distance)
    found = pair_histogram(points, labels, edges, distance=distance)
    squares = edges[1:] ** 2 if distance.power == 1 else edges[1:]
    counted = found.positive_counts, found.negative_counts
    differing = 0
    for counts, exact in zip(counted, by_kind(distance_matrix(points, SQUARED_EUCLIDEAN), labels), strict=True):
        running = np.cumsum(counts)
        assert running[-1] == len(exact)
        assert (running >= np.searchsorted(exact, squares - found.error, side="right")).all()
        assert (running <= np.searchsorted(exact, squares + found.error, side="right")).all()
        differing += np.count_nonzero(running != np.searchsorted(exact, squares, side="right"))
    assert differing, "the case must show the rounding that the error bounds"


@pytest.mark.parametrize("distance", [EUCLIDEAN, SQUARED_EUCLIDEAN], ids=["rooted", "squared"])
def test_the_error_is_the_largest_of_any_row(distance: Distance, product_path: None) -> None:
    points, labels = np.random.default_rng(0).normal(size=(200, 8)) + 3, np.arange(200) % 3
    found = pair_histogram(points, labels, spanning_edges(points, distance, 100), distance=distance)
    assert found.error == pytest.approx(DistanceRows(points, distance).errors(0, 200).max(), rel=1e-5)


def test_copies_are_exactly_zero_apart() -> None:
    points, labels = scattered(DIRECT_LIMIT + 60, 64)
    distances = distance_matrix(points)
    step = 1e-5
    found = pair_histogram(points, labels, np.append(step * np.arange(100), 1e6))
    positive, negative = (np.count_nonzero(kind == 0) for kind in by_kind(distances, labels))
    assert positive > 1000 and negative > 1000
    assert distances[distances > 0].min() > step, "only copies may be in the first bin"
    assert found.error > 1000 * step**2, "rounding must be able to move copies out of it"
    assert (found.positive_counts[0], found.negative_counts[0]) == (positive, negative)
    assert np.ptp(np.flatnonzero((points == points[3]).all(axis=1))) > COLUMNS_AT_ONCE


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


def test_next_copies_are_the_nearest_that_come_later() -> None:
    points = np.random.default_rng(0).integers(0, 3, size=(40, 2)).astype(np.float32)
    points[7] = -0.0
    points[30] = 0.0
    expected = [
        next((later for later in range(row + 1, 40) if (points[row] == points[later]).all()), -1) for row in range(40)
    ]
    assert next_copies(points).tolist() == expected and -1 in expected[:39]
    assert (next_copies(np.eye(4, dtype=np.float32)) == -1).all()


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
    monkeypatch.setattr("core.pair_tiles.MOST_COUNTED", 1)
    often = pair_histogram(points, labels, edges, by_class=True)
    assert at_once.negative_counts.sum() + at_once.positive_counts.sum() == 1300 * 1299 // 2
    assert (often.positive_counts == at_once.positive_counts).all()
    assert (often.negative_by_class == at_once.negative_by_class).all()

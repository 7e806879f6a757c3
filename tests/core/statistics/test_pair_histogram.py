import tracemalloc
from itertools import combinations
from math import dist

import numpy as np
import pytest
from sklearn.metrics import roc_auc_score

from core.distances import EUCLIDEAN, SQUARED_EUCLIDEAN, Manhattan
from core.distances.base import Distance
from core.statistics import pair_distances
from core.statistics.distance_blocks import DIRECT_LIMIT, distance_matrix
from core.statistics.histogram_edges import spanning_edges
from core.statistics.pair_distances import default_edges, histogram
from core.statistics.pair_histogram import PairHistogram, pair_histogram
from core.statistics.roc import curve_auc, curve_from_histogram
from core.statistics.spans import span_of
from tests.core.scipy_distances import VARIANTS

NOT_EUCLIDEAN = [distance for distance in VARIANTS if not distance.power]


def embedded(count: int, dimensions: int = 6) -> tuple[np.ndarray, np.ndarray]:
    """Points in clusters on a grid of quarters, so that many distances are equal; labels in no order."""
    generator = np.random.default_rng(0)
    labels = generator.integers(4, size=count)
    points = generator.normal(size=(4, dimensions))[labels] + generator.normal(size=(count, dimensions))
    return (np.round(4 * points) / 4).astype(np.float32), labels


@pytest.fixture
def large_path(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("core.statistics.distance_blocks.DIRECT_LIMIT", 10)


def test_a_small_set_equals_the_definition_with_ties() -> None:
    points, labels = embedded(60, 2)
    edges = np.linspace(0.0, 8.0, 33)
    found = pair_histogram(points, labels, edges)
    running = {True: np.cumsum(found.positive_counts), False: np.cumsum(found.negative_counts)}
    distances = [
        (dist(points[a].tolist(), points[b].tolist()), bool(labels[a] == labels[b]))
        for a, b in combinations(range(60), 2)
    ]
    assert sum(distance in edges for distance, _ in distances) > 100
    for place, edge in enumerate(edges[1:]):
        for kind in (True, False):
            assert running[kind][place] == sum(distance <= edge for distance, is_same in distances if is_same == kind)


@pytest.mark.parametrize("distance", VARIANTS, ids=str)
def test_up_to_the_limit_counts_are_those_of_all_distances(distance: Distance) -> None:
    embeddings, labels = embedded(700)
    points = distance.prepared(embeddings)
    pairs = pair_distances.pair_distances(points, labels, distance=distance)
    for edges in (spanning_edges(points, distance, 3000), default_edges(pairs, 300)):
        positive, negative = histogram(pairs, edges)
        found = pair_histogram(points, labels, edges, distance=distance, threads=2)
        assert (found.positive_counts == positive).all() and (found.negative_counts == negative).all()
        assert np.count_nonzero(positive) > 3


@pytest.mark.parametrize("distance", NOT_EUCLIDEAN, ids=str)
def test_distances_that_are_not_euclidean_are_exact_beyond_the_limit(distance: Distance, large_path: None) -> None:
    embeddings, labels = embedded(700)
    points = distance.prepared(embeddings)
    edges = spanning_edges(points, distance, 1024)
    pairs = pair_distances.pair_distances(points, labels, distance=distance)
    found = pair_histogram(points, labels, edges, distance=distance)
    positive, negative = histogram(pairs, edges)
    assert (found.positive_counts == positive).all() and (found.negative_counts == negative).all()


@pytest.mark.parametrize("is_large", [False, True])
def test_by_class_equals_the_definition(is_large: bool, request: pytest.FixtureRequest) -> None:
    """Exactly with ties at edges, also over several tiles of products."""
    if is_large:
        request.getfixturevalue("large_path")
    points, labels = embedded(1300 if is_large else 90, 3)
    labels = labels * 10 + (labels == 2)  # neither from 0 nor in steps of 1
    found = pair_histogram(points, labels, np.linspace(0.0, 16.0, 4 * 1024 + 1), by_class=True)
    assert found.positive_by_class is not None and found.negative_by_class is not None
    squares, edges = distance_matrix(points, SQUARED_EUCLIDEAN), np.linspace(0.0, 16.0, 1025)[1:] ** 2
    assert np.isin(squares, edges).sum() > 100
    for number, label in enumerate(np.unique(labels)):
        own, others = np.flatnonzero(labels == label), np.flatnonzero(labels != label)
        among = np.sort(squares[np.ix_(own, own)][np.triu_indices(len(own), 1)])
        across = np.sort(squares[np.ix_(own, others)], axis=None)
        for exact, counts in ((among, found.positive_by_class[number]), (across, found.negative_by_class[number])):
            running = np.cumsum(counts)
            assert running[-1] == len(exact) > 50
            assert (running == np.searchsorted(exact, edges, side="right")).all()
    assert (found.positive_by_class.sum(0) == found.positive_counts.reshape(1024, 4).sum(1)).all()
    assert (found.negative_by_class.sum(0) == 2 * found.negative_counts.reshape(1024, 4).sum(1)).all()


@pytest.mark.parametrize("distance", [EUCLIDEAN, Manhattan()], ids=str)
def test_ranges_of_rows_add_up_to_the_whole(distance: Distance, large_path: None) -> None:
    points, labels = embedded(1300)
    edges = spanning_edges(points, distance, 1024)
    whole = pair_histogram(points, labels, edges, distance=distance, by_class=True, threads=2)
    ranges = [(0, 1), (1, 513), (513, 513), (513, 1100), (1100, 1300)]
    first, *others = (
        pair_histogram(points, labels, edges, distance=distance, by_class=True, rows=rows) for rows in ranges
    )
    assert first.positive_counts.sum() + first.negative_counts.sum() == 1299
    together = sum(others, first)
    for name in ("positive_counts", "negative_counts", "positive_by_class", "negative_by_class"):
        assert (getattr(together, name) == getattr(whole, name)).all(), name
        assert getattr(first, name).sum() < getattr(whole, name).sum()


@pytest.mark.parametrize("bins", [8, 512])
def test_the_area_is_within_its_bound_of_the_exact_one(bins: int) -> None:
    points, labels = embedded(400)
    found = pair_histogram(points, labels, spanning_edges(points, bins=bins))
    curve = curve_from_histogram(found.edges, found.positive_counts, found.negative_counts)
    pairs = pair_distances.pair_distances(points, labels)
    is_same = np.repeat([1, 0], [len(pairs.positive), len(pairs.negative)])
    exact = roc_auc_score(is_same, -np.concatenate([pairs.positive, pairs.negative]))
    shares = found.positive_counts / curve.positive_count * (found.negative_counts / curve.negative_count)
    assert len(np.unique(pairs.negative)) < len(pairs.negative) / 10, "there must be ties"
    assert 0 < abs(curve_auc(curve) - exact) <= shares.sum() / 2


def test_with_many_bins_the_area_is_that_of_all_pairs() -> None:
    generator = np.random.default_rng(0)
    labels = generator.integers(10, size=DIRECT_LIMIT + 200)
    points = 0.3 * generator.normal(size=(10, 64))[labels] + generator.normal(size=(len(labels), 64))
    points = (points / np.linalg.norm(points, axis=1, keepdims=True)).astype(np.float32)
    edges = spanning_edges(points, span=span_of(points, EUCLIDEAN))
    found = pair_histogram(points, labels, edges)
    area = curve_auc(curve_from_histogram(edges, found.positive_counts, found.negative_counts))
    assert 0.6 < area < 0.9
    assert area == pytest.approx(pair_distances.auc(pair_distances.pair_distances(points, labels)), abs=1e-7)


def test_memory_does_not_grow_with_the_number_of_pairs() -> None:
    points, labels = embedded(8000, 8)
    edges = spanning_edges(points)
    pair_histogram(points[:3000], labels[:3000], edges)
    tracemalloc.start()
    pair_histogram(points, labels, edges)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 8000 * 8000 * 4 / 20


def test_one_bin_holds_all_pairs() -> None:
    points, labels = embedded(50)
    found = pair_histogram(points, labels, np.array([0.0, 100.0]))
    assert found.positive_counts.tolist() == [sum(size * (size - 1) // 2 for size in np.bincount(labels).tolist())]


@pytest.mark.parametrize("is_large", [False, True])
def test_edges_must_span_all_pairs(is_large: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    if is_large:
        monkeypatch.setattr("core.statistics.distance_blocks.DIRECT_LIMIT", 2)
    points, labels = np.array([[0.0, 0.0], [3.0, 4.0], [0.0, 1.0]]), np.array([0, 1, 0])
    assert pair_histogram(points, labels, np.linspace(0, 5, 6)).negative_counts.tolist() == [0, 0, 0, 0, 2]
    with pytest.raises(ValueError, match="edges must span all pair distances, got 6 from 0 to 4.9 and 1 pairs beyond"):
        pair_histogram(points, labels, np.linspace(0, 4.9, 6))


@pytest.mark.parametrize(
    ("edges", "message"),
    [
        (np.array([0.0]), "edges must be 2 to 2.24 . 1 ascending finite numbers, got 1 from"),
        (np.array([0.0, 1.0, 1.0]), "edges must be 2 to 2.24 . 1 ascending finite numbers, got 3 from 0 to 1"),
        (np.array([0.0, np.inf]), "edges must be 2 to 2.24 . 1 ascending finite numbers, got 2 from 0 to inf"),
    ],
)
def test_edges_must_ascend(edges: np.ndarray, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        pair_histogram(*embedded(30), edges)


@pytest.mark.parametrize("bins", [512, 1536])
def test_bins_must_suit_those_by_class(bins: int) -> None:
    points, labels = embedded(30)
    edges = spanning_edges(points, bins=bins)
    with pytest.raises(ValueError, match=f"bins must be 1024 times a power of two to count by class, got {bins}"):
        pair_histogram(points, labels, edges, by_class=True)


@pytest.mark.parametrize("rows", [(-1, 3), (4, 3), (0, 31)])
def test_rows_must_be_there(rows: tuple[int, int]) -> None:
    points, labels = embedded(30)
    with pytest.raises(ValueError, match=f"rows must lie within the 30 points, got {rows[0]} to {rows[1]}"):
        pair_histogram(points, labels, spanning_edges(points), rows=rows)


def test_only_like_histograms_add_up() -> None:
    counts = np.ones(2, np.int64)
    plain = PairHistogram(np.array([0.0, 1.0, 2.0]), counts, counts)
    with pytest.raises(ValueError, match="must have the same edges to add up, got 3 from 0 to 2 and 3 from 0 to 4"):
        plain + PairHistogram(np.array([0.0, 2.0, 4.0]), counts, counts)
    with pytest.raises(ValueError, match="must all be by class or none to add up, got one of each"):
        plain + PairHistogram(plain.edges, counts, counts, counts, counts)

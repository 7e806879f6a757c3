from collections.abc import Callable

import numpy as np
import pytest

from core.distances import EUCLIDEAN, SQUARED_EUCLIDEAN, Cosine
from core.distances.base import Distance
from core.statistics import row_scan
from core.statistics.distance_blocks import DIRECT_LIMIT, distance_matrix
from core.statistics.retrieval import LARGEST_K, Retrieval, recalls, retrieval


def by_hand(embeddings: np.ndarray, labels: np.ndarray, distances: np.ndarray | None = None) -> Retrieval:
    distances = distance_matrix(embeddings) if distances is None else distances
    ranks, shares, averages = [], [], []
    for query in range(len(labels)):
        relevant = int((labels == labels[query]).sum()) - 1
        if not relevant:
            continue
        order = np.argsort(distances[query], kind="stable")  # equally near: the lower row first
        matches = (labels == labels[query])[order[order != query]].tolist()
        found, precisions = 0, 0.0
        for rank in range(relevant):
            found += matches[rank]
            precisions += found / (rank + 1) * matches[rank]
        ranks.append(1 + matches.index(True))
        shares.append(found / relevant)
        averages.append(precisions / relevant)
    recalls = tuple(float(np.mean(np.array(ranks) <= k)) for k in range(1, LARGEST_K + 1))
    return Retrieval(recalls, float(np.mean(shares)), float(np.mean(averages)), len(ranks))


def clusters(count: int, seed: int = 0) -> tuple[np.ndarray, np.ndarray]:
    generator = np.random.default_rng(seed)
    labels = generator.choice(5, size=count, p=[0.4, 0.3, 0.15, 0.1, 0.05])
    points = generator.normal(size=(5, 6))[labels] + generator.normal(size=(count, 6))
    return points.astype(np.float32), labels


def lattice(count: int, seed: int) -> tuple[np.ndarray, np.ndarray]:
    """Points with many ties and duplicates, and one that is alone in its class."""
    generator = np.random.default_rng(seed)
    embeddings = generator.integers(0, 3, size=(count, 3)).astype(np.float32)
    labels = np.where(embeddings[:, 0] == 0, 0, generator.integers(0, 4, size=count))
    labels[17] = 99
    assert len(np.unique(embeddings, axis=0)) < 30
    return embeddings, labels


def same(found: Retrieval, expected: Retrieval) -> bool:
    assert 0 < expected.map_at_r < expected.r_precision < 1 and expected.recalls[0] < 1, "the case must not be trivial"
    assert found.query_count == expected.query_count and found.recalls == expected.recalls
    ours, theirs = (found.r_precision, found.map_at_r), (expected.r_precision, expected.map_at_r)
    return bool(np.allclose(ours, theirs, rtol=0, atol=1e-12))


@pytest.fixture(params=["direct", "product"])
def either_path(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Direct distances, or those of a matrix product in float32."""
    monkeypatch.setattr("core.statistics.distance_blocks.DIRECT_LIMIT", 10_000 if request.param == "direct" else 10)


@pytest.mark.parametrize("threads", [1, 2])
@pytest.mark.parametrize("seed", range(4))
def test_equals_the_definition_with_ties_and_a_single_point(seed: int, threads: int, either_path: None) -> None:
    embeddings, labels = lattice(150, seed)
    expected = by_hand(embeddings, labels)
    assert same(retrieval(embeddings, labels, threads=threads), expected)
    assert recalls(embeddings, labels, threads=threads) == expected.recalls


@pytest.mark.parametrize("offset", [0.0, 1000.0])
def test_equals_the_definition_when_not_all_neighbours_are_kept(offset: float, either_path: None) -> None:
    embeddings, labels = clusters(400)
    assert np.bincount(labels).max() + row_scan.SLACK < 300
    embeddings += np.float32(offset)
    expected = by_hand(embeddings, labels)
    assert same(retrieval(embeddings, labels), expected)
    assert recalls(embeddings, labels) == expected.recalls


def test_neighbours_closer_together_than_float32_can_tell_are_ordered_rightly(monkeypatch: pytest.MonkeyPatch) -> None:
    """Steps of 1e-9 on a circle: the float32 distances are nearly all tied, the true ones are not."""
    monkeypatch.setattr("core.statistics.distance_blocks.DIRECT_LIMIT", 10)
    generator = np.random.default_rng(0)
    angle, labels = generator.permutation(200) * 1e-9, generator.integers(0, 3, size=200)
    embeddings = np.concatenate([np.eye(8)[:4], np.stack([np.cos(angle), np.sin(angle)] + [angle] * 6, axis=1)])
    labels = np.append([0, 1, 2, 0], labels)
    expected = by_hand(embeddings, labels)
    assert same(retrieval(embeddings, labels), expected)
    assert recalls(embeddings, labels) == expected.recalls


@pytest.mark.parametrize("sets", [clusters, lambda count: lattice(count, 0)], ids=["clusters", "lattice"])
def test_the_order_above_the_limit_is_that_of_direct_distances(
    sets: Callable[[int], tuple[np.ndarray, np.ndarray]],
) -> None:
    embeddings, labels = sets(DIRECT_LIMIT + 100)
    expected = by_hand(embeddings, labels)
    assert same(retrieval(embeddings, labels), expected)
    assert recalls(embeddings, labels) == expected.recalls


@pytest.mark.parametrize("distance", [EUCLIDEAN, SQUARED_EUCLIDEAN, Cosine()], ids=str)
def test_squares_are_ordered_as_squares(distance: Distance, either_path: None) -> None:
    """Steps of one rounding: several squares share one root, so that by roots the row number would decide."""
    generator = np.random.default_rng(0)
    embeddings = np.concatenate([generator.normal(size=(1, 8)).repeat(60, 0), generator.normal(size=(60, 8))])
    embeddings[:60] *= 1 + generator.integers(0, 3, size=(60, 8)) * 2.0**-52
    labels = np.arange(120) % 3
    distances = distance_matrix(distance.prepared(embeddings), distance)
    squares = distances if distance.power == 2 else distance_matrix(embeddings, SQUARED_EUCLIDEAN)
    assert len(np.unique(np.sqrt(squares))) < len(np.unique(squares)) - 40
    expected = by_hand(embeddings, labels, distances)
    assert same(retrieval(embeddings, labels, distance=distance), expected)
    assert same(retrieval(embeddings, labels, distances=distances), expected)


def test_a_matrix_at_hand_is_taken_as_it_is() -> None:
    embeddings, labels = clusters(120)
    distances = np.round(distance_matrix(embeddings), 1)
    expected = by_hand(embeddings, labels, distances)
    assert expected != by_hand(embeddings, labels)
    assert same(retrieval(embeddings, labels, distances=distances), expected)


def test_values_beyond_float32_are_still_ranked() -> None:
    embeddings, labels = clusters(60)
    large = embeddings.astype(np.float64) * 1e60
    assert same(retrieval(large, labels), by_hand(large, labels))


def test_values_that_vanish_in_float32_are_still_ranked(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("core.statistics.distance_blocks.DIRECT_LIMIT", 10)
    embeddings, labels = clusters(60)
    small = embeddings.astype(np.float64) * 1e-60
    assert same(retrieval(small, labels), by_hand(small, labels))


def test_collapsed_embeddings_are_ranked_by_row(either_path: None) -> None:
    found = retrieval(np.ones((12, 2), np.float32), np.repeat([0, 1], 6))
    # Rows 0-5 find 5 of 5. Rows 6-11 see rows 0 to 4 first, of the other class; their nearest positive has rank 7.
    assert found == Retrieval((0.5,) * 6 + (1.0,) * 4, 0.5, 0.5, 12)
    assert recalls(np.ones((12, 2), np.float32), np.repeat([0, 1], 6)) == found.recalls


def test_somebody_must_have_company() -> None:
    with pytest.raises(ValueError, match="retrieval must have a class with two points"):
        retrieval(np.eye(3), np.arange(3))

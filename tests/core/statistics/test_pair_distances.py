from __future__ import annotations

import numpy as np
import pytest

from core.statistics import pair_distances, roc
from core.statistics.distance_blocks import distance_matrix
from core.statistics.pair_distances import PairDistances, default_edges, histogram, round_up
from tests.core.spreads import points_with_duplicates


@pytest.mark.parametrize("count", [40, 300])
def test_pairs_are_all_unordered_pairs_by_class(count: int) -> None:
    embeddings, labels = points_with_duplicates(count, 5), np.arange(count) % 3
    pairs = pair_distances.pair_distances(embeddings, labels)
    distances = distance_matrix(embeddings)
    upper, same = np.triu(np.ones((count, count), bool), 1), labels[:, None] == labels
    for found in (pairs, pair_distances.pair_distances(embeddings, labels, distances)):
        assert (found.positive == np.sort(distances[upper & same])).all()
        assert (found.negative == np.sort(distances[upper & ~same])).all()
    assert len(np.unique(pairs.negative)) < len(pairs.negative)


@pytest.mark.parametrize("kind", [np.float32, np.float64])
def test_counts_up_to_an_edge_are_exact(kind: type) -> None:
    generator = np.random.default_rng(0)
    edges = np.linspace(0, 1, 11)
    values = np.sort(np.concatenate([generator.random(500), edges, edges]).astype(kind))
    positive, negative = histogram(PairDistances(values, values[::2]), edges)
    assert positive.sum() == len(values) and negative.sum() == len(values[::2])
    for edge, reached in zip(edges[1:], np.cumsum(positive), strict=True):
        assert reached == sum(float(value) <= edge for value in values)


@pytest.mark.parametrize("values", [3, 1000])
def test_auc_is_that_of_verification(values: int) -> None:
    """Ties between the two kinds, and values of one kind beyond all of the other."""
    generator = np.random.default_rng(0)
    positive, negative = generator.integers(0, values, size=200), generator.integers(values // 3, 2 * values, size=300)
    pairs = PairDistances(np.sort(positive).astype(np.float32), np.sort(negative).astype(np.float32))
    assert 0.5 < roc.auc(pairs) < 1 and len(np.intersect1d(positive, negative))
    assert pair_distances.auc(pairs) == roc.auc(pairs)
    assert pair_distances.auc(PairDistances(pairs.negative, pairs.positive)) == pytest.approx(
        1 - pair_distances.auc(pairs)
    )


def test_edges_must_span_all_pairs() -> None:
    pairs = PairDistances(np.array([0.5, 1.5]), np.array([0.7]))
    with pytest.raises(
        ValueError, match=r"edges must span all pair distances, got 0 to 1 for distances from 0.5 to 1.5"
    ):
        histogram(pairs, np.linspace(0, 1, 5))


def test_default_edges_stand_still_for_unit_length() -> None:
    pairs = PairDistances(np.array([0.1, 0.3]), np.array([0.7]))
    assert default_edges(pairs, 4).tolist() == [0.0, 0.2, 0.4, 0.6000000000000001, 0.8]
    assert default_edges(pairs, 4, span=(0.0, 2.0)).tolist() == [0.0, 0.5, 1.0, 1.5, 2.0]
    beyond = PairDistances(np.array([0.1]), np.array([2.0000002]))
    assert sum(counts.sum() for counts in histogram(beyond, default_edges(beyond, span=(0.0, 2.0)))) == 2


def test_default_edges_begin_below_negative_distances() -> None:
    pairs = PairDistances(np.array([-0.7, 0.1]), np.array([0.3]))
    assert default_edges(pairs, 2).tolist() == pytest.approx([-0.8, -0.25, 0.3])
    below = PairDistances(np.array([-0.7]), np.array([-0.3]))
    assert default_edges(below, 2).tolist() == pytest.approx([-0.8, -0.4, 0.0])
    beyond = PairDistances(np.array([-1.0000001]), np.array([1.0]))
    edges = default_edges(beyond, 4, span=(-1.0, 1.0))
    assert edges.tolist() == [-1.0000001, -0.5, 0.0, 0.5, 1.0]
    assert [counts.tolist() for counts in histogram(beyond, edges)] == [[1, 0, 0, 0], [0, 0, 0, 1]]


@pytest.mark.parametrize(("value", "expected"), [(0, 1), (1, 1), (1.01, 1.5), (7, 8), (0.0023, 0.003), (99, 100)])
def test_round_up(value: float, expected: float) -> None:
    assert round_up(value) == pytest.approx(expected, rel=1e-12)

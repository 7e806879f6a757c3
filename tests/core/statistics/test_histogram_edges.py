import numpy as np
import pytest

from core.distances import EUCLIDEAN, Cosine, DotProduct
from core.distances.base import Distance
from core.statistics.histogram_edges import spanning_edges
from core.statistics.pair_histogram import pair_histogram
from core.statistics.spans import span_of
from tests.core.scipy_distances import VARIANTS


@pytest.mark.parametrize("distance", VARIANTS, ids=str)
@pytest.mark.parametrize("is_unit", [False, True])
def test_spanning_edges_surround_all_pairs(distance: Distance, is_unit: bool) -> None:
    generator = np.random.default_rng(0)
    embeddings = generator.normal(size=(200, 5)) * generator.lognormal(sigma=1.5, size=(200, 1))
    embeddings[100:] = -embeddings[:100]  # opposite points, as far apart as their lengths allow
    if is_unit:
        embeddings *= 1.0004 / np.linalg.norm(embeddings, axis=1, keepdims=True)
    points, labels = distance.prepared(embeddings), np.arange(200) % 3
    span = span_of(embeddings, distance)
    edges = spanning_edges(points, distance, 64, span=span)
    found = pair_histogram(points, labels, edges, distance=distance)
    assert found.positive_counts.sum() + found.negative_counts.sum() == 200 * 199 // 2
    assert np.flatnonzero(found.positive_counts + found.negative_counts).max() > 10
    assert span is None or np.allclose(edges, np.linspace(*span, 65), atol=1.1e-3 * span[1])


def test_edges_have_room_for_roundings_beyond_what_lengths_allow() -> None:
    """Two points at -1 and 1 are 2 apart, a round number already."""
    edges = spanning_edges(np.array([[-1.0], [1.0]]), bins=4)
    assert edges[0] == 0 and 2 < edges[-1] <= 3


def test_cosine_edges_need_no_lengths() -> None:
    edges = spanning_edges(Cosine().prepared(np.eye(3) * 7), Cosine(), 4)
    assert edges.tolist() == [0.0, 0.5, 1.0, 1.5, 2.002]


@pytest.mark.parametrize(
    ("edges", "message"),
    [
        (np.array([0.0]), "edges must be 2 to 2.24 . 1 ascending finite numbers, got 1 from"),
        (np.array([0.0, 1.0, 1.0]), "edges must be 2 to 2.24 . 1 ascending finite numbers, got 3 from 0 to 1"),
        (np.array([0.0, np.inf]), "edges must be 2 to 2.24 . 1 ascending finite numbers, got 2 from 0 to inf"),
    ],
)
def test_edges_must_ascend(edges: np.ndarray, message: str) -> None:
    points = np.random.default_rng(0).uniform(size=(30, 2))
    with pytest.raises(ValueError, match=message):
        pair_histogram(points, np.arange(30) % 3, edges, distance=EUCLIDEAN)


def test_edges_of_other_distances_may_begin_anywhere() -> None:
    points = np.random.default_rng(0).normal(size=(30, 2))
    edges = np.array([-900.0, -2.0, -1.0, 0.0, 1.0, 2.0, 900.0])
    assert pair_histogram(points, np.arange(30) % 3, edges, distance=DotProduct()).negative_counts.all()

import faiss
import numpy as np
import pytest

from core import retrieval as module
from core.pair_distances import distance_matrix
from core.retrieval import Retrieval, retrieval


def by_hand(embeddings: np.ndarray, labels: np.ndarray) -> Retrieval:
    distances = distance_matrix(embeddings)
    hits, shares, averages = [], [], []
    for query in range(len(labels)):
        others = [row for row in range(len(labels)) if row != query]
        relevant = sum(labels[row] == labels[query] for row in others)
        if not relevant:
            continue
        nearest = sorted(others, key=lambda row: (distances[query, row], row))[:relevant]
        matches = [labels[row] == labels[query] for row in nearest]
        precisions = [sum(matches[: rank + 1]) / (rank + 1) * matches[rank] for rank in range(relevant)]
        hits.append(matches[0])
        shares.append(sum(matches) / relevant)
        averages.append(sum(precisions) / relevant)
    return Retrieval(float(np.mean(hits)), float(np.mean(shares)), float(np.mean(averages)), len(hits))


def clusters(count: int, seed: int = 0) -> tuple[np.ndarray, np.ndarray]:
    generator = np.random.default_rng(seed)
    labels = generator.choice(5, size=count, p=[0.4, 0.3, 0.15, 0.1, 0.05])
    points = generator.normal(size=(5, 6))[labels] + generator.normal(size=(count, 6))
    return points.astype(np.float32), labels


def same(found: Retrieval, expected: Retrieval) -> bool:
    assert 0 < expected.map_at_r < expected.r_precision < 1, "the case must not be trivial"
    assert found.query_count == expected.query_count
    return bool(
        np.allclose(
            [found.recall_at_1, found.r_precision, found.map_at_r],
            [expected.recall_at_1, expected.r_precision, expected.map_at_r],
            rtol=0,
            atol=1e-12,
        )
    )


@pytest.mark.parametrize("seed", range(4))
def test_equals_the_definition_with_ties_and_a_single_point(seed: int) -> None:
    generator = np.random.default_rng(seed)
    embeddings = generator.integers(0, 3, size=(150, 3)).astype(np.float32)
    labels = np.where(embeddings[:, 0] == 0, 0, generator.integers(0, 4, size=150))
    labels[17] = 99
    assert len(np.unique(embeddings, axis=0)) < 30
    assert same(retrieval(embeddings, labels), by_hand(embeddings, labels))


@pytest.mark.parametrize("offset", [0.0, 1000.0])
def test_equals_the_definition_when_faiss_leaves_points_out(offset: float) -> None:
    embeddings, labels = clusters(400)
    assert np.bincount(labels).max() + module.SLACK < 300
    embeddings += np.float32(offset)
    assert same(retrieval(embeddings, labels), by_hand(embeddings, labels))


def test_well_spread_points_are_settled_by_faiss_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    embeddings, labels = clusters(400)
    expected = by_hand(embeddings, labels)
    monkeypatch.setattr(module, "_rank_all", None)  # would raise
    assert same(retrieval(embeddings, labels), expected)


def test_rows_that_faiss_did_not_find_are_no_neighbours(monkeypatch: pytest.MonkeyPatch) -> None:
    embeddings, labels = clusters(120)
    search = faiss.IndexFlatL2.search

    def lossy(self: faiss.IndexFlatL2, points: np.ndarray, count: int) -> tuple[np.ndarray, np.ndarray]:
        squared, rows = search(self, points, count)
        rows[:, -3:], squared[:, -3:] = -1, np.inf
        return squared, rows

    expected = by_hand(embeddings, labels)
    monkeypatch.setattr(faiss.IndexFlatL2, "search", lossy)
    assert same(retrieval(embeddings, labels), expected)


def test_values_beyond_float32_are_still_ranked() -> None:
    embeddings, labels = clusters(60)
    large = embeddings.astype(np.float64) * 1e60
    assert same(retrieval(large, labels), by_hand(large, labels))


def test_collapsed_embeddings_are_ranked_by_row() -> None:
    found = retrieval(np.ones((6, 2), np.float32), np.array([0, 0, 0, 1, 1, 1]))
    # Rows 0-2 find 2 of 2. Row 3, 4 and 5 see rows 0 and 1 first, of the other class.
    assert found == Retrieval(0.5, 0.5, 0.5, 6)


def test_faiss_threads_are_put_back() -> None:
    before = faiss.omp_get_max_threads()
    retrieval(*clusters(50), threads=2)
    assert faiss.omp_get_max_threads() == before


def test_somebody_must_have_company() -> None:
    with pytest.raises(ValueError, match="retrieval must have a class with two points"):
        retrieval(np.eye(3), np.arange(3))

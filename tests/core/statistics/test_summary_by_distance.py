"""Statistics in every distance against loops over scipy's distances."""

import json
from pathlib import Path

import numpy as np
import pytest
from sklearn.metrics import roc_auc_score

from core.__main__ import main
from core.distances import DISTANCES, DotProduct, Hamming, Minkowski
from core.distances.base import Distance
from core.statistics.summary import summarise
from core.verification.wrong_pairs import nearest_pairs
from tests.core.scipy_distances import VARIANTS, by_scipy

every = pytest.mark.parametrize("distance", VARIANTS, ids=str)


def snapshot(count: int = 90) -> tuple[np.ndarray, np.ndarray]:
    """Embeddings of any length with copies among them, within classes and across; one class of a single point."""
    generator = np.random.default_rng(3)
    labels = np.concatenate([[9], generator.integers(0, 4, size=count - 1)])
    points = generator.normal(size=(10, 10))[labels] + 1.5 * generator.normal(size=(count, 10))
    points[20:26] = points[5]
    return points.astype(np.float32), labels


def triplets_by_hand(distances: np.ndarray, labels: np.ndarray, margin: float) -> tuple[int, int, int]:
    hard = semi_hard = easy = 0
    for anchor, own in enumerate(labels):
        negatives = distances[anchor][labels != own].tolist()
        for positive in np.flatnonzero(labels == own):
            if positive != anchor:
                near = float(distances[anchor, positive])
                closer = sum(far < near for far in negatives)
                within = sum(far < near + margin for far in negatives) - closer
                hard, semi_hard, easy = hard + closer, semi_hard + within, easy + len(negatives) - closer - within
    return hard, semi_hard, easy


def map_at_r_by_hand(distances: np.ndarray, labels: np.ndarray) -> float:
    found = []
    for query, own in enumerate(labels):
        relevant = int((labels == own).sum()) - 1
        order = sorted((float(d), row) for row, d in enumerate(distances[query]) if row != query)
        matches = [labels[row] == own for _, row in order[:relevant]]
        if relevant:
            found.append(sum(sum(matches[: i + 1]) / (i + 1) for i in range(relevant) if matches[i]) / relevant)
    return sum(found) / len(found)


@every
@pytest.mark.parametrize("limit", [2048, 10], ids=["direct", "in blocks"])
def test_numbers_are_those_of_scipys_distances(distance: Distance, limit: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("core.statistics.distance_blocks.DIRECT_LIMIT", limit)
    embeddings, labels = snapshot()
    distances = by_scipy(distance, embeddings.astype(np.float64))
    margin = float(np.quantile(distances, 0.9) - np.quantile(distances, 0.5))
    margin = 0.2 if isinstance(distance, Hamming) else margin
    found = summarise(embeddings, labels, margin=margin, distance=distance)
    numbers = found.numbers
    counted = tuple(numbers[name] for name in ("hard", "semi_hard", "easy"))
    assert min(counted) > 1000
    expected = triplets_by_hand(distances, labels, margin)
    # In blocks, products in float32 may take the wrong side of a comparison that is closer than their rounding.
    assert np.abs(np.subtract(counted, expected)).max() <= (3 if distance.power and limit == 10 else 0)
    first, second = np.triu_indices(len(labels), 1)
    same, apart = labels[first] == labels[second], distances[first, second]
    assert numbers["auc"] == pytest.approx(roc_auc_score(same, -apart), abs=1e-6)
    assert numbers["mean_positive_distance"] == pytest.approx(apart[same].mean(), rel=1e-5)
    assert numbers["map_at_r"] == pytest.approx(map_at_r_by_hand(distances, labels), abs=1e-12)
    for kind, counts in ((same, found.positive_counts), (~same, found.negative_counts)):
        for edge, below in zip(found.edges[1::100], np.cumsum(counts)[::100], strict=True):
            near = np.abs(apart - edge) < 1e-5 * (1 + abs(edge))
            assert abs(below - (kind & (apart <= edge)).sum()) <= near.sum()
    assert np.abs(apart).max() <= max(abs(found.edges[0]), found.edges[-1]) * (1 + 1e-6)
    assert (found.edges[0] < 0) == isinstance(distance, DotProduct)


@every
@pytest.mark.parametrize("is_same", [False, True])
def test_wrong_pairs_are_the_nearest_to_the_threshold(distance: Distance, is_same: bool) -> None:
    embeddings, labels = snapshot(300)
    points = distance.prepared(embeddings)
    distances = distance.between(points, points)
    pairs = [(i, j) for i in range(300) for j in range(i + 1, 300) if (labels[i] == labels[j]) == is_same]
    threshold = float(np.median(distances))
    wrong = [(i, j) for i, j in pairs if (distances[i, j] > threshold) == is_same]
    wrong.sort(key=lambda pair: (abs(distances[pair] - threshold), pair))
    rows, others, apart = nearest_pairs(points, labels, threshold, 12, is_same=is_same, distance=distance)
    assert len(wrong) > 12 and list(zip(rows.tolist(), others.tolist(), strict=True)) == wrong[:12]
    assert apart == pytest.approx([distances[pair] for pair in wrong[:12]], rel=1e-12)


@pytest.mark.parametrize("kind", DISTANCES)
def test_the_command_line_has_every_distance(kind: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    embeddings, labels = snapshot()
    np.savez(tmp_path / "given.npz", embeddings=embeddings, labels=labels)
    file = str(tmp_path / "given.npz")
    assert main(["statistics", file, "--distance", kind]) == 0
    expected = summarise(embeddings, labels, margin=0.2, distance=DISTANCES[kind]()).numbers
    assert json.loads(capsys.readouterr().out) == expected
    if kind == "minkowski":
        assert main(["statistics", file, "--distance", kind, "--distance-p", "1.5"]) == 0
        expected = summarise(embeddings, labels, margin=0.2, distance=Minkowski(p=1.5)).numbers
        assert json.loads(capsys.readouterr().out) == expected


def test_the_command_line_refuses_what_is_no_distance(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["statistics", str(tmp_path), "--distance", "miles"]) == 2
    assert "distance must be one of euclidean" in capsys.readouterr().err
    assert main(["statistics", str(tmp_path), "--distance-p", "2"]) == 2
    assert "unrecognized arguments: --distance-p" in capsys.readouterr().err

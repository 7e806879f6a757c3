"""Recall@1 among few identities, against a loop over every query and every candidate of its group."""

from __future__ import annotations

import numpy as np
import pytest

from core.distances import EUCLIDEAN, Cosine
from core.distances.base import Distance
from core.statistics.grouped_retrieval import grouped_recalls
from core.statistics.retrieval import retrieval


def by_hand(points: np.ndarray, labels: np.ndarray, size: int, draws: int, distance: Distance) -> list[float]:
    """From the definition: ties go to the lower row."""
    generator, identities = np.random.default_rng(0), np.unique(labels).tolist()
    right = {row: [] for row in range(len(labels)) if (labels == labels[row]).sum() > 1}
    while draws > 0 or not all(right.values()):
        order = generator.permutation(len(identities)).tolist()
        for start in range(0, len(order) - size + 1, size):
            members = {identities[place] for place in order[start : start + size]}
            rows = [row for row in range(len(labels)) if labels[row] in members]
            for row in (row for row in rows if row in right):
                others = [other for other in rows if other != row]
                nearest = min(others, key=lambda other: (apart(points[row], points[other], distance), other))
                right[row].append(labels[nearest] == labels[row])
        draws -= 1
    return [float(np.mean(found)) for found in right.values()]


def apart(first: np.ndarray, second: np.ndarray, distance: Distance) -> float:
    if distance is EUCLIDEAN:
        return float(((first - second) ** 2).sum())
    return 1 - float(first @ second) / float(np.linalg.norm(first) * np.linalg.norm(second))


@pytest.mark.parametrize("distance", [EUCLIDEAN, Cosine()], ids=lambda one: one.name)
@pytest.mark.parametrize(("identities", "size"), [(23, 5), (8, 3), (4, 2)])
def test_every_query_asks_within_its_group(
    identities: int, size: int, distance: Distance, rng: np.random.Generator
) -> None:
    labels = np.concatenate([np.arange(identities), rng.integers(0, identities, size=60)])
    rng.shuffle(labels)
    points = rng.normal(size=(len(labels), 3)) + labels[:, None] * 0.2
    found = grouped_recalls(points, labels, size=size, draws=3, distance=distance)
    assert found.tolist() == pytest.approx(by_hand(points, labels, size, 3, distance))


def test_among_few_identities_it_is_recall_at_1(rng: np.random.Generator) -> None:
    labels, points = np.repeat(np.arange(6), 4), rng.normal(size=(24, 4))
    assert grouped_recalls(points, labels, size=10).mean() == pytest.approx(retrieval(points, labels).recall_at_1)


def test_it_does_not_fall_because_there_are_more_identities(rng: np.random.Generator) -> None:
    centres = rng.normal(size=(300, 8))
    few, many = (np.repeat(np.arange(count), 4) for count in (20, 300))
    spread = [centres[labels] + 0.7 * rng.normal(size=(len(labels), 8)) for labels in (few, many)]
    whole = [retrieval(points, labels).recall_at_1 for points, labels in zip(spread, (few, many), strict=True)]
    grouped = [grouped_recalls(points, labels).mean() for points, labels in zip(spread, (few, many), strict=True)]
    assert whole[1] < whole[0] - 0.2 and abs(grouped[1] - grouped[0]) < 0.1


def test_the_groups_are_the_same_for_every_space(rng: np.random.Generator) -> None:
    labels = np.repeat(np.arange(30), 3)
    points = rng.normal(size=(90, 5))
    assert np.array_equal(grouped_recalls(points, labels), grouped_recalls(points * 2.0, labels))
    assert not np.array_equal(grouped_recalls(points, labels), grouped_recalls(points, labels, seed=1))


@pytest.mark.parametrize(("size", "draws"), [(1, 5), (5, 0)])
def test_what_makes_no_groups_is_refused(size: int, draws: int) -> None:
    with pytest.raises(ValueError, match="size must be at least 2 and draws at least 1"):
        grouped_recalls(np.eye(4), np.array([0, 0, 1, 1]), size=size, draws=draws)

"""Both AUCs against loops over every triplet and every quadruplet, ties included."""

from __future__ import annotations

import numpy as np
import pytest

from core.distances import EUCLIDEAN, SQUARED_EUCLIDEAN, Cosine, DotProduct, Manhattan
from core.distances.base import Distance
from core.statistics.distance_blocks import distance_matrix
from core.statistics.local_auc import calibration_gap, local_aucs
from core.statistics.triplet_census import census


def lattice(seed: int, count: int = 26) -> tuple[np.ndarray, np.ndarray]:
    """Points at whole numbers, in classes of unequal size and in no order, one of a single point."""
    generator = np.random.default_rng(seed)
    labels = np.concatenate([[9], generator.choice(3, size=count - 1, p=[0.6, 0.3, 0.1])])
    return (generator.integers(0, 4, size=(count, 2)) + labels[:, None]).astype(np.float32), labels


def order_of(positive: float, negative: float) -> float:
    return float(positive < negative) + (positive == negative) / 2


def local_by_hand(distances: np.ndarray, labels: np.ndarray) -> float:
    """The mean over the anchors of the share of their triplets in right order."""
    return float(np.nanmean(shares_by_hand(distances, labels)))


def shares_by_hand(distances: np.ndarray, labels: np.ndarray) -> list[float]:
    """That share of every anchor; NaN of one without triplets."""
    means = []
    for anchor in range(len(labels)):
        shares = [
            order_of(distances[anchor, positive], distances[anchor, negative])
            for positive in np.flatnonzero(labels == labels[anchor])
            for negative in np.flatnonzero(labels != labels[anchor])
            if positive != anchor
        ]
        means.append(sum(shares) / len(shares) if shares else np.nan)
    return means


def overall_by_hand(distances: np.ndarray, labels: np.ndarray) -> float:
    """The share of quadruplets in right order."""
    pairs = [(a, b) for a in range(len(labels)) for b in range(a)]
    positives = [distances[a, b] for a, b in pairs if labels[a] == labels[b]]
    negatives = [distances[a, b] for a, b in pairs if labels[a] != labels[b]]
    shares = [order_of(positive, negative) for positive in positives for negative in negatives]
    return sum(shares) / len(shares)


@pytest.mark.parametrize("distance", [EUCLIDEAN, SQUARED_EUCLIDEAN, Manhattan(), Cosine(), DotProduct()], ids=str)
@pytest.mark.parametrize("seed", range(3))
def test_equals_every_triplet_and_quadruplet_with_ties(seed: int, distance: Distance) -> None:
    points, labels = lattice(seed)
    distances = distance_matrix(distance.prepared(points), distance)
    found = calibration_gap(points, labels, distance)
    assert len(np.unique(distances)) < len(labels) * (len(labels) - 1) / 2, "there must be ties"
    assert found.local == pytest.approx(local_by_hand(distances, labels), abs=1e-12)
    assert found.overall == pytest.approx(overall_by_hand(distances, labels), abs=1e-12)
    assert 0 < found.overall < 1 and found.local != found.overall


def test_locally_it_is_one_minus_the_share_of_hard_triplets() -> None:
    """With classes of one size, and without ties."""
    generator = np.random.default_rng(0)
    labels = np.repeat(np.arange(30), 5)
    points = generator.normal(size=(30, 8))[labels] + generator.normal(size=(150, 8))
    counts = census(points, labels, 0.2)
    assert counts.hard
    expected = 1 - counts.hard / (counts.hard + counts.semi_hard + counts.easy)
    assert calibration_gap(points, labels).local == pytest.approx(expected, abs=1e-12)


def test_classes_of_unequal_width_open_the_gap() -> None:
    # Two pairs at 1, near each other, and two at 10, far away. Each point's positive is its nearest neighbour, but the
    # pairs at 10 are further than the four negative ones between the near classes, at 1.5 to 3.5.
    points = np.array([[0.0], [1.0], [2.5], [3.5], [100.0], [110.0], [300.0], [310.0]])
    found = calibration_gap(points, np.repeat(np.arange(4), 2))
    assert found.local == 1.0 and found.overall == pytest.approx(1 - 2 * 4 / (4 * 24))


def test_large_sets_agree_with_exact_distances(monkeypatch: pytest.MonkeyPatch) -> None:
    generator = np.random.default_rng(2)
    labels = generator.integers(0, 12, size=400)
    points = (generator.normal(size=(12, 8))[labels] + generator.normal(size=(400, 8))).astype(np.float32)
    points[5:50:5] = points[0]
    exact = calibration_gap(points, labels)
    monkeypatch.setattr("core.statistics.distance_blocks.DIRECT_LIMIT", 100)
    found = calibration_gap(points, labels)
    assert found == pytest.approx(exact, abs=1e-14) and 0.6 < found.local < 0.99


def test_collapsed_points_are_all_ties() -> None:
    assert calibration_gap(np.ones((6, 2)), np.arange(6) % 2) == (0.5, 0.5)


def test_both_kinds_of_pairs_are_needed() -> None:
    with pytest.raises(ValueError, match="labels must name at least two classes"):
        calibration_gap(np.eye(4), np.zeros(4, int))
    with pytest.raises(ValueError, match="at least one class must have two points"):
        calibration_gap(np.eye(4), np.arange(4))


@pytest.mark.parametrize("distance", [EUCLIDEAN, Cosine()], ids=str)
def test_every_anchor_has_its_own_share_in_the_order_of_the_points(distance: Distance) -> None:
    points, labels = lattice(3)
    expected = shares_by_hand(distance_matrix(distance.prepared(points), distance), labels)
    found = local_aucs(points, labels, distance)
    np.testing.assert_allclose(found, expected, atol=1e-12)
    assert np.isnan(found[0]) and np.count_nonzero(np.isnan(found)) == 1 and len(np.unique(found)) > 5

"""The best threshold of every identity against a loop over all distances, and against the goal it follows."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest

from core.distances import EUCLIDEAN, SQUARED_EUCLIDEAN, Cosine, Manhattan
from core.distances.base import Distance
from core.statistics.distance_blocks import distance_matrix
from core.statistics.pair_distances import PairDistances
from core.statistics.roc import exact_curve
from core.thresholds.identity_thresholds import best_thresholds
from core.verification.goals import Youden


def lattice(count: int, seed: int) -> tuple[np.ndarray, np.ndarray]:
    """Points at whole numbers, in identities of unequal size and in no order, one of a single sample."""
    generator = np.random.default_rng(seed)
    labels = np.concatenate([[5], generator.choice([7, 3, 9], size=count - 1, p=[0.7, 0.2, 0.1])])
    return (generator.integers(0, 4, size=(count, 3)) + (labels % 3)[:, None]).astype(np.float32), labels


def own_pairs(distances: np.ndarray, labels: np.ndarray, label: int) -> PairDistances:
    own = np.flatnonzero(labels == label)
    genuine = [distances[a, b] for a in own for b in own if a < b]
    impostors = [distances[a, b] for a in own for b in np.flatnonzero(labels != label)]
    return PairDistances(np.sort(genuine), np.sort(impostors))


def by_hand(pairs: PairDistances) -> float:
    """The smallest of all distances with the largest TAR - FAR, in exact fractions."""
    best, chosen = Fraction(-2), np.nan
    for threshold in sorted({*pairs.positive.tolist(), *pairs.negative.tolist()}):
        accepted = Fraction(int((pairs.positive <= threshold).sum()), len(pairs.positive))
        wrongly = Fraction(int((pairs.negative <= threshold).sum()), len(pairs.negative))
        if accepted - wrongly > best:
            best, chosen = accepted - wrongly, threshold
    return chosen


@pytest.mark.parametrize("distance", [EUCLIDEAN, SQUARED_EUCLIDEAN, Manhattan(), Cosine()], ids=str)
@pytest.mark.parametrize("seed", range(3))
def test_no_distance_serves_an_identity_better(seed: int, distance: Distance) -> None:
    points, labels = lattice(60, seed)
    distances = distance_matrix(distance.prepared(points), distance)
    found = best_thresholds(distance.prepared(points), labels, distance)
    assert np.isnan(found).tolist() == [False, True, False, False], "labels 3, 5, 7 and 9"
    for label, threshold in zip([3, 7, 9], found[[0, 2, 3]], strict=True):
        pairs = own_pairs(distances, labels, label)
        assert len(np.intersect1d(pairs.positive, pairs.negative)) > 1, "there must be ties between the kinds"
        assert threshold == by_hand(pairs) == Youden().threshold(exact_curve(pairs))
    assert len(set(found.tolist())) > 2, "identities must differ"


def test_an_identity_may_fill_several_blocks() -> None:
    points, labels = lattice(700, 0)
    points += np.random.default_rng(1).normal(size=points.shape).astype(np.float32)
    distances = distance_matrix(points)
    assert (labels == 7).sum() > 256
    expected = [Youden().threshold(exact_curve(own_pairs(distances, labels, label))) for label in (3, 7, 9)]
    assert best_thresholds(points, labels)[[0, 2, 3]].tolist() == expected


def test_of_equals_the_smallest_is_taken() -> None:
    points, labels = np.array([[0.0], [1.0], [5.0], [-3.5]]), np.array([0, 0, 0, 1])
    pairs = own_pairs(np.abs(points - points.T), labels, 0)
    assert pairs.positive.tolist() == [1, 4, 5] and pairs.negative.tolist() == [3.5, 4.5, 8.5]
    # TAR - FAR is 1/3 at each of them: 1/3 - 0, 2/3 - 1/3 and 3/3 - 2/3.
    np.testing.assert_array_equal(best_thresholds(points, labels), [1.0, np.nan])


@pytest.mark.parametrize("seed", range(20))
def test_an_impostor_as_far_as_the_furthest_sample_counts_however_products_are_rounded(seed: int) -> None:
    """Of three samples on a line; four impostors are as far from the first as it is from the last, the other way."""
    generator = np.random.default_rng(seed)
    first, last = generator.integers(-100_000, 100_000, 8) / 1024, 2 * generator.integers(-3000, 3000, 8) / 1024
    middle = np.rint(0.45 * 1024 * last) / 1024
    points = first + np.stack([0 * last, middle, last, *[-last] * 4])
    # TAR - FAR is 2/3 - 0 without the last and 3/3 - 4/12 with it: of equals the smaller one is taken.
    found = best_thresholds(points, np.array([0, 0, 0, 1, 1, 1, 1]))
    assert found[0] == pytest.approx(np.linalg.norm(last - middle), rel=1e-12)


def test_collapsed_points_have_the_one_distance_there_is() -> None:
    assert best_thresholds(np.zeros((6, 2)), np.arange(6) % 2).tolist() == [0.0, 0.0]


def test_one_identity_is_refused() -> None:
    with pytest.raises(ValueError, match="labels must name at least two classes"):
        best_thresholds(np.eye(4), np.zeros(4, int))

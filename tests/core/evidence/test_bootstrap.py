"""The bootstrap against its draws written out, and against what the population says."""

from collections.abc import Sequence
from itertools import combinations

import numpy as np
import pytest
from numpy.testing import assert_array_equal

from core.distances import DISTANCES
from core.distances.base import Distance
from core.evidence import bootstrap as module
from core.evidence.bootstrap import bootstrap
from core.statistics.roc import equal_error_rate
from core.verification.goals import Eer, Far
from tests.core.identity_pairs import identity_pairs

SIZES = np.array([2, 5, 1, 3, 7, 4, 2])


def points_of(sizes: Sequence[int] | np.ndarray, seed: int = 0, dimension: int = 3) -> tuple[np.ndarray, np.ndarray]:
    """Points on a grid, so that distances tie."""
    generator = np.random.default_rng(seed)
    labels = np.repeat(np.arange(len(sizes)), sizes)
    points = generator.normal(size=(len(sizes), dimension))[labels] * 2 + generator.normal(
        size=(len(labels), dimension)
    )
    return np.round(points * 4) / 4, labels


def spelled_out(
    points: np.ndarray, labels: np.ndarray, thresholds: np.ndarray, generator: np.random.Generator
) -> tuple[np.ndarray, np.ndarray]:
    """One replicate: every draw of an identity is a list of samples, every pair one line."""
    samples = []  # (draw, identity, row)
    for draw in range(len(np.unique(labels))):
        identity = int(generator.integers(0, len(np.unique(labels))))
        rows = np.flatnonzero(labels == identity)
        samples += [(draw, identity, rows[generator.integers(0, len(rows))]) for _ in rows]
    false_accepts, true_accepts = np.zeros(len(thresholds), int), np.zeros(len(thresholds), int)
    for (draw_a, identity_a, a), (draw_b, identity_b, b) in combinations(samples, 2):
        accepted = np.sqrt(np.square(points[a] - points[b]).sum()) <= thresholds
        if identity_a != identity_b:
            false_accepts += accepted
        elif draw_a == draw_b and a != b:
            true_accepts += accepted
    return false_accepts, true_accepts


def test_replicates_are_those_of_the_draws_written_out() -> None:
    points, labels = points_of(SIZES)
    edges = np.linspace(0, 15, 31)
    found = bootstrap(points, labels, edges, np.random.default_rng(3), replicates=4)
    generator = np.random.default_rng(3)
    for replicate in range(4):
        false_accepts, true_accepts = spelled_out(points, labels, edges[1:], generator)
        assert_array_equal(found.false_accepts[:, replicate], false_accepts)
        assert_array_equal(found.true_accepts[:, replicate], true_accepts)
    assert len(np.unique(found.false_accepts[5])) > 1


@pytest.mark.parametrize("distance", [kind() for kind in DISTANCES.values()], ids=lambda distance: distance.name)
def test_a_set_drawn_as_it_is_has_its_own_curve(distance: Distance, monkeypatch: pytest.MonkeyPatch) -> None:
    def draw_each_once(
        generator: np.random.Generator,
        starts: np.ndarray,
        sizes: np.ndarray,
        genuine: np.ndarray,
        of_pairs: np.ndarray,
        drawn: np.ndarray,
        positive: np.ndarray,
    ) -> None:
        drawn += 1
        positive += np.bincount(genuine, minlength=positive.shape[1])

    monkeypatch.setattr(module, "draw_replicates", draw_each_once)
    points, labels = points_of(SIZES, seed=1)
    edges = np.linspace(-500, 500, 4001)
    found = bootstrap(
        distance.prepared(points), labels, edges, np.random.default_rng(0), replicates=2, distance=distance
    )
    expected = identity_pairs(distance.prepared(points), labels, edges, distance).curve
    for curve in found.curves():
        assert_array_equal(curve.false_accepts, expected.false_accepts)
        assert_array_equal(curve.true_accepts, expected.true_accepts)


def test_same_generator_same_replicates() -> None:
    points, labels = points_of(SIZES)
    edges = np.linspace(0, 15, 31)
    one, two = (bootstrap(points, labels, edges, np.random.default_rng(5), replicates=8) for _ in range(2))
    assert_array_equal(one.false_accepts, two.false_accepts)
    assert_array_equal(one.true_accepts, two.true_accepts)


def test_few_identities_are_refused() -> None:
    points, labels = points_of(np.array([2, 3, 1, 1, 4, 2, 1]))
    with pytest.raises(ValueError, match="at least 5 identities with two samples, got 4"):
        bootstrap(points, labels, np.linspace(0, 15, 9), np.random.default_rng(0))


def test_intervals_of_rates_and_thresholds_cover_what_they_say() -> None:
    """Sets from a population whose equal error rate and rates at one threshold are known from many more identities."""
    edges = np.linspace(0, 12, 121)

    def drawn(generator: np.random.Generator, identities: int, samples: int) -> np.ndarray:
        centres = generator.normal(size=(identities, 1, 4))
        widths = 0.35 * np.exp(0.4 * generator.normal(size=(identities, 1, 1)))
        return (centres + widths * generator.normal(size=(identities, samples, 4))).reshape(-1, 4)

    large = identity_pairs(drawn(np.random.default_rng(1), 1500, 4), np.repeat(np.arange(1500), 4), edges).curve
    place = 11
    truth = np.array([large.false_accept_rate[place], large.false_reject_rate[place], equal_error_rate(large)[1],
                      Far(0.02).threshold(large)])  # fmt: skip
    covered, sets, labels = np.zeros(4), 120, np.repeat(np.arange(50), 4)
    for seed in range(sets):
        found = bootstrap(
            drawn(np.random.default_rng(seed + 10), 50, 4), labels, edges, np.random.default_rng(seed), replicates=150
        )
        ends = [
            *found.rate_intervals(large.thresholds[place]),
            found.threshold_interval(Eer()),
            found.threshold_interval(Far(0.02)),
        ]
        step = np.array([0, 0, edges[1], edges[1]])  # a threshold is known to one step of the edges
        covered += [low - by <= true <= high + by for (low, high), true, by in zip(ends, truth, step, strict=True)]
    assert (covered / sets >= 0.92).all(), covered / sets

"""Who is named: sets without animals name nobody in most cases, planted ones are found."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.stats import binom, false_discovery_control

from core.distances import SQUARED_EUCLIDEAN
from core.thresholds.doddington import FALSE_NAMES, Animals, animals, chances, false_discoveries
from core.thresholds.identity_errors import IdentityErrors, identity_errors


def identities(
    seed: int, sizes: list[int], *, spread: float = 0.0, wolf: bool = False, goat: bool = False
) -> tuple[np.ndarray, np.ndarray]:
    """Identities equally far from each other, with samples of unequal quality; the first may be nearer to all others,
    the second may scatter twice as much."""
    generator = np.random.default_rng(seed)
    labels = np.repeat(np.arange(len(sizes)), sizes)
    middles = np.eye(len(sizes), 64)
    middles[0] += 0.4 * wolf * (middles.mean(axis=0) - middles[0])
    quality = 0.12 * np.exp(spread * generator.normal(size=len(labels))) * np.where((labels == 1) & goat, 2.0, 1.0)
    return middles[labels] + quality[:, None] * generator.normal(size=(len(labels), 64)), labels


def judged(points: np.ndarray, labels: np.ndarray, share: float, is_same: bool) -> tuple[IdentityErrors, Animals]:
    """At the threshold that does wrong to this share of the pairs of one kind."""
    squares = np.einsum("nd,nd->n", points, points)
    distances = squares[:, None] + squares - 2 * points @ points.T
    taken = ((labels[:, None] == labels) == is_same) & np.triu(np.ones((len(labels),) * 2, bool), 1)
    threshold = np.quantile(distances[taken], 1 - share if is_same else share)
    errors = identity_errors(points, labels, float(threshold), SQUARED_EUCLIDEAN)
    return errors, animals(errors)


@pytest.mark.parametrize("is_same, share", [(True, 0.1), (True, 0.02), (False, 0.02), (False, 0.001)])
@pytest.mark.parametrize("spread", [0.0, 0.3])
@pytest.mark.parametrize("sizes", [[5] * 50, [1, 2, 3, 9, 12] * 8])
def test_a_set_without_animals_names_nobody_in_most_cases(
    sizes: list[int], spread: float, is_same: bool, share: float
) -> None:
    named = 0
    for seed in range(20):
        errors, found = judged(*identities(seed, sizes, spread=spread), share, is_same)
        assert errors.false_rejects.any() if is_same else errors.false_accepts.any()
        named += (found.is_goat if is_same else found.is_wolf_or_lamb).any()
    assert named <= 3


def test_planted_animals_are_named_and_no_others() -> None:
    right = 0
    for seed in range(8):
        _, found = judged(*identities(seed, [10] * 40, wolf=True), 0.02, False)
        names = found.names()
        right += names[0] == "wolf or lamb" and names[2:] == ["sheep"] * 38
        _, found = judged(*identities(seed, [10] * 40, goat=True), 0.05, True)
        right += found.names()[1] == "goat" and found.names()[2:] == ["sheep"] * 38
    assert right >= 14


def test_an_identity_may_be_both() -> None:
    both = np.array([True, True, False, False]), np.array([True, False, True, False])
    found = Animals(*both, np.zeros(4), np.zeros(4))
    assert found.names() == ["goat, wolf or lamb", "goat", "wolf or lamb", "sheep"]


def test_a_single_sample_is_no_goat() -> None:
    points, labels = identities(0, [1, 4, 4])
    errors, found = judged(points, labels, 0.5, True)
    assert np.isnan(found.goat_chance).tolist() == [True, False, False] and not found.is_goat[0]
    assert (found.wolf_or_lamb_chance <= 1).all()


def test_one_is_named_only_above_the_rate_of_all() -> None:
    for seed in range(6):
        errors, found = judged(*identities(seed, [10] * 40, wolf=True), 0.02, False)
        overall = errors.false_accepts.sum() / errors.impostor_pairs.sum()
        named = found.is_wolf_or_lamb
        assert named.any() and (errors.false_accept_interval.low[named] > overall).all()
        assert (found.wolf_or_lamb_chance[named] <= FALSE_NAMES).all()


def test_chances_are_the_binomial_tail() -> None:
    errors, count = np.array([0, 1, 3, 20, 50]), np.array([10, 10, 50, 50, 50])
    expected = binom.sf(errors - 1, count, 0.07)
    assert expected[0] == 1 and expected.min() < 1e-9
    np.testing.assert_allclose(chances(errors / count, count.astype(float), 0.07), expected, rtol=1e-9)
    between = chances(np.full(1, 0.25), np.array([30.0]), 0.07)[0]
    assert binom.sf(7, 30, 0.07) < between < binom.sf(6, 30, 0.07), "7.5 errors of 30"


@pytest.mark.parametrize("usual", [0.0, 1.0])
def test_where_all_pairs_are_alike_nothing_is_unlikely(usual: float) -> None:
    assert chances(np.full(3, usual), np.array([1.0, 5.0, 9.5]), usual).tolist() == [1.0] * 3


def test_false_discoveries_are_those_of_scipy_with_ties() -> None:
    generator = np.random.default_rng(0)
    for count in (1, 2, 40):
        values = (generator.random(count) ** 3).round(2)
        np.testing.assert_allclose(false_discoveries(values), false_discovery_control(values, method="bh"))

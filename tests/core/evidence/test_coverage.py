"""Intervals cover where identities have unequal sizes; the bench measures the same on more sets."""

import numpy as np
import pytest
from numpy.testing import assert_allclose
from scipy import stats

from core.evidence.vouching import Vouching
from tests.core.identity_pairs import identity_pairs
from tests.core.populations import EQUAL, HEAVY, UNEQUAL, Population

THRESHOLDS = np.array([2.0, 2.6, 3.2])
EDGES = np.concatenate([[-1.0], THRESHOLDS, [1e3]])
SETS = 120


def bands_of(name: str, difficulty: str, sets: int = SETS) -> tuple[np.ndarray, tuple[Vouching, Vouching] | None]:
    """How often FAR and FRR are covered at each threshold (2, 3), and the vouching of the last set."""
    population = Population(UNEQUAL[name], difficulty)
    covered, truth = np.zeros((2, 3)), population.rates(THRESHOLDS)
    for seed in range(sets):
        points = population.draw(np.random.default_rng(seed))
        evidence = identity_pairs(points, population.labels, EDGES).evidence()
        for side, band in enumerate((evidence.false_accept_band(), evidence.false_reject_band())):
            covered[side] += (band.low[:3] <= truth[side]) & (truth[side] <= band.high[:3])
    return covered / sets, evidence.vouching


@pytest.mark.parametrize(("name", "difficulty"), [("60/k over 80", EQUAL), ("60/k over 80", HEAVY)])
def test_unequal_sizes_are_covered_and_vouched_for(name: str, difficulty: str) -> None:
    """Of the equal ones 0.86 and 0.70 were, of the heavy-tailed 0.85 and 0.46, by residuals and their identities."""
    shares, (impostor, genuine) = bands_of(name, difficulty)
    assert shares.min() >= 0.93, shares
    assert impostor.is_vouched and genuine.is_vouched and genuine.is_dominated
    assert_allclose(genuine.share, 1770 / 2829, rtol=0.05)


def test_one_identity_with_nearly_all_pairs_is_covered_and_not_vouched_for() -> None:
    """One with 200 samples and 100 with 2: 0.51 of FAR and 0.22 of FRR were covered, without a word."""
    shares, (impostor, genuine) = bands_of("1 x 200 + 100 x 2", EQUAL)
    assert shares.min() >= 0.93, shares
    assert impostor.is_vouched and not genuine.is_vouched
    assert genuine.largest == impostor.largest == 0
    assert_allclose([genuine.share, genuine.effective_identities], [0.995, 1.01], atol=1e-3)
    assert_allclose([impostor.share, impostor.effective_identities], [40_000 / 59_800, 8.6], atol=0.05)


@pytest.mark.parametrize("difficulty", [EQUAL, HEAVY])
def test_the_true_rates_are_those_of_independent_pairs(difficulty: str) -> None:
    sizes = (2,) * 300_000
    population = Population(sizes, difficulty)
    points = population.draw(np.random.default_rng(0)).reshape(-1, 2, 8)
    genuine = np.sqrt(np.square(points[:, 0] - points[:, 1]).sum(1))
    impostor = np.sqrt(np.square(points[::2, 0] - points[1::2, 1]).sum(1))
    far, frr = population.rates(THRESHOLDS)
    assert_allclose((impostor[:, None] <= THRESHOLDS).mean(0), far, atol=0.003)
    assert_allclose((genuine[:, None] > THRESHOLDS).mean(0), frr, atol=0.003)
    if difficulty == EQUAL:
        assert_allclose(far, stats.chi2.cdf(THRESHOLDS**2 / 2.5, 8))
        assert_allclose(frr, stats.chi2.sf(THRESHOLDS**2 / 0.5, 8))

"""Intervals against scipy's, and thresholds against a loop over all of them."""

import numpy as np
import pytest
from numpy.testing import assert_allclose
from scipy import stats

from core.evidence.intervals import Interval, identities_needed, quantile, reach, threshold_interval, wilson


@pytest.mark.parametrize(("wrong", "count"), [(0, 7), (3, 10), (10, 10), (1, 100_000), (499, 1000)])
@pytest.mark.parametrize("confidence", [0.8, 0.95, 0.999])
def test_wilson_is_that_of_scipy(wrong: int, count: int, confidence: float) -> None:
    expected = stats.binomtest(wrong, count).proportion_ci(confidence, method="wilson")
    found = wilson(wrong / count, count, quantile(confidence=confidence))
    assert_allclose(found, (expected.low, expected.high), atol=1e-12)
    assert found.low <= wrong / count <= found.high


def test_wilson_says_nothing_without_pairs() -> None:
    assert_allclose(wilson(np.array([0.0, 0.3]), np.array([0.0, 0.0]), 2.0), [[0, 0], [1, 1]])


@pytest.mark.parametrize("identities", [2, 3.5, 40])
def test_quantile_is_students_for_few_identities(identities: float) -> None:
    assert_allclose(quantile(identities, 0.9), stats.t.ppf(0.95, identities - 1))


def test_quantile_is_normal_without_identities() -> None:
    assert_allclose(quantile(), 1.959964, atol=1e-6)


@pytest.mark.parametrize("confidence", [0.0, 1.0, 95])
def test_confidence_is_a_share(confidence: float) -> None:
    with pytest.raises(ValueError, match="confidence must be between 0 and 1, got"):
        quantile(confidence=confidence)


@pytest.mark.parametrize("rises", [True, False])
@pytest.mark.parametrize("limit", [0.02, 0.1, 0.35, 0.9])
def test_threshold_interval_holds_the_choice_of_every_rate_within_the_band(limit: float, rises: bool) -> None:
    generator = np.random.default_rng(0)
    rate = np.sort(generator.random(50)) ** 2
    thresholds = np.sort(generator.random(50))
    band = wilson(rate if rises else rate[::-1], np.full(50, 40.0), 1.96)
    found = threshold_interval(thresholds, band, limit, rises=rises)
    chosen = []
    for share in np.linspace(0, 1, 11):
        allowed = thresholds[band.low + share * (band.high - band.low) <= limit]
        none = thresholds[0 if rises else -1]
        chosen.append((allowed[-1] if rises else allowed[0]) if len(allowed) else none)
    first, last = np.searchsorted(thresholds, [min(chosen), max(chosen)])
    assert found == (thresholds[max(first - 1, 0)], thresholds[min(last + 1, 49)]) and len(set(chosen)) > 2


def test_an_exact_rate_leaves_the_threshold_between_its_neighbours() -> None:
    """However coarse the thresholds are: the true choice may lie between two of them."""
    rate, thresholds = np.array([0.1, 0.3, 0.5, 0.7]), np.array([1.0, 2.0, 3.0, 5.0])
    assert threshold_interval(thresholds, Interval(rate, rate), 0.4, rises=True) == (1.0, 3.0)
    assert threshold_interval(thresholds, Interval(rate[::-1], rate[::-1]), 0.4, rises=False) == (2.0, 5.0)
    assert threshold_interval(thresholds, Interval(rate, rate), 0.3, rises=True) == (1.0, 3.0), "ties are within"


@pytest.mark.parametrize("rises", [True, False])
def test_threshold_interval_ends_where_the_thresholds_do(rises: bool) -> None:
    band = Interval(np.array([0.2, 0.3]), np.array([0.4, 0.5]))
    band = band if rises else Interval(band.low[::-1], band.high[::-1])
    for limit in (0.1, 0.9):
        assert threshold_interval(np.array([1.0, 2.0]), band, limit, rises=rises) == (1.0, 2.0)


def test_identities_needed_is_the_rule_of_three_for_pairs_that_grow_as_the_square() -> None:
    needed = identities_needed(0.001, 100, 10)
    assert needed == 55
    assert 100 * (needed / 10) ** 2 >= 3 / 0.001 > 100 * ((needed - 1) / 10) ** 2


def test_identities_needed_where_the_variance_falls_with_their_number_alone() -> None:
    assert identities_needed(0.001, 100, 10, linear=1.0) == 300


@pytest.mark.parametrize("freedom", [1.0, 2.5, 40, np.inf])
def test_reach_is_students(freedom: float) -> None:
    assert_allclose(reach(np.array([freedom, 1.0])), stats.t.ppf(0.975, [freedom, 1]))
    assert reach(0.2) == reach(1.0), "at least one degree of freedom"


@pytest.mark.parametrize("target", [0, 1, -0.1])
def test_target_is_a_share(target: float) -> None:
    with pytest.raises(ValueError, match="target must be between 0 and 1, got"):
        identities_needed(target, 100, 10)

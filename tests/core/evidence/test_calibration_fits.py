"""Both fits against their definitions, and every judgement against scikit-learn on the pairs one by one."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable

import numpy as np
import pytest
from sklearn import metrics
from sklearn.calibration import calibration_curve

from core.evidence.calibration_fits import brier_score, isotonic, log_loss, platt, reliability
from tests.imports import ROOT

Fit = Callable[..., np.ndarray]
Histogram = tuple[np.ndarray, np.ndarray, np.ndarray]


def histogram(seed: int, bins: int = 24) -> Histogram:
    """Few pairs: many bins hold both kinds, some are empty, and the share of genuine pairs does not only fall."""
    generator = np.random.default_rng(seed)
    edges = np.linspace(0, 3, bins + 1)
    positive = np.histogram(generator.normal(0.8, 0.3, 60), edges)[0]
    return edges, positive, np.histogram(generator.normal(1.4, 0.3, 90), edges)[0]


def one_by_one(
    values: np.ndarray, positive: np.ndarray, negative: np.ndarray, share: float
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """The value, the truth and the weight of every pair, (P,) each."""
    truth = np.repeat([1, 0], [positive.sum(), negative.sum()])
    weights = np.where(truth, share / positive.sum(), (1 - share) / negative.sum())
    return np.concatenate([np.repeat(values, positive), np.repeat(values, negative)]), truth, weights


@pytest.mark.parametrize("share", [0.5, 0.01, 0.9])
@pytest.mark.parametrize("seed", range(2))
def test_platt_leaves_no_slope_of_the_likelihood(seed: int, share: float) -> None:
    """The best two parameters: the residuals, and their products with the distances, add up to 0."""
    edges, positive, negative = histogram(seed)
    found = platt(edges, positive, negative, share)
    middles = (edges[1:] + edges[:-1]) / 2
    log_odds = np.log(found / (1 - found))
    np.testing.assert_allclose(np.diff(log_odds), np.diff(log_odds)[0], rtol=1e-6)
    residuals = products = size = 0.0
    for (probability, truth, weight), (distance, _, _) in zip(
        zip(*one_by_one(found, positive, negative, share), strict=True),
        zip(*one_by_one(middles, positive, negative, share), strict=True),
        strict=True,
    ):
        residuals += weight * (truth - probability)
        products += weight * (truth - probability) * distance
        size += weight * abs(truth - probability) * distance
    assert abs(residuals) < 1e-7 * size and abs(products) < 1e-6 * size and size > 0.001


@pytest.mark.parametrize("share", [0.5, 0.001])
def test_platt_finds_the_odds_of_two_normal_distributions(share: float) -> None:
    edges = np.linspace(-1, 3, 401)
    middles = (edges[1:] + edges[:-1]) / 2
    genuine, impostor = (np.exp(-((middles - mean) ** 2) / (2 * 0.3**2)) for mean in (0.8, 1.2))
    found = platt(edges, (genuine * 1e12).astype(np.int64), (impostor * 1e12).astype(np.int64), share)
    expected = share * genuine / (share * genuine + (1 - share) * impostor)
    np.testing.assert_allclose(found, expected, rtol=1e-4, atol=1e-9)
    assert expected.min() < share / 100 and expected.max() > 0.8


def test_platt_is_finite_where_the_kinds_do_not_overlap() -> None:
    edges, counts = np.linspace(0, 2, 1025), np.zeros((2, 1024), np.int64)
    counts[0, 200:250], counts[1, 250:900] = 40, 1000
    found = platt(edges, counts[0], counts[1])
    assert found[245] > 0.9 > 0.1 > found[254] and (np.diff(found) <= 0).all()


def test_platt_knows_nothing_but_the_share_where_all_pairs_are_equally_far() -> None:
    assert platt(np.arange(4.0), np.array([0, 7, 0]), np.array([0, 5, 0]), 0.3).tolist() == [0.3, 0.3, 0.3]


def by_min_and_max(share_of: np.ndarray, weight: np.ndarray) -> list[float]:
    """The best falling fit: at each place the smallest, over all starts up to it, of the largest mean from there to an
    end not before it (Barlow, Bartholomew, Bremner and Brunk 1972)."""

    def mean(start: int, end: int) -> float:
        return float(np.average(share_of[start : end + 1], weights=weight[start : end + 1]))

    count = len(share_of)
    return [min(max(mean(start, end) for end in range(at, count)) for start in range(at + 1)) for at in range(count)]


@pytest.mark.parametrize("share", [0.5, 0.01, 0.9])
@pytest.mark.parametrize("seed", range(3))
def test_isotonic_is_the_best_falling_fit(seed: int, share: float) -> None:
    edges, positive, negative = histogram(seed)
    genuine, impostor = share * positive / positive.sum(), (1 - share) * negative / negative.sum()
    filled = positive + negative > 0
    measured = genuine[filled] / (genuine + impostor)[filled]
    assert (np.diff(measured) > 0).any() and 2 < filled.sum() < len(filled), "pools and empty bins"
    found = isotonic(edges, positive, negative, share)
    np.testing.assert_allclose(found[filled], by_min_and_max(measured, (genuine + impostor)[filled]), atol=1e-12)


def test_isotonic_runs_straight_across_empty_bins() -> None:
    found = isotonic(np.arange(7.0), np.array([0, 3, 0, 0, 1, 0]), np.array([0, 1, 0, 0, 3, 0]))
    np.testing.assert_allclose(found, [0.75, 0.75, 0.75 - 0.5 / 3, 0.75 - 1 / 3, 0.25, 0.25])


@pytest.mark.parametrize("fit", [platt, isotonic])
def test_a_probability_never_rises_with_the_distance(fit: Fit) -> None:
    for seed in range(5):
        edges, positive, negative = histogram(seed)
        for kinds in ((positive, negative), (negative, positive)):
            found = fit(edges, *kinds, 0.3)
            assert (np.diff(found) <= 0).all() and 0 <= found.min() and found.max() <= 1
    np.testing.assert_allclose(platt(edges, negative, positive, 0.3), 0.3)


@pytest.mark.parametrize("fit", [platt, isotonic])
def test_on_average_the_stated_share_is_predicted(fit: Fit) -> None:
    edges, positive, negative = histogram(0)
    for share in (0.5, 0.02):
        predicted, _, weights = one_by_one(fit(edges, positive, negative, share), positive, negative, share)
        assert weights @ predicted == pytest.approx(share, rel=1e-6)


@pytest.mark.parametrize("bins", [1, 7, 10])
def test_reliability_is_that_of_scikit_learn(bins: int) -> None:
    """With pairs as frequent as they are in the counts, since scikit-learn takes no weights here."""
    edges, positive, negative = histogram(0)
    _, other_positive, other_negative = histogram(1)
    probabilities = platt(edges, positive, negative).round(1)  # on the edges of ten steps
    share = other_positive.sum() / (other_positive.sum() + other_negative.sum())
    found = reliability(probabilities, other_positive, other_negative, genuine_share=share, bins=bins)
    predicted, truth, _ = one_by_one(probabilities, other_positive, other_negative, share)
    came_true, mean_predicted = calibration_curve(truth, predicted, n_bins=bins)
    known = found.weight > 0
    np.testing.assert_allclose(found.observed_share[known], came_true)
    np.testing.assert_allclose(found.mean_predicted[known], mean_predicted)
    assert found.weight.sum() == pytest.approx(1) and np.isnan(found.observed_share[~known]).all()
    assert bins == 1 or len(came_true) > 4


@pytest.mark.parametrize("share", [0.5, 0.02, 0.9])
def test_judgements_are_those_of_weighted_pairs(share: float) -> None:
    edges, positive, negative = histogram(0)
    _, other_positive, other_negative = histogram(1)
    probabilities = platt(edges, positive, negative, share)
    counts = other_positive, other_negative
    predicted, truth, weights = one_by_one(probabilities, *counts, share)
    expected = metrics.brier_score_loss(truth, predicted, sample_weight=weights)
    assert brier_score(probabilities, *counts, share) == pytest.approx(expected) and expected > 0.001
    expected = metrics.log_loss(truth, predicted, sample_weight=weights)
    assert log_loss(probabilities, *counts, share) == pytest.approx(expected) and expected > 0.001


@pytest.mark.parametrize("share", [0.5, 0.02])
def test_the_expected_error_is_the_mean_distance_of_the_steps(share: float) -> None:
    edges, positive, negative = histogram(0)
    _, other_positive, other_negative = histogram(1)
    probabilities = platt(edges, positive, negative, share)
    predicted, truth, weights = one_by_one(probabilities, other_positive, other_negative, share)
    expected = 0.0
    for step in range(10):
        within = (predicted > step / 10) & (predicted <= (step + 1) / 10)
        expected += abs(weights[within] @ predicted[within] - weights[within] @ truth[within])
    found = reliability(probabilities, other_positive, other_negative, genuine_share=share)
    assert found.expected_calibration_error == pytest.approx(expected) and expected > 0.001


def test_isotonic_is_reliable_where_it_was_fitted() -> None:
    edges, positive, negative = histogram(0)
    found = isotonic(edges, positive, negative)
    assert reliability(found, positive, negative).expected_calibration_error == pytest.approx(0, abs=1e-12)
    assert brier_score(found, positive, negative) < brier_score(platt(edges, positive, negative), positive, negative)


@pytest.mark.parametrize("share", [0.5, 0.1])
def test_the_share_itself_scores_the_spread_and_the_entropy_of_the_truth(share: float) -> None:
    _, positive, negative = histogram(0)
    constant = np.full(len(positive), share)
    assert brier_score(constant, positive, negative, share) == pytest.approx(share * (1 - share))
    entropy = -share * np.log(share) - (1 - share) * np.log(1 - share)
    assert log_loss(constant, positive, negative, share) == pytest.approx(entropy)
    assert reliability(constant, positive, negative, genuine_share=share).expected_calibration_error < 1e-12


def test_what_was_called_impossible_costs_without_end() -> None:
    certain = np.array([1.0, 0.0])
    assert log_loss(certain, np.array([3, 1]), np.array([0, 9])) == np.inf
    assert log_loss(certain, np.array([3, 0]), np.array([0, 9])) == 0.0
    assert brier_score(certain, np.array([3, 1]), np.array([0, 9])) == pytest.approx(0.5 * 0.25)


@pytest.mark.parametrize(
    ("bad", "message"),
    [
        (lambda: platt(np.arange(3.0), np.array([1, 0]), np.array([0, 1]), 0.0), "share must be between 0 and 1"),
        (lambda: isotonic(np.arange(3.0), np.array([1, 0]), np.array([0, 1]), np.nan), "genuine_share .* got nan"),
        (lambda: platt(np.arange(3.0), np.array([0, 0]), np.array([0, 1])), "needs pairs of the same .* got 0 and 1"),
        (lambda: isotonic(np.arange(2.0), np.array([1, 0]), np.array([0, 1])), "edges must ascend .* 2 bins, got 2"),
        (lambda: platt(np.zeros(3), np.array([1, 0]), np.array([0, 1])), "edges must ascend and be one more"),
        (lambda: brier_score(np.ones(3), np.array([1, 0]), np.array([0, 1])), "one for each of 2 bins, got 3"),
        (lambda: log_loss(np.array([1.1, 0]), np.array([1, 0]), np.array([0, 1])), "probabilities must be from 0 to 1"),
        (lambda: reliability(np.ones(2), np.array([1, 0]), np.array([0, 1]), bins=0), "bins must be at least 1, got 0"),
    ],
)
def test_bad_input_is_refused(bad: Callable[[], object], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        bad()


def test_scikit_learn_is_loaded_by_a_fit_alone() -> None:
    code = "import sys, core.evidence.calibration_fits; assert not {'sklearn', 'scipy'} & set(sys.modules)"
    subprocess.run([sys.executable, "-c", code], cwd=ROOT, check=True, timeout=60)

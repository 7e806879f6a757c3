"""Scored pairs go the way of embeddings, as far as they go."""

from dataclasses import replace

import numpy as np
import pytest
from numpy.testing import assert_allclose, assert_array_equal

from core.evidence.appraisal import appraise
from core.evidence.appraisal_of_scores import appraise_scores
from core.evidence.intervals import quantile
from core.statistics.roc import at, exact_curve
from core.statistics.threshold_grid import MOST_THRESHOLDS, threshold_grid
from core.thresholds.outcome import outcome
from core.verification.goals import Far, Frr
from core.verification.protocols import FOLDS, OTHERS, SAME, parts
from core.verification.scored_pairs import ScoredPairs
from core.verification.weighted_curve import IDENTITIES, PAIRS
from tests.core.choices import fold_verdicts


def scored(points: np.ndarray, labels: np.ndarray) -> ScoredPairs:
    first, second = np.triu_indices(len(labels), 1)
    distances = np.sqrt(np.square(points[first] - points[second]).sum(1))
    return ScoredPairs(distances, labels[first] == labels[second], labels[first], labels[second], ("?",))


@pytest.fixture(scope="module")
def points() -> tuple[np.ndarray, np.ndarray]:
    generator = np.random.default_rng(0)
    labels = np.repeat(np.arange(40), 4)
    values = 2 * generator.normal(size=(40, 3))[labels] + generator.normal(size=(160, 3))
    return np.round(values * 2) / 2, labels


def test_every_distinct_distance_is_a_threshold(points: tuple[np.ndarray, np.ndarray]) -> None:
    pairs = scored(*points)
    edges = threshold_grid(pairs)
    assert_array_equal(edges[2:], np.unique(pairs.distances))
    assert len(edges) < len(pairs.distances) / 10, "there are ties"
    assert edges[0] < edges[1] < edges[2]
    everyone = appraise_scores(pairs, edges).everyone.curve
    expected = exact_curve(pairs)
    assert_array_equal(everyone.false_accepts, np.append(0, expected.false_accepts))
    assert_array_equal(everyone.true_accepts, np.append(0, expected.true_accepts))


def test_many_distances_have_thresholds_where_few_pairs_are_judged_wrongly() -> None:
    """One genuine pair in a hundred, as in all pairs of a set: equal shares of all pairs would leave it a few steps."""
    generator = np.random.default_rng(0)
    is_same = np.arange(200_000) % 100 == 0
    distances = generator.normal(np.where(is_same, 1.0, 3.0), 0.7)
    pairs = ScoredPairs(distances, is_same)
    edges = threshold_grid(pairs)
    assert MOST_THRESHOLDS / 2 < len(edges) <= MOST_THRESHOLDS + 4 and (np.diff(edges) > 0).all()
    assert edges[1] < distances.min() == edges[2] and edges[-1] == distances.max()
    assert np.isin(edges[2:], distances).all()
    curve = appraise_scores(pairs, edges).everyone.curve
    for kind, count in ((Far, curve.negative_count), (Frr, curve.positive_count)):
        for limit in (0.5, 0.1, 0.01, 20 / count):
            verdict = at(curve, kind(limit).threshold(curve))
            rate = verdict.false_accept_rate if kind is Far else verdict.false_reject_rate
            assert 0.95 * limit <= rate <= limit


def test_a_pair_of_nothing_else_than_ties_has_one_threshold() -> None:
    pairs = ScoredPairs(np.full(6, -0.5), np.arange(6) < 2)
    edges = threshold_grid(pairs)
    assert edges.tolist() == [-2.5, -1.5, -0.5]
    assert appraise_scores(pairs, edges).everyone.curve.false_accepts.tolist() == [0, 4]


def test_all_pairs_of_a_set_have_the_evidence_of_its_embeddings(points: tuple[np.ndarray, np.ndarray]) -> None:
    pairs = scored(*points)
    edges = threshold_grid(pairs)
    found, expected = appraise_scores(pairs, edges), appraise(*points, edges)
    for side in ("everyone", "choosing", "reporting"):
        one, other = getattr(found, side), getattr(expected, side)
        assert_array_equal(one.curve.false_accepts, other.curve.false_accepts)
        assert_array_equal(one.curve.true_accepts, other.curve.true_accepts)
        assert_allclose(one.effective_negatives, other.effective_negatives)
        assert_allclose(one.effective_positives, other.effective_positives)
        assert (one.identities, one.genuine_identities) == (other.identities, other.genuine_identities)
    fold = parts(points[1], 10)[::4]
    first, second = fold[pairs.first], fold[pairs.second]
    for number, curve in enumerate(found.folds.reporting):
        assert curve.positive_count == ((first == number) & (second == number) & pairs.is_same).sum()
    for number, curve in enumerate(found.folds.choosing):
        assert curve.negative_count == ((first != number) & (second != number) & ~pairs.is_same).sum()


def test_folds_that_came_with_the_pairs_are_kept(points: tuple[np.ndarray, np.ndarray]) -> None:
    pairs = scored(*points)
    fold = np.arange(len(pairs.distances)) % 5
    found = appraise_scores(replace(pairs, fold=fold), threshold_grid(pairs))
    assert len(found.folds.reporting) == 5
    for number, curve in enumerate(found.folds.reporting):
        assert curve.positive_count == pairs.is_same[fold == number].sum()
    assert found.choosing is not None and found.protocols == [OTHERS, FOLDS, SAME]
    told, verdicts = outcome(found, Far(0.05), FOLDS), fold_verdicts(found.folds, Far(0.05))
    shares = [verdict.false_reject_rate for verdict in verdicts]
    assert_allclose(told.false_reject.high - np.mean(shares), quantile(5) * np.std(shares, ddof=1) / np.sqrt(5))


def test_one_fold_for_all_pairs_is_as_good_as_none(points: tuple[np.ndarray, np.ndarray]) -> None:
    pairs = scored(*points)
    edges = threshold_grid(pairs)
    expected = appraise_scores(pairs, edges).folds.arrays()
    found = appraise_scores(replace(pairs, fold=np.zeros(len(pairs.distances), np.int64)), edges).folds.arrays()
    for name, array in expected.items():
        assert_array_equal(found[name], array)


def test_pairs_of_nobody_have_no_halves_and_naive_intervals(points: tuple[np.ndarray, np.ndarray]) -> None:
    pairs = scored(*points)
    nobody = ScoredPairs(pairs.distances, pairs.is_same)
    found = appraise_scores(nobody, threshold_grid(pairs))
    told = outcome(found, Far(0.01), SAME)
    assert found.choosing is found.folds is None
    naive, _ = told.naive_rates()
    assert told.false_accept == naive
    assert found.protocols == [SAME]
    with pytest.raises(ValueError, match="other-identities needs at least 20 identities"):
        outcome(found, Far(0.01), OTHERS)


def test_a_side_without_one_kind_of_pairs_leaves_no_halves(points: tuple[np.ndarray, np.ndarray]) -> None:
    pairs = scored(*points)
    half = parts(points[1], 2)[::4]
    keep = pairs.is_same | (half[pairs.first] != half[pairs.second])
    few = ScoredPairs(*(column[keep] for column in (pairs.distances, pairs.is_same, pairs.first, pairs.second)))
    found = appraise_scores(few, threshold_grid(few))
    assert found.choosing is None
    with pytest.raises(ValueError, match="Use same-pairs"):
        outcome(found, Far(0.01), FOLDS)


def test_rates_by_identity_are_those_of_the_embeddings(points: tuple[np.ndarray, np.ndarray]) -> None:
    pairs = scored(*points)
    edges = threshold_grid(pairs)
    found, expected = appraise_scores(pairs, edges), appraise(*points, edges)
    for side in ("everyone", "choosing", "reporting"):
        one, other = getattr(found.weighing("identities"), side), getattr(expected.weighing("identities"), side)
        assert_allclose(one.curve.false_accept_rate, other.curve.false_accept_rate, rtol=1e-6, atol=1e-9)
        assert_allclose(one.curve.false_reject_rate, other.curve.false_reject_rate, rtol=1e-6, atol=1e-9)
    with pytest.raises(ValueError, match="weights by identity must have pairs whose identities are known"):
        appraise_scores(replace(pairs, first=None, second=None, identities=None), edges).weighing("identities")


def test_by_identity_failures_are_refused_too(points: tuple[np.ndarray, np.ndarray]) -> None:
    pairs = scored(*points)
    failed = replace(pairs, distances=np.where(np.arange(len(pairs.distances)) % 7 == 0, np.inf, pairs.distances))
    curve = appraise_scores(failed, threshold_grid(failed)).weighing("identities").everyone.curve
    assert 0.05 < curve.false_reject_rate[-1] < 0.3 and curve.false_accept_rate[-1] < 1


@pytest.mark.parametrize("weights", [PAIRS, IDENTITIES])
def test_failures_are_worth_what_pairs_beyond_every_threshold_are(
    points: tuple[np.ndarray, np.ndarray], weights: str
) -> None:
    pairs, is_failed = scored(*points), np.arange(12_720) % 7 == 0
    failed, far = (replace(pairs, distances=np.where(is_failed, off, pairs.distances)) for off in (np.inf, 99.0))
    edges = threshold_grid(failed)
    found = appraise_scores(failed, edges).weighing(weights).everyone
    expected = appraise_scores(far, np.append(edges, 99.0)).weighing(weights).everyone
    for name in ("thresholds", "false_accept_rate", "false_reject_rate"):
        assert_array_equal(getattr(found.curve, name), getattr(expected.curve, name)[:-1])
    for name in ("effective_negatives", "effective_positives"):
        assert_array_equal(getattr(found, name), getattr(expected, name)[:-1])
    assert_array_equal(found.degrees_of_freedom, expected.degrees_of_freedom[:, :-1])

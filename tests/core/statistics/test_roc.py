import subprocess
import sys

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.metrics import roc_auc_score

from core.statistics.pair_distances import PairDistances, default_edges, histogram
from core.statistics.roc import (
    Curve,
    at,
    auc,
    curve_auc,
    curve_from_histogram,
    equal_error_rate,
    exact_curve,
    exact_equal_error_rate,
)
from tests.imports import ROOT

distances_with_ties = st.lists(st.integers(0, 6).map(lambda value: value / 4), min_size=1, max_size=25)


def pairs_of(positive: list[float], negative: list[float]) -> PairDistances:
    return PairDistances(np.sort(np.array(positive, float)), np.sort(np.array(negative, float)))


@pytest.fixture
def pairs() -> PairDistances:
    generator = np.random.default_rng(0)
    positive = generator.normal(0.8, 0.3, 400).clip(0).round(2)
    return pairs_of(positive.tolist(), generator.normal(1.3, 0.3, 900).clip(0).round(2).tolist())


@given(distances_with_ties, distances_with_ties)
@settings(deadline=None)
def test_auc_equals_sklearn_with_ties(positive: list[float], negative: list[float]) -> None:
    pairs = pairs_of(positive, negative)
    is_same = np.repeat([1, 0], [len(positive), len(negative)])
    expected = roc_auc_score(is_same, -np.concatenate([pairs.positive, pairs.negative]))
    assert auc(pairs) == pytest.approx(expected, abs=1e-12)
    assert curve_auc(exact_curve(pairs)) == pytest.approx(expected, abs=1e-12)


@given(distances_with_ties, distances_with_ties)
@settings(deadline=None)
def test_every_count_equals_the_definition(positive: list[float], negative: list[float]) -> None:
    curve = exact_curve(pairs_of(positive, negative))
    assert curve.thresholds.tolist() == sorted(set(positive + negative))
    for place, threshold in enumerate(curve.thresholds):
        verdict = at(curve, threshold)
        assert verdict.true_accepts == curve.true_accepts[place] == sum(d <= threshold for d in positive)
        assert verdict.false_accepts == curve.false_accepts[place] == sum(d <= threshold for d in negative)
        assert verdict.false_rejects == sum(d > threshold for d in positive)
        assert verdict.true_rejects == sum(d > threshold for d in negative)
        assert verdict.accuracy == curve.accuracy[place]
        assert verdict.false_reject_rate == curve.false_reject_rate[place]
        assert verdict.true_accept_rate == curve.true_accept_rate[place]


@given(distances_with_ties, distances_with_ties)
@settings(deadline=None)
def test_equal_error_rate_needs_no_curve(positive: list[float], negative: list[float]) -> None:
    pairs = pairs_of(positive, negative)
    rate, threshold = equal_error_rate(exact_curve(pairs))
    assert exact_equal_error_rate(pairs) == (rate, threshold)
    assert 0 <= rate <= 1 and min(positive + negative) <= threshold <= max(positive + negative)


def test_equal_error_rate_lies_on_the_line_between_two_points() -> None:
    # FAR 0, FRR 1/2 at threshold 1; FAR 1, FRR 1/2 at 2: the lines cross where FAR is 1/2, half way.
    assert equal_error_rate(exact_curve(pairs_of([1.0, 3.0], [2.0]))) == (0.5, 1.5)
    # FAR 1/4, FRR 1/2 at threshold 2; FAR 3/4, FRR 1/2 at 4: where FAR is 1/2, half way.
    assert equal_error_rate(exact_curve(pairs_of([2.0, 6.0], [1.0, 4.0, 4.0, 9.0]))) == (0.5, 3.0)
    # From FAR 1/4, FRR 3/4 at 2 to 1, 1/4 at 4: the gap of 1/2 has turned to 3/4 the other way.
    pairs = pairs_of([2.0, 4.0, 4.0, 9.0], [1.0, 4.0, 4.0, 4.0])
    assert equal_error_rate(exact_curve(pairs)) == pytest.approx((0.25 + 0.4 * 0.75, 2 + 0.4 * 2))


def test_a_threshold_with_equally_many_errors_of_both_kinds_is_the_answer_to_the_last_bit() -> None:
    """On the line from 0.2 to 0.9 the end is rounded to 0.8999999999999999, at which the pair at 0.9 is refused."""
    pairs = pairs_of([0.2, 2.0], [0.9, 3.0])
    assert equal_error_rate(exact_curve(pairs)) == exact_equal_error_rate(pairs) == (0.5, 0.9)


def test_histogram_curve_agrees_with_the_exact_one_at_its_edges(pairs: PairDistances) -> None:
    edges = default_edges(pairs, 50)
    curve, exact = curve_from_histogram(edges, *histogram(pairs, edges)), exact_curve(pairs)
    assert len(curve.thresholds) == 50 and curve.positive_count == 400 and curve.negative_count == 900
    for place, edge in enumerate(curve.thresholds):
        assert at(exact, edge).false_accepts == curve.false_accepts[place]
        assert at(exact, edge).true_accepts == curve.true_accepts[place]
    widths = np.diff(curve.false_accept_rate, prepend=0) * np.diff(curve.true_accept_rate, prepend=0)
    assert 0 < abs(curve_auc(curve) - auc(pairs)) <= widths.sum() / 2


def test_a_tie_at_the_threshold_is_accepted() -> None:
    curve = exact_curve(pairs_of([0.5], [0.5, 0.7]))
    assert at(curve, 0.5).true_accepts == at(curve, 0.5).false_accepts == 1
    assert at(curve, np.nextafter(0.5, 0)).true_accepts == 0


def test_curve_needs_both_kinds_of_pairs() -> None:
    with pytest.raises(ValueError, match="needs pairs of the same and of different classes, got 0 and 2"):
        Curve(np.array([1.0]), np.array([1]), np.array([0]), 2, 0)


@pytest.mark.parametrize(
    "module",
    ["core.statistics.roc", "core.statistics.anchor_census", "core.readers.embeddings_file", "core.readers.pair_files"],
)
def test_the_web_process_may_import(module: str) -> None:
    code = (
        f"import sys, {module}; heavy = {{'numba', 'sklearn', 'faiss', 'torch', 'scipy'}} & set(sys.modules);"
        " assert not heavy, heavy"
    )
    subprocess.run([sys.executable, "-c", code], cwd=ROOT, check=True, timeout=60)

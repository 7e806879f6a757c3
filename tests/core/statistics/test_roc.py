import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.metrics import roc_auc_score

from core.statistics.distance_blocks import distance_matrix
from core.statistics.pair_distances import PairDistances, default_edges, histogram, pair_distances
from core.statistics.roc import (
    Curve,
    at,
    auc,
    curve_auc,
    curve_from_histogram,
    equal_error_rate,
    exact_curve,
    exact_equal_error_rate,
    nearest_pairs,
)

ROOT = Path(__file__).parents[3]
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


@pytest.mark.parametrize("threshold", [0.0, 1.0, 2.0**0.5, 2.5, 9.0])
@pytest.mark.parametrize("is_same", [True, False])
@pytest.mark.parametrize("worst_first", [False, True])
def test_nearest_pairs_equal_the_definition_with_ties(is_same: bool, threshold: float, worst_first: bool) -> None:
    generator = np.random.default_rng(0)
    embeddings = generator.integers(0, 4, size=(300, 3)).astype(np.float32)  # more than one block of rows
    labels = generator.integers(0, 5, size=300)
    distances = distance_matrix(embeddings)
    wrong = [
        (abs(distances[a, b] - threshold) * (-1 if worst_first else 1), a, b)
        for a, b in zip(*np.triu_indices(300, 1), strict=True)
        if (labels[a] == labels[b]) == is_same and (distances[a, b] > threshold) == is_same
    ]
    expected = sorted(wrong)[:40]
    rows_a, rows_b, found = nearest_pairs(embeddings, labels, threshold, 40, is_same=is_same, worst_first=worst_first)
    assert list(zip(rows_a, rows_b, strict=True)) == [(a, b) for _, a, b in expected]
    assert found.tolist() == [distances[a, b] for _, a, b in expected]


def test_nearest_pairs_are_the_false_accepts_of_the_verdict() -> None:
    generator = np.random.default_rng(1)
    embeddings, labels = generator.normal(size=(60, 4)), np.arange(60) % 4
    verdict = at(exact_curve(pair_distances(embeddings, labels)), 2.0)
    assert verdict.false_accepts and verdict.false_rejects
    assert len(nearest_pairs(embeddings, labels, 2.0, 9999, is_same=False)[0]) == verdict.false_accepts
    assert len(nearest_pairs(embeddings, labels, 2.0, 9999, is_same=True)[0]) == verdict.false_rejects


def test_count_must_be_positive() -> None:
    with pytest.raises(ValueError, match="count must be at least 1, got 0"):
        nearest_pairs(np.eye(3), np.arange(3), 1.0, 0, is_same=True)


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

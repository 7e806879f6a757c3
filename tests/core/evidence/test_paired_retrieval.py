from __future__ import annotations

import numpy as np
import pytest

from core.evidence.intervals import quantile
from core.evidence.paired_retrieval import clustered_interval, map_at_r_beside, query_scores
from core.statistics.retrieval import retrieval


def people(rng: np.random.Generator, identities: int = 12, each: int = 6) -> tuple[np.ndarray, np.ndarray]:
    labels = np.repeat(np.arange(identities), each)
    return rng.normal(size=(identities, 5))[labels] + 0.8 * rng.normal(size=(len(labels), 5)), labels


def test_the_scores_of_queries_are_those_of_retrieval_and_of_single_samples_there_are_none(
    rng: np.random.Generator,
) -> None:
    points, labels = people(rng)
    points, labels = np.vstack([points, points[:1] + 9]), np.append(labels, 99)
    scores = query_scores(points, labels)
    assert len(scores) == len(labels) - 1
    assert scores.mean() == pytest.approx(retrieval(points, labels).map_at_r)


def test_the_interval_is_that_of_the_means_of_equally_large_identities(rng: np.random.Generator) -> None:
    values, identities = rng.normal(size=60), np.repeat(np.arange(10), 6)
    means = values.reshape(10, 6).mean(axis=1)
    reach = quantile(10) * means.std(ddof=1) / np.sqrt(10)
    assert clustered_interval(values, identities) == pytest.approx((means.mean() - reach, means.mean() + reach))


def test_of_one_identity_nothing_is_known() -> None:
    assert clustered_interval(np.ones(4), np.zeros(4, int)) == (-np.inf, np.inf)
    points, labels = np.arange(10.0)[:, None] + 1, np.array([0, 0, 0, 1, 2, 3, 4, 5, 6, 7])
    beside = map_at_r_beside(points, points[::-1], labels)
    assert (beside.low, beside.high, beside.identities) == (-1, 1, 1)


def test_the_interval_holds_the_true_difference_about_nineteen_times_in_twenty(rng: np.random.Generator) -> None:
    """Scores of an identity share a part; with independent queries the interval would be far too narrow."""
    hits = 0
    for _ in range(400):
        shared = 0.3 + rng.normal(size=15).repeat(8)
        low, high = clustered_interval(shared + 0.3 * rng.normal(size=120), np.arange(15).repeat(8))
        hits += low <= 0.3 <= high
    assert 0.92 <= hits / 400 <= 0.98


@pytest.mark.parametrize("is_better", [True, False])
def test_a_clear_difference_is_told_with_its_sign(rng: np.random.Generator, is_better: bool) -> None:
    points, labels = people(rng, identities=30)
    noisy = points + rng.normal(size=points.shape)
    trained, vectors = (points, noisy) if is_better else (noisy, points)
    beside = map_at_r_beside(trained, vectors, labels)
    assert beside.is_worse is not is_better and beside.is_clear and beside.identities == 30
    assert beside.trained == pytest.approx(retrieval(trained, labels).map_at_r)
    assert beside.low < beside.trained - beside.untrained < beside.high


@pytest.mark.parametrize("name", ["vectors", "vectors, cosine"])
def test_the_better_way_to_compare_vectors_is_what_must_be_beaten(rng: np.random.Generator, name: str) -> None:
    points, labels = people(rng)
    lengths = 1 + np.arange(len(labels))[:, None] % 6 if name != "vectors" else 1 + labels[:, None]
    vectors = points * lengths
    unit = points / np.linalg.norm(points, axis=1, keepdims=True)
    beside = map_at_r_beside(points, vectors, labels)
    best = {"vectors": retrieval(vectors, labels).map_at_r, "vectors, cosine": retrieval(unit, labels).map_at_r}
    assert beside.name == name and beside.untrained == pytest.approx(max(best.values())) == pytest.approx(best[name])


def test_the_vectors_themselves_are_no_better_and_no_worse(rng: np.random.Generator) -> None:
    points, labels = people(rng)
    unit = points / np.linalg.norm(points, axis=1, keepdims=True)
    beside = map_at_r_beside(unit, unit, labels)
    assert (beside.low, beside.high) == (0, 0) and not beside.is_worse and not beside.is_clear

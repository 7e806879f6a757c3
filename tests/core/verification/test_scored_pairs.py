from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from sklearn.metrics import roc_auc_score

from core.statistics.roc import at, auc, equal_error_rate, exact_curve, exact_equal_error_rate
from core.verification.scored_pairs import Failures, Identities, ScoredPairs, check_kinds


@pytest.fixture
def similarities() -> tuple[np.ndarray, np.ndarray]:
    """Scores with ties across both kinds, 0 among them, and which pairs are the same."""
    generator = np.random.default_rng(0)
    is_same = generator.random(400) < 0.3
    return (generator.normal(is_same * 0.5, 0.5).round(1) + 0.0), is_same


def test_a_similarity_has_the_auc_that_scikit_learn_gives_it(similarities: tuple[np.ndarray, np.ndarray]) -> None:
    scores, is_same = similarities
    assert set(scores[is_same]) & set(scores[~is_same]) and 0.5 < roc_auc_score(is_same, scores) < 1
    pairs = ScoredPairs(0.0 - scores, is_same, is_similarity=True)
    assert auc(pairs) == pytest.approx(roc_auc_score(is_same, scores), abs=1e-12)
    assert exact_equal_error_rate(pairs) == equal_error_rate(exact_curve(pairs))


def test_a_threshold_in_own_terms_accepts_the_same_pairs(similarities: tuple[np.ndarray, np.ndarray]) -> None:
    scores, is_same = similarities
    pairs = ScoredPairs(0.0 - scores, is_same, is_similarity=True)
    curve = exact_curve(pairs)
    accepted = [sum(score >= pairs.in_own_terms(threshold) for score in scores) for threshold in curve.thresholds]
    assert accepted == (curve.true_accepts + curve.false_accepts).tolist()
    assert 0 < at(curve, curve.thresholds[10]).false_accepts < curve.negative_count
    assert str(pairs.in_own_terms(0.0)) == "0.0"
    assert ScoredPairs(scores, is_same).in_own_terms(0.3) == 0.3


def test_both_kinds_are_ascending_and_complete() -> None:
    pairs = ScoredPairs(np.array([3.0, -1.0, 2.0, 2.0]), np.array([True, False, True, False]))
    assert pairs.positive.tolist() == [2.0, 3.0] and pairs.negative.tolist() == [-1.0, 2.0]


def test_identities_are_numbered_by_their_place_among_the_sorted_names() -> None:
    identities = Identities()
    numbers = np.concatenate([identities.numbered(names) for names in (["c", "a", "c"], [], ["b", "a"])])
    assert identities.names == ("a", "b", "c")
    assert [identities.names[number] for number in identities.sorted_numbers(numbers)] == ["c", "a", "c", "b", "a"]


@pytest.mark.parametrize(
    ("is_same", "message"),
    [
        ([], "^a.csv must hold pairs of the same and of different identities, got 0 and 0. Add"),
        ([1, 1], "identities, got 2 and 0. Add"),
        ([0, 0, 0], "identities, got 0 and 3. Add"),
    ],
)
def test_both_kinds_are_needed(is_same: list[int], message: str) -> None:
    check_kinds("a.csv", np.array([True, False]))
    with pytest.raises(ValueError, match=message):
        check_kinds("a.csv", np.array(is_same, bool))


@pytest.mark.parametrize("worst_first", [False, True])
@pytest.mark.parametrize("is_same", [False, True])
def test_wrong_pairs_are_those_a_loop_finds(similarities: tuple, is_same: bool, worst_first: bool) -> None:
    scores, truth = similarities
    pairs, threshold = ScoredPairs(0.0 - scores, truth, is_similarity=True), -0.3
    among = np.arange(400) % 3 > 0
    expected = []
    for row in range(400):
        is_wrong = pairs.distances[row] > threshold if truth[row] else pairs.distances[row] <= threshold
        if truth[row] == is_same and is_wrong and among[row]:
            expected.append((abs(pairs.distances[row] - threshold) * (-1 if worst_first else 1), row))
    expected.sort()
    assert len({beyond for beyond, _ in expected}) < len(expected), "there are ties"
    found = pairs.wrong(threshold, 12, is_same=is_same, worst_first=worst_first, among=among)
    assert 12 < len(expected) and found.tolist() == [row for _, row in expected[:12]]
    assert len(pairs.wrong(threshold, 400, is_same=is_same)) > len(expected)


def test_a_pair_at_the_threshold_is_accepted_and_no_false_reject() -> None:
    pairs = ScoredPairs(np.array([1.0, 1.0]), np.array([True, False]))
    assert pairs.wrong(1.0, 5, is_same=True).tolist() == []
    assert pairs.wrong(1.0, 5, is_same=False).tolist() == [1]


def test_pairs_come_back_from_their_arrays() -> None:
    rows, is_same = np.arange(4), np.array([True, False, True, False])
    bare = ScoredPairs(rows / 2, is_same)
    whole = ScoredPairs(rows / 2, is_same, rows, rows % 2, ("a", "ä\n", "c", "d"), True, rows % 3, rows + 2)
    failed = replace(bare, failures=Failures(3, "left-out"))
    for pairs in (bare, whole, failed):
        again = ScoredPairs.from_arrays(pairs.arrays())
        for name in ("distances", "is_same", "first", "second", "identities", "is_similarity", "fold", "lines"):
            assert np.array_equal(getattr(again, name), getattr(pairs, name)), name
        assert again.failures == pairs.failures
    assert set(bare.arrays()) == {"distances", "is_same", "is_similarity"}


def test_those_that_failed_are_among_the_pairs_but_not_compared() -> None:
    rows = np.arange(4)
    pairs = ScoredPairs(
        np.array([1.0, np.inf, 2.0, np.inf]), rows > 1, rows, rows, tuple("abcd"), fold=rows, lines=rows
    )
    assert pairs.compared.distances.tolist() == [1.0, 2.0]
    for name in ("is_same", "first", "second", "fold", "lines"):
        assert getattr(pairs.compared, name).tolist() == getattr(pairs, name)[[0, 2]].tolist()
    assert pairs.compared.compared is pairs.compared and pairs.compared.identities == pairs.identities
    assert pairs.wrong(5.0, 4, is_same=True).tolist() == [3] and pairs.wrong(5.0, 4, is_same=False).tolist() == [0]

from __future__ import annotations

import numpy as np
import pytest
from sklearn.metrics import roc_auc_score

from core.scored_pairs import Identities, ScoredPairs, check_kinds
from core.verification import at, auc, equal_error_rate, exact_curve, exact_equal_error_rate


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

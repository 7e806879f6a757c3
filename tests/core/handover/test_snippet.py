"""The file that hands a threshold over decides as core does, for every distance, and runs nothing it was told."""

from __future__ import annotations

import ast
from typing import Any

import numpy as np
import pytest

from core.distances import DISTANCES, EUCLIDEAN
from core.distances.base import Distance
from core.evidence.appraisal_of_scores import appraise_scores
from core.handover.card import source_of_file, source_of_scores, threshold_card
from core.handover.snippet import python_snippet
from core.statistics.threshold_grid import threshold_grid
from core.thresholds.outcome import outcome
from core.verification.goals import Hand
from core.verification.protocols import SAME
from core.verification.scored_pairs import ScoredPairs
from tests.core.scipy_distances import VARIANTS

NUMBERS = {"eer": 0.125, "auc": 0.9, "points": 30, "classes": 3}
OF_TWO_POINTS = [distance for distance in VARIANTS if distance.in_numpy is not None]
OF_THE_SET = [distance for distance in VARIANTS if distance.in_numpy is None]


def card_of(distance: Distance, threshold: float, normalisation: str = "as given") -> dict[str, Any]:
    pairs = ScoredPairs(np.array([0.1, 0.2, threshold, 0.7]), np.array([True, False, True, False]))
    told = outcome(appraise_scores(pairs, threshold_grid(pairs)), Hand(threshold), SAME)
    source = source_of_file("faces.npz", np.eye(3), distance, NUMBERS)
    return threshold_card(told, source=source, date="2026-01-31") | {"normalisation": normalisation}


def made(card: dict[str, Any]) -> dict[str, Any]:
    """What the file defines."""
    defined: dict[str, Any] = {}
    exec(compile(python_snippet(card), "threshold.py", "exec"), defined)
    return defined


@pytest.fixture
def points() -> np.ndarray:
    """(60, 6) in steps of a quarter, so that distances are sums without rounding and many tie; a zero vector."""
    places = np.round(np.random.default_rng(0).normal(size=(60, 6)) * 4) / 4
    places[0] = 0
    return places


@pytest.mark.parametrize("distance", OF_TWO_POINTS, ids=str)
def test_decisions_are_those_of_core(distance: Distance, points: np.ndarray) -> None:
    first, second = np.triu_indices(len(points), 1)
    prepared = distance.prepared(points)
    apart = distance.between(prepared, prepared)[first, second]
    threshold = float(np.sort(apart)[len(apart) // 3])
    is_same = made(card_of(distance, threshold))["is_same"](points[first], points[second])
    clear = np.abs(apart - threshold) > 1e-12
    np.testing.assert_array_equal(is_same[clear], (apart <= threshold)[clear])
    assert 0.2 < is_same.mean() < 0.9 and clear.mean() > 0.5


@pytest.mark.parametrize("distance", OF_TWO_POINTS, ids=str)
def test_distances_are_those_of_core(distance: Distance) -> None:
    points = np.random.default_rng(1).normal(size=(40, 7))
    prepared = distance.prepared(points)
    found = made(card_of(distance, 0.5))["distance"](points[:-1], points[1:])
    expected = np.diagonal(distance.between(prepared[:-1], prepared[1:]))
    np.testing.assert_allclose(found, expected, rtol=1e-12, atol=1e-12)
    assert len(np.unique(found.round(9))) > 5


# Two points whose distance is one number in any order of adding up; 0.75, 1 and 2 apart in three dimensions.
TIES = (np.array([0.0, 0.25, -1.0, 1.0]), np.array([0.75, 1.25, 1.0, 1.0]))


@pytest.mark.parametrize("distance", OF_TWO_POINTS, ids=str)
def test_a_tie_is_accepted_and_what_is_further_is_not(distance: Distance) -> None:
    first, second = distance.prepared(np.stack(TIES))[:, None]
    apart = float(distance.between(first, second)[0, 0])
    assert made(card_of(distance, apart))["is_same"](*TIES)
    assert not made(card_of(distance, float(np.nextafter(apart, -np.inf))))["is_same"](*TIES)


@pytest.mark.parametrize("distance", OF_TWO_POINTS, ids=str)
def test_one_pair_is_judged_as_among_many(distance: Distance, points: np.ndarray) -> None:
    is_same = made(card_of(distance, 0.5))["is_same"]
    many = is_same(points[:-1], points[1:])
    assert [bool(is_same(*pair)) for pair in zip(points[:-1], points[1:], strict=True)] == many.tolist()


@pytest.mark.parametrize("distance", OF_TWO_POINTS, ids=str)
def test_embeddings_are_scaled_where_the_card_says_so(distance: Distance, points: np.ndarray) -> None:
    points = points[1:]
    unit = points / np.linalg.norm(points, axis=1, keepdims=True)
    prepared = distance.prepared(unit)
    expected = np.diagonal(distance.between(prepared[:-1], prepared[1:]))
    found = made(card_of(distance, 0.5, "l2"))["distance"](points[:-1], points[1:])
    np.testing.assert_allclose(found, expected, rtol=0, atol=1e-12)
    assert made(card_of(EUCLIDEAN, 0.5, "none"))["distance"](points[:-1], points[1:]).max() > 2


@pytest.mark.parametrize("distance", OF_THE_SET, ids=str)
def test_a_distance_of_the_whole_set_is_refused_in_one_sentence(distance: Distance) -> None:
    with pytest.raises(ValueError, match="two embeddings alone decide, got .* Scale the embeddings before"):
        python_snippet(card_of(distance, 0.5))


@pytest.mark.parametrize("is_similarity", [True, False])
def test_scores_are_judged_as_they_stood_in_the_file(is_similarity: bool) -> None:
    scores = np.array([0.9, 0.5, 0.5, 0.25, 0.0])
    pairs = ScoredPairs(-scores if is_similarity else scores, scores > 0.4, is_similarity=is_similarity)
    told = outcome(appraise_scores(pairs, threshold_grid(pairs)), Hand(-0.5 if is_similarity else 0.5), SAME)
    card = threshold_card(told, source=source_of_scores("scores.csv", pairs), date="2026-01-31")
    defined = made(card)
    assert defined["THRESHOLD"] == 0.5 == pairs.in_own_terms(told.threshold)
    expected = [True, True, True, False, False] if is_similarity else [False, True, True, True, True]
    assert defined["is_same"](scores).tolist() == expected == (pairs.distances <= told.threshold).tolist()
    assert bool(defined["is_same"](0.5))


def test_the_comments_say_where_the_threshold_comes_from() -> None:
    card = card_of(EUCLIDEAN, 0.5)
    text = " ".join(python_snippet(card).replace("\n#", "").split())
    assert "Accept when the distance (Euclidean) is at most 0.5." in text
    assert "Goal: a threshold chosen by hand." in text
    assert "False accept rate: 50 % (95 % interval" in text and "False reject rate: 0 % (95 % interval" in text
    assert "2 genuine and 2 impostor pairs" in text and "chosen and reported on the same pairs" in text
    assert card["embeddings_digest"] in text and "Date: 2026-01-31" in text


def test_the_comments_name_the_checkpoint_of_the_model() -> None:
    card = card_of(EUCLIDEAN, 0.5)
    assert "checkpoint" not in python_snippet(card)
    assert f'# SHA-256 of the model\'s checkpoint:\n#   "{"a" * 64}"' in python_snippet(
        card | {"model_digest": "a" * 64}
    )


@pytest.mark.parametrize("name", ["a\nraise SystemExit(3)", "a\rraise SystemExit(3)", '"""\n\x0craise', "x" * 400])
def test_a_name_cannot_leave_its_comment(name: str) -> None:
    text = python_snippet(card_of(EUCLIDEAN, 0.5) | {"file": name})
    assert ast.dump(ast.parse(text)) == ast.dump(ast.parse(python_snippet(card_of(EUCLIDEAN, 0.5))))
    assert max(map(len, text.splitlines())) <= 120


def test_the_file_is_short_and_needs_numpy_alone() -> None:
    text = python_snippet(card_of(DISTANCES["cosine"](), 0.5, "l2"))
    assert len(text.splitlines()) < 45
    imports = [node for node in ast.walk(ast.parse(text)) if isinstance(node, (ast.Import, ast.ImportFrom))]
    assert [alias.name for node in imports for alias in node.names] == ["numpy"]

"""Pairs that came with scores: names, lines and scores as they stood in the file."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from core.jobs.measure_scores import ScoredUpload
from core.runs.store import Store
from core.verification.goals import Eer
from core.verification.protocols import SAME
from core.verification.scored_pairs import ScoredPairs
from dashboard.lookups import appraisals, scored_pairs
from tests.core.measuring import measured

PAIRS = ScoredPairs(
    np.array([-0.9, -0.4, -0.7, -0.2, -0.3]),
    np.array([True, True, False, False, False]),
    np.array([0, 1, 0, 0, 1]),
    np.array([0, 1, 1, 2, 2]),
    ("ann", "*bob*", "eve"),
    is_similarity=True,
    lines=np.arange(2, 7),
)


def brought(root: Path, pairs: ScoredPairs) -> str:
    """The name of a measured run of pairs."""
    return measured(Store(root), ScoredUpload("mine.csv", pairs))[0].folder.name


@pytest.fixture
def scores(root: Path, own_store: None) -> str:
    return brought(root, PAIRS)


def test_what_is_kept_is_what_the_file_held(scores: str) -> None:
    np.testing.assert_array_equal(scored_pairs.pairs(scores).distances, PAIRS.distances)
    assert scored_pairs.is_similarity(scores)
    assert scored_pairs.axis_name(scores) == ""
    assert scored_pairs.source(scores)["origin"]["file"] == "mine.csv"


def test_distances_stand_on_the_axis_as_scored(root: Path, own_store: None) -> None:
    name = brought(root, replace(PAIRS, distances=-PAIRS.distances[::-1].copy(), is_similarity=False))
    assert not scored_pairs.is_similarity(name) and scored_pairs.axis_name(name) == " (as scored)"


def test_embeddings_are_no_similarities(name: str) -> None:
    assert not scored_pairs.is_similarity(name)


def test_wrong_pairs_have_names_scores_and_lines(scores: str) -> None:
    (accepted,) = scored_pairs.wrong_pairs(scores, -0.5, 5, each=2, is_same=False, worst_first=False, protocol=SAME)
    (refused,) = scored_pairs.wrong_pairs(scores, -0.5, 5, each=2, is_same=True, worst_first=False, protocol=SAME)
    assert accepted.caption.split("  \n") == ["**ann · \\*bob\\* at similarity 0.7**", "line 4"]
    assert refused.caption.split("  \n") == ["**\\*bob\\* at similarity 0.4**", "line 3"]
    assert not accepted.image and accepted.rows == ()


def test_of_two_identities_only_some_pairs_are_shown_as_long_as_there_are_others(root: Path, own_store: None) -> None:
    distances = np.array([0.10, 0.11, 0.12, 0.13, 0.05, 0.9, 0.95])
    first, second = np.array([0, 1, 0, 1, 0, 0, 1]), np.array([1, 0, 1, 0, 2, 0, 1])
    run = brought(
        root, ScoredPairs(distances, first == second, first, second, ("ann", "bob", "eve"), lines=np.arange(7))
    )
    shown = {
        count: [
            pair.caption.split("line ")[1]
            for pair in scored_pairs.wrong_pairs(
                run, 0.2, count, each=2, is_same=False, worst_first=False, protocol=SAME
            )
        ]
        for count in (3, 4)
    }
    assert shown == {3: ["3", "2", "4"], 4: ["3", "2", "1", "4"]}


def test_the_card_gives_the_threshold_as_scored_too(scores: str) -> None:
    told = appraisals.outcome_of(scores, 0, Eer(), SAME)
    card = scored_pairs.card(scores, told, "2020-01-01")
    assert card["threshold_as_scored"] == -card["threshold"] == -told.threshold


def test_two_names_are_said_once_where_they_are_one() -> None:
    assert scored_pairs.both("ann", "bob") == "ann · bob" and scored_pairs.both("ann", "ann") == "ann"

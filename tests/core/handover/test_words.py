from __future__ import annotations

import numpy as np
import pytest

from core.evidence.appraisal_of_scores import appraise_scores
from core.evidence.intervals import Interval
from core.handover.card import NEGATED
from core.handover.words import (
    between,
    distance_in_words,
    errors_in_words,
    goal_in_words,
    identities_in_words,
    interval_in_words,
    of_a_round_number,
    percentages,
    rule_in_words,
)
from core.statistics.threshold_grid import threshold_grid
from core.thresholds.outcome import outcome
from core.verification.goals import GOALS, Cost, Far, FBeta, Frr, Goal, Hand
from core.verification.protocols import SAME
from core.verification.scored_pairs import ScoredPairs


def test_percentages_have_three_digits_and_no_powers() -> None:
    assert percentages(np.array([0.0, 1.0, 0.13625, 2 / 3e7])) == ["0 %", "100 %", "13.6 %", "0.00000667 %"]


def test_a_round_number_has_two_digits_or_three() -> None:
    """The power of ten at which 1 of 400,000 would be ten is ten millions, more than there are: its own count."""
    counts, bases = of_a_round_number(np.array([0, 1, 60, 444, 4_000, 400_000]), 400_000)
    assert bases.tolist() == [400_000, 400_000, 100_000, 10_000, 1_000, 1_000]
    assert counts.tolist() == [0, 1, 15, 11, 10, 1_000]


def test_ends_are_rounded_outwards() -> None:
    band = Interval(np.array([0.0041]), np.array([0.0129]))
    assert between(band, np.array([1000])) == ["4 to 13"]
    assert between(band, np.array([1_000_000]), "{low} – {high}") == ["4,100 – 12,900"]


@pytest.mark.parametrize("kind", GOALS.values(), ids=GOALS)
def test_every_goal_has_words(kind: type[Goal]) -> None:
    said = goal_in_words(kind().on_card())
    assert said and "{" not in said


def test_the_words_of_a_goal_hold_its_numbers() -> None:
    assert goal_in_words(Far(0.125).on_card()) == "a false accept rate of at most 12.5 %"
    assert goal_in_words(Frr(0.125).on_card()) == "a false reject rate of at most 12.5 %"
    assert goal_in_words(FBeta(0.125).on_card()) == "the largest F-beta with beta = 0.125"
    assert goal_in_words(Cost(7.0, 3.0, 0.875).on_card()) == (
        "the least cost: 7 for a false accept, 3 for a false reject, 87.5 % of the attempts genuine"
    )


def test_the_rule_is_said_in_the_terms_of_the_pairs() -> None:
    card = {"distance": "minkowski", "distance_parameters": {"p": 4.0}, "threshold": 0.123456789}
    card |= {"accepts_nobody": False}
    assert distance_in_words(card) == "Minkowski, p = 4"
    assert rule_in_words(card) == "Accept when the distance (Minkowski, p = 4) is at most 0.12346"
    assert rule_in_words(card | {"accepts_nobody": True}).startswith("Accept nobody")
    turned = {"distance": NEGATED, "threshold": -0.75, "threshold_interval": [-0.875, -0.5], "accepts_nobody": False}
    assert rule_in_words(turned) == "Accept when the similarity is at least 0.75"
    assert interval_in_words(turned) == "0.5 to 0.875"
    assert interval_in_words(card | {"threshold_interval": [0.5, 0.875]}) == "0.5 to 0.875"


def test_identities_that_nobody_named_are_not_counted() -> None:
    assert identities_in_words({"identities": 1234}) == "of 1,234 identities"
    assert "does not name" in identities_in_words({"identities": 0})


def test_errors_are_told_of_a_thousand_or_of_all_there_are() -> None:
    """50 of 2,500 impostors are 20 of 1,000; of 4 genuine pairs one is refused."""
    distances = np.concatenate([np.full(50, 0.25), np.full(2450, 1.0), [0.25, 0.25, 0.5, 1.0]])
    pairs = ScoredPairs(distances, np.arange(2504) >= 2500)
    told = outcome(appraise_scores(pairs, threshold_grid(pairs)), Hand(0.5), SAME)
    low, high = (1000 * end for end in told.false_accept[1:])
    said = errors_in_words(told)
    assert f"Of 1,000 impostors this lets in about 20 ({int(low)} to {int(high) + 1}); of 4 genuine" in said
    assert "of 4 genuine pairs it refuses 1 (" in said
    assert 0 < low < 20 < high

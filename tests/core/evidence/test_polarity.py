"""Scores that look turned round are named; chance and ties are not."""

from __future__ import annotations

import numpy as np
import pytest

from core.evidence.appraisal_of_scores import appraise_scores
from core.evidence.polarity import area_error, looks_swapped, swapped_in_words, turned
from core.statistics.threshold_grid import threshold_grid
from core.verification.scored_pairs import ScoredPairs


def swapped(pairs: ScoredPairs) -> bool:
    return looks_swapped(appraise_scores(pairs, threshold_grid(pairs)).everyone)


def drawn(seed: int, gap: float, count: int = 200) -> ScoredPairs:
    is_same = np.arange(count) % 2 == 0
    return ScoredPairs(np.random.default_rng(seed).normal(np.where(is_same, 0.0, gap)), is_same)


def test_pairs_in_the_wrong_order_are_named_and_turned() -> None:
    pairs = drawn(0, -2.0)
    assert swapped(pairs) and not swapped(turned(pairs))
    assert turned(pairs).is_similarity and turned(turned(pairs)).distances.tolist() == pairs.distances.tolist()
    assert swapped_in_words(pairs, 0.25).endswith("Read with the larger ones closer it is 0.750")


def test_a_handful_in_the_wrong_order_is_named_only_if_it_is_no_accident() -> None:
    assert not swapped(ScoredPairs(np.array([2.0, 1.0]), np.array([True, False])))
    assert swapped(ScoredPairs(np.arange(40.0), np.arange(40) >= 20))


def test_the_error_of_an_area_is_how_far_areas_of_exponential_scores_spread() -> None:
    """The formula is exact for these; a genuine score is the larger one twice out of three times."""
    generator = np.random.default_rng(0)
    genuine, impostor = generator.exponential(2.0, (40_000, 4, 1)), generator.exponential(1.0, (40_000, 1, 9))
    areas = (genuine > impostor).mean((1, 2))
    assert area_error(2 / 3, 4, 9) == pytest.approx(areas.std(), rel=0.01)


def test_the_error_of_an_area_is_never_less_than_that_of_one_half() -> None:
    assert area_error(0.0, 4, 9) == area_error(0.5, 1, 1) / 6 == 0.5 / 6


@pytest.mark.parametrize("count", [20, 200])
def test_noise_is_hardly_ever_named(count: int) -> None:
    """Three standard errors on one side: 1.3 in a thousand sets."""
    assert sum(swapped(drawn(seed, 0.0, count)) for seed in range(300)) <= 4


def test_ties_are_not_named() -> None:
    assert not swapped(ScoredPairs(np.zeros(100), np.arange(100) < 50))

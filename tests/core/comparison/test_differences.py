"""Strategies beside each other: paired over seeds and identities, corrected for how many are compared."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from core.comparison.differences import OTHER, compared, difference_of, level_of, verdict_of
from core.comparison.reached import NUMBERS, Reached
from core.evidence.seeded_differences import BETTER, OPEN, WORSE, SeededDifference, seeded_difference

IDENTITIES, DRAWS = 40, 100


def training(level: float, seed: int, identities: np.ndarray | None = None) -> Reached:
    """One that reaches about this in everything; what is easy for one strategy is so for every other."""
    names = np.arange(IDENTITIES) if identities is None else identities
    of_identities = np.random.default_rng(99).normal(size=IDENTITIES)[names]
    noise = np.random.default_rng([seed, int(1000 * level)]).normal(size=IDENTITIES)[names]
    parts = (0.1 * of_identities + 0.01 * noise) / len(names)
    drawn = level + 0.02 * np.random.default_rng(7).normal(size=DRAWS) + 0.001 * noise[: len(names)].mean()
    return Reached(
        names,
        np.ones(len(names), np.int64),
        dict.fromkeys(NUMBERS, level + 0.001 * float(noise[0])),
        {key: parts - parts.mean() for key in ("map_at_r", "auc")},
        {"eer": drawn},
    )


def strategy(level: float, seeds: range = range(5)) -> dict[int, Reached]:
    return {seed: training(level, seed) for seed in seeds}


@pytest.mark.parametrize("key", NUMBERS)
def test_a_strategy_beside_itself_differs_by_exactly_nothing(key: str) -> None:
    (one,) = compared({"a": strategy(0.5), "again": strategy(0.5)}, key)
    assert (one.difference.value, one.difference.low, one.difference.high) == (0, 0, 0) and one.verdict == OPEN


def test_every_two_are_compared_and_each_interval_knows_how_many_they_are() -> None:
    strategies = {"a": strategy(0.5), "b": strategy(0.6), "c": strategy(0.601)}
    found = compared(strategies, "map_at_r")
    assert [(one.first, one.second) for one in found] == [("a", "b"), ("a", "c"), ("b", "c")]
    assert all(one.difference.confidence == pytest.approx(1 - 0.05 / 3) for one in found)
    assert [one.verdict for one in found] == [WORSE, WORSE, OPEN]
    assert compared({"a": strategy(0.5)}, "map_at_r") == []


@pytest.mark.parametrize(
    ("key", "verdict"), [("map_at_r", WORSE), ("eer", BETTER), ("frr_at_far", BETTER), ("effective_rank", OTHER)]
)
def test_less_is_better_where_the_number_is_an_error(key: str, verdict: str) -> None:
    (one,) = compared({"low": strategy(0.4), "high": strategy(0.6)}, key)
    assert one.difference.value == pytest.approx(-0.2, abs=0.01) and one.verdict == verdict


def test_a_verdict_turned_round_is_the_opposite() -> None:
    clear = SeededDifference(0.1, 0.05, 0.15, 0.95, 5, 40)
    assert (verdict_of(clear, "eer"), verdict_of(clear, "auc"), verdict_of(clear, "density")) == (WORSE, BETTER, OTHER)
    open_one = replace(clear, low=-0.05)
    assert {verdict_of(open_one, key) for key in ("eer", "auc", "density")} == {OPEN}


def test_only_seeds_that_both_have_are_compared() -> None:
    difference = difference_of(strategy(0.5, range(0, 5)), strategy(0.6, range(3, 8)), "map_at_r")
    assert difference.seeds == 2
    with pytest.raises(ValueError, match="two strategies must have a seed in common"):
        difference_of(strategy(0.5, range(2)), strategy(0.6, range(3, 8)), "map_at_r")


def test_with_parts_it_is_the_difference_over_seeds_and_identities() -> None:
    first, second = strategy(0.5), strategy(0.6)
    values = np.array([first[seed].values["auc"] - second[seed].values["auc"] for seed in range(5)])
    parts = np.array([first[seed].parts["auc"] - second[seed].parts["auc"] for seed in range(5)])
    assert difference_of(first, second, "auc") == seeded_difference(values, parts)


def test_folds_have_identities_of_their_own() -> None:
    """Each seed holds out other people: what is measured on nobody counts as nothing, and says over how many it is."""
    halves = np.arange(20), np.arange(20, 40)
    first, second = ({seed: training(level, seed, half) for seed, half in enumerate(halves)} for level in (0.5, 0.6))
    difference = difference_of(first, second, "map_at_r")
    assert (difference.seeds, difference.identities) == (2, 40)
    assert difference_of(first, second, "eer").identities == 0, "draws are of the same people, or of nobody"


def test_draws_of_other_numbers_of_samples_are_other_draws() -> None:
    first, second = strategy(0.5), strategy(0.6)
    assert difference_of(first, second, "eer").identities == IDENTITIES
    sizes = np.ones(IDENTITIES, np.int64)
    sizes[3] = 2
    assert difference_of(first, second | {0: replace(second[0], sizes=sizes)}, "eer").identities == 0


def test_of_a_number_without_parts_the_interval_is_over_seeds() -> None:
    difference = difference_of(strategy(0.5), strategy(0.6), "effective_rank")
    values = [training(0.5, seed).values["auc"] - training(0.6, seed).values["auc"] for seed in range(5)]
    half = 2.7764451 * np.std(values, ddof=1) / np.sqrt(5)  # Student's t, four degrees of freedom
    assert (difference.low, difference.high) == pytest.approx((np.mean(values) - half, np.mean(values) + half))
    alone = difference_of(strategy(0.5, range(1)), strategy(0.6, range(1)), "effective_rank")
    assert (alone.low, alone.high, alone.verdict) == (-np.inf, np.inf, OPEN)


def test_no_end_lies_where_the_number_cannot_be() -> None:
    wild = {
        seed: replace(training(0.02, seed), parts={}, values=dict.fromkeys(NUMBERS, 0.02 + 0.2 * (seed % 2)))
        for seed in range(4)
    }
    level, error = level_of(wild, "eer"), level_of(wild, "effective_rank")
    assert level.low == 0.0 < level.high and error.low == 0.0
    sure = {seed: replace(one, values=dict.fromkeys(NUMBERS, 0.9 + 0.1 * (seed % 2))) for seed, one in wild.items()}
    assert level_of(sure, "auc").high == 1.0 and level_of(sure, "effective_rank").high > 1.0
    apart = difference_of({0: sure[0], 1: sure[1]}, {0: wild[1], 1: wild[0]}, "auc")
    assert apart.high == 1.0 and difference_of({0: sure[0]}, {0: wild[0]}, "auc").high == np.inf


def test_what_a_strategy_reaches_has_an_interval_too() -> None:
    level = level_of(strategy(0.5), "map_at_r")
    assert level.value == pytest.approx(0.5, abs=0.01) and level.low < 0.5 < level.high and level.identities == 40
    beside = difference_of(strategy(0.5), strategy(0.6), "map_at_r")
    assert level.high - level.low > 2 * (beside.high - beside.low), "what people have in common falls out of pairs"


def test_from_one_seed_there_is_no_verdict() -> None:
    clear = SeededDifference(0.3, 0.2, 0.4, 0.95, 1, 40)
    assert verdict_of(clear, "map_at_r") == OPEN and verdict_of(replace(clear, seeds=2), "map_at_r") == BETTER

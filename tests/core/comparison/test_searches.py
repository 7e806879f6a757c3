"""The trials of one strategy: at random all at once, by optuna in rounds that hear of those before them."""

from __future__ import annotations

import math

import pytest

from core.comparison.searches import DRAWN_FIRST, OPTUNA, RANDOM, SEARCHES, OptunaSearch, RandomSearch, Range, Values
from tests.core.optuna_stand_in import FAIL, Study, put_in

RANGES = {"learning_rate": Range(0.001, 0.00025, 0.004, 1e-6, 1.0), "margin": Range(1.6, 0.8, 3.2, 0.0, 2.0)}


@pytest.fixture
def studies(monkeypatch: pytest.MonkeyPatch) -> list[Study]:
    return put_in(monkeypatch)


def rounds(search: RandomSearch | OptunaSearch, reached: list[float]) -> list[list[Values]]:
    """What it asks for where its trials reach this, one after another."""
    found, rest = [], iter(reached)
    while asked := search.asked():
        found.append(asked)
        search.told([next(rest) for _ in asked])
    assert next(rest, None) is None and search.asked() == [], "as many trials as there are, and then none"
    return found


def test_a_value_that_is_drawn_is_short_and_within_what_it_may_be() -> None:
    margin = RANGES["margin"]
    assert [margin.within(value) for value in (1.23456, 3.1, -1.0)] == [1.23, 2.0, 0.0]


@pytest.mark.parametrize("tuner", SEARCHES)
@pytest.mark.parametrize("count", [2, 3, 6])
def test_every_search_begins_with_the_strategy_as_it_is_and_stays_in_its_ranges(
    tuner: str, count: int, studies: list[Study]
) -> None:
    tried = [values for of in rounds(SEARCHES[tuner](RANGES, count), [0.5] * count) for values in of]
    assert len(tried) == count and tried[0] == {}
    for values in tried[1:]:
        assert set(values) == set(RANGES)
        for name, of in RANGES.items():
            assert max(of.low, of.least) <= values[name] <= min(of.high, of.most)


def test_random_trials_are_one_round_of_the_same_whatever_they_reach() -> None:
    (tried,), (again,) = (rounds(RandomSearch(RANGES, 40), [worth] * 40) for worth in (0.0, 1.0))
    assert tried == again
    rates, margins = ([values[name] for values in tried[1:]] for name in RANGES)
    assert len(set(rates)) > 30 and margins.count(2.0) > 5, "drawn past the most that there may be, and brought back"
    # Evenly on a scale of ratios: half of 39 on either side of the own, give or take three standard deviations.
    assert abs(sum(rate < 0.001 for rate in rates) - 19.5) < 3 * math.sqrt(39 / 4)


def test_trials_of_optuna_wait_for_those_before_them(studies: list[Study]) -> None:
    reached = [0.1, 0.9, 0.3, 0.2, 0.2, 0.2]
    found = rounds(OptunaSearch(RANGES, 6), reached)
    assert list(map(len, found)) == [DRAWN_FIRST, 1, 1, 1]
    (study,) = studies
    assert [trial.value for trial in study.trials] == reached
    assert study.sampler.n_startup_trials == DRAWN_FIRST and study.sampler.seed == 0
    best = study.trials[1].params
    assert found[1][0] == {name: RANGES[name].within(value * 1.03) for name, value in best.items()}
    assert found[1] != rounds(OptunaSearch(RANGES, 6), [0.1, 0.3, 0.9, 0.2, 0.2, 0.2])[1]
    assert found == rounds(OptunaSearch(RANGES, 6), reached), "told the same, it asks for the same"
    assert rounds(OptunaSearch(RANGES, 4), reached[:4]) == found[:2], "more trials go on from fewer"


def test_it_learns_nothing_from_a_trial_that_failed(studies: list[Study]) -> None:
    rounds(OptunaSearch(RANGES, 5), [0.1, -math.inf, math.nan, 0.3, 0.2])
    assert [trial.state == FAIL for trial in studies[0].trials] == [False, True, True, False, False]


def test_a_strategy_beyond_its_ranges_is_known_by_the_nearest_in_them(studies: list[Study]) -> None:
    without = RANGES | {"margin": Range(0.0, 0.05, 0.2, 0.0, 2.0)}
    OptunaSearch(without, 2)
    assert studies[0].first == {"learning_rate": 0.001, "margin": 0.05}


def test_each_tuner_has_a_name() -> None:
    assert SEARCHES == {RANDOM: RandomSearch, OPTUNA: OptunaSearch}

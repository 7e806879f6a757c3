"""What two strategies have changed, against loops over samples and ways to deal, and where chance is known."""

from __future__ import annotations

from itertools import product

import numpy as np
import pytest

from core.comparison.anchor_changes import (
    BOTH,
    FIRST_ALONE,
    MOST_LISTED,
    NEITHER,
    SECOND_ALONE,
    UNKNOWN,
    Anchors,
    changed,
)

COUNT = 40


def trainings(seeds: int, number: int, gain: float = 0.0, count: int = COUNT) -> dict[int, Anchors]:
    """Of one strategy: shares in eighths, so that some do not change, and one sample that has no triplets."""
    found = {}
    for seed in range(seeds):
        generator = np.random.default_rng([seed, number])
        before = np.random.default_rng(7).integers(0, 8, count) / 8
        after = before + generator.integers(-2, 3, count) / 8 + gain
        before[3], after[3] = np.nan, np.nan
        found[seed] = Anchors(np.arange(count) * 2, before, after)
    return found


def kind_by_hand(first: list[float], second: list[float]) -> int:
    improved = [sum(changes) > 1e-9 for changes in (first, second)]
    return {(True, True): BOTH, (True, False): FIRST_ALONE, (False, True): SECOND_ALONE, (False, False): NEITHER}[
        improved[0], improved[1]
    ]


def kinds_by_hand(first: list[Anchors], second: list[Anchors]) -> list[int]:
    each = [
        [[float(of.after[n] - of.before[n]) for of in trained] for trained in (first, second)] for n in range(COUNT)
    ]
    return [UNKNOWN if n == 3 else kind_by_hand(*changes) for n, changes in enumerate(each)]


@pytest.mark.parametrize("seeds", [1, 2, 3])
def test_kinds_are_those_of_the_mean_changes(seeds: int) -> None:
    first, second = trainings(seeds, 1, 0.1), trainings(seeds, 2)
    found = changed(first, second)
    expected = kinds_by_hand(list(first.values()), list(second.values()))
    assert found.kinds.tolist() == expected and set(expected) == {BOTH, FIRST_ALONE, SECOND_ALONE, NEITHER, UNKNOWN}
    assert list(found.counts) == [expected.count(kind) for kind in range(4)] and sum(found.counts) == COUNT - 1
    assert found.seeds == tuple(range(seeds))
    for shares, trained in zip(found.mean_shares, (first, second), strict=True):
        after = np.mean([one.after for one in trained.values()], axis=0)
        np.testing.assert_allclose(shares, (np.nanmean(trained[0].before), np.nanmean(after)))
    assert found.begin_alike


def test_two_that_begin_differently_have_each_its_own_before_and_after() -> None:
    first, second = (
        {0: Anchors(np.arange(2), *np.array(of))} for of in ([[0.6] * 2, [0.9] * 2], [[0.8] * 2, [0.85] * 2])
    )
    found = changed(first, second)
    np.testing.assert_allclose(found.mean_shares, [[0.6, 0.9], [0.8, 0.85]])
    np.testing.assert_allclose(found.after, [[0.9] * 2, [0.85] * 2])
    assert not found.begin_alike


@pytest.mark.parametrize("seeds", [2, 3, 4])
def test_chance_is_the_mean_over_all_other_ways_to_deal_the_seeds(seeds: int) -> None:
    first, second = trainings(seeds, 1, 0.2), trainings(seeds, 2)
    counts = []
    for ways in product((False, True), repeat=seeds):
        if len(set(ways)) == 1:
            continue  # the true one, and that one turned round
        one, other = (
            [(second if turned == swap else first)[seed] for seed, turned in enumerate(ways)] for swap in (1, 0)
        )
        counts.append(kinds_by_hand(one, other).count(FIRST_ALONE))
    assert changed(first, second).by_chance == pytest.approx(np.mean(counts)) and len(set(counts)) > 1


def test_identical_strategies_change_exactly_the_same() -> None:
    found = changed(trainings(3, 1), trainings(3, 1))
    assert np.array_equal(found.first, found.second, equal_nan=True)
    assert found.counts[FIRST_ALONE] == found.counts[SECOND_ALONE] == found.by_chance == 0 and found.counts[BOTH]


def test_where_nothing_tells_the_two_apart_as_many_as_by_chance_are_of_each_alone() -> None:
    counts, chances = [], []
    for number in range(40):
        found = changed(trainings(3, 2 * number, count=400), trainings(3, 2 * number + 1, count=400))
        counts += found.counts[FIRST_ALONE : SECOND_ALONE + 1]
        chances.append(found.by_chance)
    assert np.mean(counts) == pytest.approx(np.mean(chances), rel=0.05)
    planted = changed(trainings(3, 1, 0.3, 400), trainings(3, 2, -0.3, 400))
    assert planted.counts[FIRST_ALONE] > 1.5 * planted.by_chance > 0 == planted.counts[SECOND_ALONE]


def test_of_many_seeds_ways_are_drawn_and_always_the_same() -> None:
    first, second = trainings(MOST_LISTED + 2, 1), trainings(MOST_LISTED + 2, 2)
    found = changed(first, second).by_chance
    assert found == changed(first, second).by_chance and found is not None and 0 < found < COUNT


def test_from_one_seed_nothing_is_known_of_chance() -> None:
    assert changed(trainings(1, 1), trainings(1, 2)).by_chance is None


def test_only_seeds_that_hold_out_the_same_samples_count() -> None:
    first, second = trainings(3, 1), trainings(3, 2)
    second[1] = second[1]._replace(rows=second[1].rows + 1)
    assert changed(first, second).seeds == (0, 2)
    with pytest.raises(ValueError, match="must have a seed in common and hold out the same samples, got none"):
        changed({1: first[1]}, second)

"""Differences over seeds and identities: closed forms, the coverage of the intervals, and what has no width."""

from __future__ import annotations

from itertools import combinations

import numpy as np
import pytest
from scipy import stats

from core.evidence.paired_retrieval import clustered_interval
from core.evidence.seeded_differences import (
    BETTER,
    OPEN,
    WORSE,
    SeededDifference,
    _of_parts,
    confidence_among,
    difference_over_seeds,
    parts_of_mean,
    replicated_difference,
    seeded_difference,
)

SETS = 500


def crossed(rng: np.random.Generator, seeds: int, identities: int, spreads: tuple[float, float, float]) -> np.ndarray:
    """Differences of queries (S, C), one for each identity: of the seed, of the identity, and of both."""
    of_seed, of_identity, of_both = spreads
    return (
        of_seed * rng.normal(size=(seeds, 1))
        + of_identity * rng.normal(size=identities)
        + of_both * rng.normal(size=(seeds, identities))
    )


def difference_of(table: np.ndarray, confidence: float = 0.95) -> SeededDifference:
    """Of a table (S, C) with one query for each identity."""
    parts = [parts_of_mean(row, np.arange(len(row)), len(row)) for row in table]
    return seeded_difference(table.mean(axis=1), np.array(parts), confidence)


@pytest.mark.parametrize("seeds", [3, 5, 10])
@pytest.mark.parametrize("identities", [8, 40])
@pytest.mark.parametrize("spreads", [(1, 1, 1), (0, 1, 1), (1, 0, 1), (0, 0, 1), (1, 3, 0), (3, 1, 0.2)])
def test_the_interval_holds_the_truth_as_often_as_it_says(
    seeds: int, identities: int, spreads: tuple[float, float, float]
) -> None:
    rng = np.random.default_rng(seeds * identities)
    found = [difference_of(crossed(rng, seeds, identities, spreads)) for _ in range(SETS)]
    held = np.mean([one.low <= 0 <= one.high for one in found])
    assert held >= 0.93, held


@pytest.mark.parametrize(("spreads", "misled"), [((0.3, 1.5, 1.0), 0), ((1.0, 0.3, 1.0), 1)])
def test_seeds_or_identities_alone_hold_it_less_often(spreads: tuple[float, float, float], misled: int) -> None:
    """What a mean with a t-interval over seeds, or a clustered one over identities, makes of two random factors."""
    rng, held = np.random.default_rng(1), np.zeros(3)
    for _ in range(SETS):
        table = crossed(rng, 5, 12, spreads)
        over_seeds = stats.t.interval(0.95, 4, table.mean(), stats.sem(table.mean(axis=1)))
        over_identities = clustered_interval(table.reshape(-1), np.tile(np.arange(12), 5))
        both = difference_of(table)
        held += [low <= 0 <= high for low, high in (over_seeds, over_identities, (both.low, both.high))]
    assert held[misled] / SETS < 0.8 and held[2] / SETS >= 0.93


def test_unequal_identities_and_heavy_tails() -> None:
    rng, held = np.random.default_rng(2), 0
    sizes = np.repeat(np.arange(30), rng.integers(1, 9, 30))
    for _ in range(SETS):
        table = rng.standard_t(3, (5, 1)) * 0.2 + rng.standard_t(3, 30)[sizes] + rng.standard_t(3, (5, len(sizes)))
        parts = [parts_of_mean(row, sizes, 30) for row in table]
        found = seeded_difference(table.mean(axis=1), np.array(parts))
        held += found.low <= 0 <= found.high
    assert held / SETS >= 0.93


def test_folds_with_identities_of_their_own_leave_the_spread_between_seeds() -> None:
    """What an identity adds is then in the spread between seeds already, and the other two parts cancel."""
    rng, held = np.random.default_rng(3), 0
    for _ in range(SETS):
        table = rng.normal(size=(5, 10))
        parts, present = np.zeros((5, 50)), np.zeros((5, 50), np.bool_)
        for seed, row in enumerate(table):
            own = slice(10 * seed, 10 * seed + 10)
            parts[seed, own], present[seed, own] = parts_of_mean(row, np.arange(10), 10), True
        found = seeded_difference(table.mean(axis=1), parts, present=present)
        held += found.low <= 0 <= found.high
        of_identities, of_both = _of_parts(parts, 10.0)
        assert of_identities.variance == pytest.approx(of_both.variance) and found.identities == 50
    assert held / SETS >= 0.93


def test_one_seed_is_a_mean_over_clusters() -> None:
    rng = np.random.default_rng(4)
    scores, whom = rng.normal(size=40), np.repeat(np.arange(8), 5)
    found = seeded_difference(np.array([scores.mean()]), parts_of_mean(scores, whom, 8)[None])
    assert (found.low, found.high) == pytest.approx(clustered_interval(scores, whom))
    assert (found.seeds, found.identities) == (1, 8)


def test_the_sum_of_the_three_variances_by_its_definition() -> None:
    """A balanced table: the variance of the mean from expected mean squares, worked out apart."""
    table = crossed(np.random.default_rng(5), 4, 6, (1.0, 1.0, 1.0))
    seeds, identities = table.shape
    rows, columns = table.mean(axis=1), table.mean(axis=0)
    left = table - rows[:, None] - columns + table.mean()
    square = (left**2).sum() / ((seeds - 1) * (identities - 1))
    of_seeds = identities * ((rows - rows.mean()) ** 2).sum() / (seeds - 1)
    of_identities = seeds * ((columns - columns.mean()) ** 2).sum() / (identities - 1)
    variance = (of_seeds + of_identities - square) / (seeds * identities)
    squares = of_seeds**2 / (seeds - 1) + of_identities**2 / (identities - 1)
    squares += square**2 / ((seeds - 1) * (identities - 1))
    freedom = (variance * seeds * identities) ** 2 / squares
    found = difference_of(table)
    assert found.high - found.value == pytest.approx(stats.t.ppf(0.975, freedom) * np.sqrt(variance))


def test_equal_strategies_differ_by_exactly_nothing() -> None:
    found = seeded_difference(np.zeros(5), np.zeros((5, 20)))
    assert (found.value, found.low, found.high, found.verdict) == (0.0, 0.0, 0.0, OPEN)
    assert (found.seeds, found.identities) == (5, 20)


def test_a_verdict_needs_an_interval_on_one_side() -> None:
    table = crossed(np.random.default_rng(6), 5, 20, (0.1, 0.1, 0.1))
    assert difference_of(table + 1).verdict == BETTER and difference_of(table - 1).verdict == WORSE
    assert difference_of(table - table.mean()).verdict == OPEN


def test_identities_without_a_difference_count_as_well() -> None:
    """One gained what another lost: the same as their deviations among twenty, not as of two."""
    scores = np.zeros(20)
    scores[3], scores[7] = 1.0, -1.0
    found = difference_of(np.stack([scores]))
    assert found.identities == 20
    assert (found.low, found.high) == pytest.approx(clustered_interval(scores, np.arange(20)))


def test_of_one_identity_nothing_is_known() -> None:
    found = seeded_difference(np.array([1.0, 2.0]), np.zeros((2, 1)))
    assert (found.value, found.low, found.high, found.verdict) == (1.5, -np.inf, np.inf, OPEN)


def test_all_intervals_together_hold_as_often_as_one() -> None:
    """Four strategies that do not differ, six pairs: how often any pair seems to."""
    rng, seen = np.random.default_rng(7), np.zeros(2)
    for _ in range(400):
        tables = [crossed(rng, 5, 20, (0.5, 0.5, 1.0)) for _ in range(4)]
        for place, confidence in enumerate((0.95, confidence_among(6))):
            seen[place] += any(
                difference_of(one - other, confidence).verdict != OPEN for one, other in combinations(tables, 2)
            )
    assert seen[0] / 400 > 0.1 and seen[1] / 400 <= 0.06


def test_one_comparison_needs_no_correction() -> None:
    assert confidence_among(1) == pytest.approx(0.95) and confidence_among(6, 0.94) == pytest.approx(0.99)
    with pytest.raises(ValueError, match="at least one comparison, got 0"):
        confidence_among(0)


@pytest.mark.parametrize("seeds", [1, 4])
def test_draws_of_identities_tell_the_same_as_their_parts(seeds: int) -> None:
    rng = np.random.default_rng(8)
    table = crossed(rng, seeds, 30, (1.0, 1.0, 1.0))
    weights = rng.multinomial(30, np.full(30, 1 / 30), size=4000)
    drawn = replicated_difference(table.mean(axis=1), table @ weights.T / 30, 30)
    parted = difference_of(table)
    assert (drawn.value, drawn.seeds, drawn.identities) == (parted.value, seeds, 30)
    assert drawn.high - drawn.low == pytest.approx(parted.high - parted.low, rel=0.05)


def test_a_median_has_no_parts_and_draws_hold_it() -> None:
    rng, held = np.random.default_rng(9), 0
    for _ in range(200):
        table = crossed(rng, 5, 41, (0.5, 1.0, 1.0))
        draws = rng.integers(0, 41, (200, 41))
        found = replicated_difference(np.median(table, axis=1), np.median(table[:, draws], axis=2), 41)
        held += found.low <= 0 <= found.high
    assert held / 200 >= 0.93


def test_equal_strategies_differ_by_nothing_in_any_draw() -> None:
    found = replicated_difference(np.zeros(3), np.zeros((3, 50)), 20)
    assert (found.low, found.high) == (0.0, 0.0)
    with pytest.raises(ValueError, match="at least two draws, got 1"):
        replicated_difference(np.zeros(3), np.zeros((3, 1)), 20)


@pytest.mark.parametrize("shape", [(0, 3), (3, 3), (2,)])
def test_every_seed_has_a_row(shape: tuple[int, ...]) -> None:
    with pytest.raises(ValueError, match="one row for each seed"):
        seeded_difference(np.zeros(2 if shape != (0, 3) else 0), np.zeros(shape))


@pytest.mark.parametrize("broken", [np.nan, np.inf])
def test_what_was_not_measured_is_refused(broken: float) -> None:
    with pytest.raises(ValueError, match="must be finite"):
        seeded_difference(np.array([0.0, broken]), np.zeros((2, 3)))


def test_over_seeds_alone_it_is_the_t_interval(rng: np.random.Generator) -> None:
    values = rng.normal(size=7)
    found = difference_over_seeds(values)
    assert (found.low, found.high) == pytest.approx(stats.t.interval(0.95, 6, values.mean(), stats.sem(values)))
    assert (found.seeds, found.identities) == (7, 0)
    assert difference_over_seeds(np.zeros(3)) == SeededDifference(0.0, 0.0, 0.0, 0.95, 3, 0)
    assert difference_over_seeds(np.array([0.5])).verdict == OPEN
    with pytest.raises(ValueError, match="values and parts must be finite"):
        difference_over_seeds(np.array([0.5, np.nan]))

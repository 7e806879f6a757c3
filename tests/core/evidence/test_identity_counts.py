"""Sums per identity against all pairs, and intervals that cover."""

from collections.abc import Sequence
from itertools import combinations

import numpy as np
import pytest
from numpy.testing import assert_allclose, assert_array_equal

from core.distances import DISTANCES, EUCLIDEAN
from core.distances.base import Distance
from core.evidence import identity_counts
from core.evidence.identity_counts import IdentityCounter, rounds
from core.statistics.pair_distances import default_edges, histogram, pair_distances
from core.statistics.pair_histogram import Products
from core.statistics.roc import curve_from_histogram
from tests.core.identity_pairs import identity_pairs
from tests.core.populations import covered, population_rates

SIZES = (1, 2, 5, 3, 1, 7, 4)


def points_of(sizes: Sequence[int] | np.ndarray, seed: int = 0, dimension: int = 3) -> tuple[np.ndarray, np.ndarray]:
    """Points on a grid, so that distances tie; every identity with a width of its own."""
    generator = np.random.default_rng(seed)
    labels = np.repeat(np.arange(len(sizes)), sizes)
    centres = generator.normal(size=(len(sizes), dimension)) * 1.5
    widths = generator.uniform(0.3, 1.5, size=(len(sizes), 1))
    points = centres[labels] + widths[labels] * generator.normal(size=(len(labels), dimension))
    shuffled = generator.permutation(len(labels))
    return np.round(points[shuffled] * 4) / 4, labels[shuffled]


def test_sums_of_blocks_are_those_of_all_pairs() -> None:
    points, labels = points_of(SIZES)
    edges = np.linspace(0, 12, 25)
    found = identity_pairs(points, labels, edges)
    apart = np.sqrt(np.square(points[:, None] - points[None]).sum(2))
    assert_array_equal(found.places, np.arange(len(SIZES)))
    for place in (1, 3, 5, 8, 12):
        shares, squares = np.zeros(len(SIZES)), 0.0
        for a, b in combinations(range(len(SIZES)), 2):
            share = (apart[np.ix_(labels == a, labels == b)] <= edges[place + 1]).mean()
            shares[[a, b]] += share
            squares += share**2
        assert_allclose(found.shares[place], shares, rtol=1e-5)
        assert_allclose(found.share_squares[place], squares)
        assert_allclose(found.identity_curve.false_accept_rate[place], shares.sum() / 2 / 21, rtol=1e-6)
        own = [
            (apart[np.ix_(labels == a, labels == a)][np.triu_indices(size, 1)] > edges[place + 1]).mean()
            for a, size in enumerate(SIZES)
            if size > 1
        ]
        assert_allclose(found.identity_curve.false_reject_rate[place], np.mean(own), atol=1e-12)
    assert 0 < squares < 21


@pytest.mark.parametrize("distance", [kind() for kind in DISTANCES.values()], ids=lambda distance: distance.name)
def test_pairs_per_identity_add_up_to_the_histogram(distance: Distance) -> None:
    points, labels = points_of(SIZES, seed=1)
    pairs = pair_distances(distance.prepared(points), labels, distance=distance)
    edges = default_edges(pairs, 64)
    expected = curve_from_histogram(edges, *histogram(pairs, edges))
    found = identity_pairs(distance.prepared(points), labels, edges, distance)
    assert_array_equal(found.curve.false_accepts, expected.false_accepts)
    assert_array_equal(found.curve.true_accepts, expected.true_accepts)
    sizes = np.bincount(labels)
    assert_array_equal(found.negative[-1], sizes * (sizes.sum() - sizes))
    assert_array_equal(found.positive[-1], sizes * (sizes - 1) // 2)


def test_distances_equal_to_an_edge_are_accepted_there() -> None:
    points, labels = np.array([[0.0], [1.0], [2.0], [4.0]]), np.array([0, 0, 1, 1])
    found = identity_pairs(points, labels, np.array([0.0, 1.0, 2.0, 3.0, 4.0]))
    assert_array_equal(found.curve.true_accepts, [1, 2, 2, 2])
    assert_array_equal(found.curve.false_accepts, [1, 2, 3, 4])


def test_pairs_that_all_agree_are_worth_their_number_of_identities_at_most() -> None:
    """Half of the identities are noise that is close to nothing, the others one heap: errors come in whole blocks."""
    labels = np.repeat(np.arange(40), 10)
    points = np.where(labels < 20, 0.0, 10.0 + labels)[:, None] + np.zeros((400, 2))
    found = identity_pairs(points, labels, np.array([-1.0, 0.5, 100.0]))
    assert found.curve.false_accepts[0] == 190 * 100
    assert found.evidence().effective_negatives[0] < 40
    assert found.curve.negative_count == 78_000


IDENTITIES, SETS = 60, 600
THRESHOLDS = np.array([0.7, 1.0, 1.6])


@pytest.fixture(scope="module")
def rates() -> np.ndarray:
    return population_rates(THRESHOLDS, draws=2)


@pytest.fixture(scope="module")
def shares(rates: np.ndarray) -> np.ndarray:
    """Of SETS sets, those whose interval covers FAR and FRR (2, 3): ours, and that of independent pairs."""
    return covered(THRESHOLDS, rates, IDENTITIES, 0, SETS) / SETS


def test_intervals_cover_what_they_say(shares: np.ndarray) -> None:
    ours, _ = shares
    assert ours.min() >= 0.93, ours


def test_intervals_of_independent_pairs_are_too_narrow(shares: np.ndarray) -> None:
    _, naive = shares
    assert naive.max() < 0.9 and naive.min() < 0.6, naive


def test_the_rates_of_the_simulation_are_neither_rare_nor_sure(rates: np.ndarray) -> None:
    far, frr = rates
    assert 0.002 < far.min() and far.max() < 0.5 and 0.1 < frr.min() and frr.max() < 0.7, (far, frr)


def test_default_distance_is_euclidean() -> None:
    points, labels = points_of(SIZES, seed=2)
    edges = np.linspace(0, 20, 9)
    assert_array_equal(
        identity_pairs(points, labels, edges).negative, identity_pairs(points, labels, edges, EUCLIDEAN).negative
    )


@pytest.mark.parametrize("count", [1, 2, 5, 8])
def test_in_a_tournament_everybody_meets_everybody_once_and_one_at_a_time(count: int) -> None:
    held = list(rounds(count))
    assert sorted(pair for meetings in held for pair in meetings) == [
        (one, other) for one in range(count) for other in range(one, count)
    ]
    for meetings in held[1:]:
        players = [player for pair in meetings for player in pair]
        assert len(set(players)) == len(players)


@pytest.mark.parametrize("sizes", [np.full(150, 4), np.random.default_rng(0).integers(1, 30, 120)], ids=["one", "many"])
def test_identities_that_meet_once_have_the_sums_of_both_sides(
    sizes: np.ndarray, monkeypatch: pytest.MonkeyPatch
) -> None:
    points, labels = points_of(sizes)
    for name, value in (("MANY", 100), ("ROWS_MET", 50), ("COLUMNS_MET", 90), ("ROWS_AT_ONCE", 50)):
        monkeypatch.setattr(identity_counts, name, value)
    halves, folds = np.arange(len(sizes)) % 2, np.arange(len(sizes)) % 5
    counter = IdentityCounter(points, labels, np.linspace(-1, 12, 25), (halves,), (folds,))
    assert counter.meets_once
    told: list[int] = []
    found, expected = counter.once(2, done=told.append), counter.of()
    for name in ("positive", "negative", "totals"):
        assert_array_equal(getattr(found, name), getattr(expected, name))
    assert_allclose(found.shares, expected.shares, rtol=1e-5)
    assert_allclose(found.share_squares, expected.share_squares, rtol=1e-12)
    assert sum(told) == len(labels) and len(told) > 5
    again = counter.once(1)
    for name, array in found.arrays().items():
        assert_array_equal(again.arrays()[name], array)


def test_identities_too_few_or_too_large_do_not_meet_once(monkeypatch: pytest.MonkeyPatch) -> None:
    points, labels = points_of((3, 300, 4))
    edges = np.linspace(-1, 12, 25)
    assert not IdentityCounter(points, labels, edges).meets_once
    monkeypatch.setattr(identity_counts, "MANY", 2)
    assert not IdentityCounter(points, labels, edges).meets_once
    monkeypatch.setattr(identity_counts, "MANY", 1)
    assert IdentityCounter(points[labels != 1], labels[labels != 1], edges).meets_once


def widths(sizes: np.ndarray, most: int) -> list[int]:
    """Of stripes of whole identities, each of as many as there is room for, and of one at least."""
    found = [0]
    for size in sizes.tolist():
        if found[-1] and found[-1] + size > most:
            found.append(0)
        found[-1] += size
    return found


def test_stripes_fill_what_is_held_at_once_for_all_rows(monkeypatch: pytest.MonkeyPatch) -> None:
    """Rows of many identities at once, and those of a large one in pieces."""
    monkeypatch.setattr(identity_counts, "BINS_AT_ONCE", 256 * 120)
    sizes = np.append(np.full(200, 3), 600)
    counter, asked = IdentityCounter(*points_of(sizes), np.linspace(-1, 20, 25)), dict[int, list[int]]()
    find = counter.bins.find

    def noted(rows: tuple[int, int], columns: tuple[int, int], beside: Products | None) -> np.ndarray:
        asked.setdefault(rows[0], []).append(columns[1] - columns[0])
        return find(rows, columns, beside)

    monkeypatch.setattr(counter.bins, "find", noted)
    counter.of()
    heights = {0: 255, 255: 255, 510: 90, 600: 256, 856: 256, 1112: 88}
    assert asked == {top: widths(sizes, 256 * 120 // height) for top, height in heights.items()}

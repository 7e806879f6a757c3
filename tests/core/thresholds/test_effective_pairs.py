"""Couples of pairs against loops over all of them, and the variance against outcomes counted out in full."""

from __future__ import annotations

from collections.abc import Callable
from itertools import combinations, product

import numpy as np
import pytest

from core.thresholds.effective_pairs import Couples, effective_pairs, genuine_couples, impostor_couples

Pair = tuple[int, int]
Ways = Callable[[Pair, Pair], list[bool]]
SIZES = np.array([3, 1, 2, 4])  # of the identities


def genuine_pairs(samples: int) -> list[Pair]:
    return list(combinations(range(samples), 2))


def impostor_pairs(identity: int, sizes: np.ndarray) -> list[Pair]:
    """Own sample, and the other one as ten times its identity plus its number within."""
    others = [10 * other + number for other, size in enumerate(sizes) if other != identity for number in range(size)]
    return [(own, other) for own in range(sizes[identity]) for other in others]


def genuine_ways(first: Pair, second: Pair) -> list[bool]:
    return [len({*first, *second}) == 3]


def impostor_ways(first: Pair, second: Pair) -> list[bool]:
    same_own, same_other = first[0] == second[0], first[1] // 10 == second[1] // 10
    return [same_own and same_other, same_own and not same_other, same_other and not same_own]


def couples_by_hand(pairs: list[Pair], wrong: np.ndarray, ways: Ways) -> tuple[np.ndarray, np.ndarray, float]:
    """Shares (W,), products (W,) and the share apart, one ordered couple of pairs at a time."""
    count, rate, apart = len(ways(pairs[0], pairs[0])), wrong.mean(), 0.0
    shares, products = np.zeros(count), np.zeros(count)
    for first, first_wrong in zip(pairs, wrong, strict=True):
        for second, second_wrong in zip(pairs, wrong, strict=True):
            if first == second:
                continue
            is_way = np.array(ways(first, second))
            shares += is_way
            products += is_way * (first_wrong - rate) * (second_wrong - rate)
            apart += not is_way.any()
    return shares / len(pairs) ** 2, products / len(pairs) ** 2, apart / len(pairs) ** 2


def genuine(samples: int, wrong: np.ndarray) -> Couples:
    """The couples of one identity."""
    of_sample = np.zeros(samples)
    for (first, second), is_wrong in zip(genuine_pairs(samples), wrong, strict=True):
        of_sample[[first, second]] += is_wrong
    return genuine_couples(np.array([samples]), np.array([wrong.sum()]), np.array([(of_sample**2).sum()]))


def impostor(wrong: list[np.ndarray], sizes: np.ndarray = SIZES) -> Couples:
    """The couples of all identities, from what is wrong among the pairs of each."""
    rows = []
    for identity, of_identity in enumerate(wrong):
        table = np.zeros((sizes[identity], len(sizes)))
        for (own, other), is_wrong in zip(impostor_pairs(identity, sizes), of_identity, strict=True):
            table[own, other // 10] += is_wrong
        squares = (table**2).sum(), (table.sum(axis=1) ** 2).sum(), (table.sum(axis=0) ** 2).sum()
        rows.append([table.sum(), (table * sizes).sum(), *squares])
    accepts, weighted, *squares = np.array(rows).T
    return impostor_couples(sizes, accepts, weighted, (squares[0], squares[1], squares[2]))


@pytest.mark.parametrize("samples", [2, 3, 4, 7])
def test_genuine_couples_are_those_of_the_loop(samples: int) -> None:
    wrong = np.random.default_rng(samples).random(len(genuine_pairs(samples))) < 0.4
    shares, products, apart = couples_by_hand(genuine_pairs(samples), wrong, genuine_ways)
    found = genuine(samples, wrong)
    np.testing.assert_allclose(found.shares[:, 0], shares, atol=1e-12)
    np.testing.assert_allclose(found.products[:, 0], products, atol=1e-12)
    assert found.apart[0] == pytest.approx(apart) and (apart > 0) == (samples > 3)
    assert samples == 2 or products.any()


def test_impostor_couples_are_those_of_the_loop() -> None:
    generator = np.random.default_rng(0)
    wrong = [generator.random(len(impostor_pairs(identity, SIZES))) < 0.4 for identity in range(4)]
    found = impostor(wrong)
    for identity in range(4):
        pairs = impostor_pairs(identity, SIZES)
        shares, products, apart = couples_by_hand(pairs, wrong[identity], impostor_ways)
        np.testing.assert_allclose(found.shares[:, identity], shares, atol=1e-12)
        np.testing.assert_allclose(found.products[:, identity], products, atol=1e-12)
        assert found.apart[identity] == pytest.approx(apart) and products.any()
    assert found.apart[1] == 0, "all pairs of a single sample share it"


def variance_of(couples: Couples, rate: float, pairs: int) -> float:
    return (rate * (1 - rate) / pairs + couples.products[:, 0].sum()) / couples.apart[0]


def test_the_variance_of_genuine_pairs_is_right_on_average() -> None:
    """A pair is wrong where one of its samples is bad: every outcome for five samples, with its probability."""
    outcomes = list(product([0, 1], repeat=5))
    chances = np.array([0.3 ** sum(bad) * 0.7 ** (5 - sum(bad)) for bad in outcomes])
    wrong = [np.array([bad[first] or bad[second] for first, second in genuine_pairs(5)]) for bad in outcomes]
    rates = np.array([of_outcome.mean() for of_outcome in wrong])
    true = chances @ rates**2 - (chances @ rates) ** 2
    found = [variance_of(genuine(5, of), rate, 10) for of, rate in zip(wrong, rates, strict=True)]
    independent = chances @ (rates * (1 - rates)) / 10
    assert chances @ np.array(found) == pytest.approx(true) and true > 2 * independent


def test_the_variance_of_impostor_pairs_is_right_on_average() -> None:
    """A pair is wrong where its own sample is bad and the other identity alike: every outcome, with its probability."""
    sizes = np.array([2, 1, 1, 1])
    pairs, chances, rates, found = impostor_pairs(0, sizes), [], [], []
    for bad in product([0, 1], repeat=2):
        for alike in product([0, 1], repeat=3):
            wrong = np.array([bad[own] * alike[other // 10 - 1] for own, other in pairs])
            chances.append(0.4 ** sum(bad) * 0.6 ** (2 - sum(bad)) * 0.3 ** sum(alike) * 0.7 ** (3 - sum(alike)))
            couples = impostor([wrong, *[np.zeros(len(impostor_pairs(other, sizes))) for other in (1, 2, 3)]], sizes)
            rates.append(wrong.mean())
            found.append(variance_of(couples, wrong.mean(), 6))
    weights, measured = np.array(chances), np.array(rates)
    true = weights @ measured**2 - (weights @ measured) ** 2
    independent = weights @ (measured * (1 - measured)) / 6
    assert weights @ np.array(found) == pytest.approx(true) and true > 1.5 * independent


def no_couples(count: int, share: float = 0.2) -> Couples:
    """Something in common in one way, without any dependence."""
    return Couples(np.full((1, count), share), np.zeros((1, count)), np.full(count, 1 - share))


def test_independent_pairs_are_worth_themselves_and_never_more() -> None:
    rate, pairs = np.array([0.1, 0.5]), np.array([100, 40])
    couples = no_couples(2)
    balanced = Couples(couples.shares, -couples.shares * rate * (1 - rate) / pairs, couples.apart)
    for measured in (couples, balanced):
        worth = effective_pairs(rate, pairs, measured, np.array([1, 1]), np.array([5, 5]))
        assert (worth <= pairs).all()
    np.testing.assert_allclose(effective_pairs(rate, pairs, balanced, np.ones(2), np.ones(2)), pairs)


def test_one_is_worth_no_more_than_is_usual() -> None:
    """Half the couples share something, and those of the first identity alone are wrong together, correlated by 0.4."""
    rate, pairs = np.array([0.5, 0.5]), np.array([1000, 1000])
    # Deviations fall short of the covariance by the variance of the rate, 0.4 x 0.5 x 0.25 + 0.25 / 1000.
    variance = 0.4 * 0.5 * 0.25 + 0.25 / 1000
    products = np.array([[0.5 * (0.1 - variance), -0.5 * 0.25 / 1000]])
    worth = effective_pairs(
        rate, pairs, Couples(np.full((1, 2), 0.5), products, np.full(2, 0.5)), np.ones(2), np.ones(2)
    )
    assert worth[0] == pytest.approx(0.25 / variance, rel=0.01) and worth[1] == pytest.approx(10, rel=0.2)


def test_where_all_are_right_or_all_wrong_a_given_number_counts() -> None:
    rate, pairs, given = np.array([0.0, 1.0, 0.0]), np.array([100, 100, 5]), np.array([7, 9, 11])
    assert effective_pairs(rate, pairs, no_couples(3), np.array([2, 2, 2]), given).tolist() == [7, 9, 5]


def test_what_is_usual_speaks_for_those_without_an_error() -> None:
    """The first identity's pairs are correlated by 0.4 where a fifth of the couples shares something."""
    rate, pairs = np.array([0.5, 0.0]), np.array([1000, 1000])
    variance = 0.4 * 0.2 * 0.25 + 0.25 / 1000
    products = np.array([[0.2 * (0.1 - variance), 0.0]])
    worth = effective_pairs(rate, pairs, Couples(np.full((1, 2), 0.2), products, np.full(2, 0.8)), *np.ones((2, 2)))
    assert worth[0] == pytest.approx(0.25 / variance) and worth[1] == pytest.approx(0.25 / variance, rel=0.1)


def test_where_no_couple_is_independent_all_pairs_may_be_one() -> None:
    shared = Couples(np.full((1, 1), 0.99), np.zeros((1, 1)), np.zeros(1))
    assert effective_pairs(np.array([0.3]), np.array([100]), shared, np.ones(1), np.full(1, 9)) == pytest.approx(1)
    assert effective_pairs(np.array([0.3]), np.array([100]), shared, np.full(1, 4), np.full(1, 9)) == 4

"""How far two divisions agree: each number is what its definition, as a slow loop, has, what scikit-learn has, and what
worked examples in the literature come to."""

from __future__ import annotations

import math
from collections import Counter
from fractions import Fraction
from itertools import combinations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.metrics import adjusted_mutual_info_score, adjusted_rand_score, normalized_mutual_info_score

from core.statistics.partitions import (
    Agreement,
    adjusted_information,
    adjusted_rand,
    agreement,
    bcubed,
    crosstab,
    entropy,
    expected_information,
    mutual_information,
)

NAMES = st.integers(2, 24).flatmap(
    lambda count: st.tuples(*[st.lists(st.integers(0, 5), min_size=count, max_size=count)] * 2)
)


def arrays(pair: tuple[list[int], list[int]]) -> tuple[np.ndarray, np.ndarray]:
    return np.array(pair[0]), np.array(pair[1])


def rand_loop(true: list[int], found: list[int]) -> float:
    """Over all pairs of points: the agreements less what chance gives, over the most less the same."""
    pairs = list(combinations(range(len(true)), 2))
    together = [(true[a] == true[b], found[a] == found[b]) for a, b in pairs]
    both, of_true, of_found = (
        Fraction(sum(kind)) for kind in zip(*((t and f, t, f) for t, f in together), strict=True)
    )
    expected = of_true * of_found / len(pairs)
    most = (of_true + of_found) / 2
    return 1.0 if most == expected else float((both - expected) / (most - expected))


def expected_loop(true: list[int], found: list[int]) -> float:
    """Over all numbers of points that two groups can share, each with its chance as a fraction of whole numbers."""
    points, total = len(true), 0.0
    for size in Counter(true).values():
        for other in Counter(found).values():
            for shared in range(max(1, size + other - points), min(size, other) + 1):
                ways = math.comb(other, shared) * math.comb(points - other, size - shared)
                chance = Fraction(ways, math.comb(points, size))
                total += float(chance) * shared / points * math.log(points * shared / (size * other))
    return total


def bcubed_loop(true: list[int], found: list[int]) -> tuple[float, float]:
    shares: list[list[float]] = [[], []]
    for row in range(len(true)):
        mates = {i for i in range(len(true)) if true[i] == true[row]}
        with_it = {i for i in range(len(true)) if found[i] == found[row]}
        for kind, group in zip(shares, (with_it, mates), strict=True):
            kind.append(len(mates & with_it) / len(group))
    precision, recall = (sum(kind) / len(kind) for kind in shares)
    return precision, recall


@settings(deadline=None, max_examples=150)
@given(NAMES)
def test_each_number_is_that_of_a_loop_and_of_scikit_learn(pair: tuple[list[int], list[int]]) -> None:
    true, found = arrays(pair)
    counts, agrees = crosstab(true, found), agreement(true, found)
    assert agrees.ari == pytest.approx(rand_loop(*pair), abs=1e-12)
    assert agrees.ari == pytest.approx(adjusted_rand_score(true, found), abs=1e-12)
    assert agrees.ami == pytest.approx(adjusted_mutual_info_score(true, found), abs=1e-9)
    sizes = counts.sum(axis=1), counts.sum(axis=0)
    assert expected_information(*sizes) == pytest.approx(expected_loop(*pair), abs=1e-12)
    assert (agrees.bcubed_precision, agrees.bcubed_recall) == pytest.approx(bcubed_loop(*pair), abs=1e-12)


@settings(deadline=None, max_examples=100)
@given(NAMES, st.randoms())
def test_names_and_order_do_not_matter_and_sides_change_places(
    pair: tuple[list[int], list[int]], random: object
) -> None:
    true, found = arrays(pair)
    agrees, back = agreement(true, found), agreement(found, true)
    assert (back.ari, back.ami) == pytest.approx((agrees.ari, agrees.ami), abs=1e-9)
    assert (back.bcubed_precision, back.bcubed_recall) == (agrees.bcubed_recall, agrees.bcubed_precision)
    order = np.random.default_rng(len(true)).permutation(len(true))
    renamed = agreement(np.array(list("fbdace"))[true[order]], 100 - found[order])
    assert renamed.array() == pytest.approx(agrees.array(), abs=1e-9)
    assert agrees.ari <= 1 and agrees.ami <= 1 + 1e-9 and 0 < agrees.bcubed_f <= 1
    assert Agreement.from_array(agrees.array()) == agrees


@settings(deadline=None, max_examples=60)
@given(NAMES)
def test_the_same_division_agrees_wholly_and_exactly(pair: tuple[list[int], list[int]]) -> None:
    true, _ = arrays(pair)
    same = agreement(true, 7 - true)
    assert (same.ari, same.ami, same.bcubed_f) == (1, 1, 1)


def test_what_one_group_and_singletons_come_to() -> None:
    classes, one, alone = np.arange(12) // 4, np.zeros(12, int), np.arange(12)
    assert agreement(one, one).ami == agreement(alone, alone).ami == agreement(alone, alone).ari == 1
    assert agreement(classes, one).ari == 0 and agreement(classes, one).ami == pytest.approx(0, abs=1e-12)
    assert agreement(classes, alone).ari == 0 and agreement(classes, alone).ami == pytest.approx(0, abs=1e-12)
    assert agreement(alone, one).ari == 0 and agreement(one, alone).ami == pytest.approx(0, abs=1e-12)
    assert bcubed(crosstab(classes, one)) == pytest.approx((1 / 3, 1))
    assert bcubed(crosstab(classes, alone)) == pytest.approx((1, 1 / 4))
    assert agreement(np.zeros(1), np.ones(1)) == Agreement(1, 1, 1, 1, 1, 1)
    assert math.copysign(1, entropy(np.array([5]))) == 1


def test_rands_example_of_1971() -> None:
    """Six points, (a b c)(d e f) against (a b)(c d e)(f): of 15 pairs two are together in both, 6 and 4 in either."""
    counts = crosstab(np.array([0, 0, 0, 1, 1, 1]), np.array([0, 0, 1, 1, 1, 2]))
    assert adjusted_rand(counts) == pytest.approx((2 - 6 * 4 / 15) / (5 - 6 * 4 / 15))


def test_the_example_of_introduction_to_information_retrieval() -> None:
    """Manning, Raghavan and Schuetze (2008), figure 16.4: 17 points in three clusters, normalised mutual information
    0.36, and of 136 pairs 20 together in both, 40 and 44 in either."""
    counts = np.array([[5, 1, 2], [1, 4, 0], [0, 1, 3]])
    true, found = (np.repeat(side.ravel(), counts.ravel()) for side in np.indices(counts.shape))
    assert np.array_equal(crosstab(true, found), counts)
    entropies = entropy(counts.sum(axis=1)) + entropy(counts.sum(axis=0))
    normalised = 2 * mutual_information(counts) / entropies
    assert round(normalised, 2) == 0.36 and normalised == pytest.approx(normalized_mutual_info_score(true, found))
    assert adjusted_rand(counts) == pytest.approx((20 - 40 * 44 / 136) / (42 - 40 * 44 / 136))
    assert adjusted_information(counts) == pytest.approx(adjusted_mutual_info_score(true, found))


@pytest.mark.parametrize(("found", "precision"), [("111112222222", 0.76), ("111112211111", 0.58)])
def test_bagga_and_baldwins_example_of_1998(found: str, precision: float) -> None:
    """Twelve mentions, 1-5, 6-7 and 8-C; a response that joins the last two, and one that joins the large ones."""
    shares = bcubed(crosstab(np.array(list("111112233333")), np.array(list(found))))
    assert round(shares[0], 2) == precision and shares[1] == 1


def test_many_points_equal_scikit_learn() -> None:
    rng = np.random.default_rng(0)
    true = rng.integers(0, 30, 4000) ** 2 // 30
    found = np.where(rng.random(4000) < 0.7, true, rng.integers(0, 400, 4000))
    agrees = agreement(true, found)
    assert agrees.ami == pytest.approx(adjusted_mutual_info_score(true, found), rel=1e-9) and 0.3 < agrees.ami < 0.9
    assert agrees.ari == pytest.approx(adjusted_rand_score(true, found), rel=1e-12)


def test_chance_comes_to_nothing() -> None:
    rng = np.random.default_rng(1)
    found = [agreement(np.arange(60) % 3, rng.permutation(np.arange(60) % 4)) for _ in range(200)]
    assert np.mean([one.ari for one in found]) == pytest.approx(0, abs=0.006)
    assert np.mean([one.ami for one in found]) == pytest.approx(0, abs=0.006)


@pytest.mark.parametrize(("first", "second"), [(0, 0), (3, 2)])
def test_other_points_and_none_are_refused(first: int, second: int) -> None:
    with pytest.raises(ValueError, match=f"of the same points, at least one, got {first} and {second}. Give each"):
        agreement(np.zeros(first), np.zeros(second))

from __future__ import annotations

from collections import Counter
from fractions import Fraction
from itertools import combinations
from math import comb

import numpy as np
import pytest

from core.samplers.combinatorics import binomial, every_class_once, log_choose, one_class_repeated


def test_the_logarithm_of_choosing() -> None:
    assert np.exp(log_choose(12, 5)) == pytest.approx(792)
    assert log_choose(3, 4) == -np.inf and log_choose(4, 0) == 0


@pytest.mark.parametrize("draws, chance", [(0, 0.3), (7, 0.3), (7, 0.0), (7, 1.0), (300, 0.01)])
def test_binomial_chances_are_those_of_the_definition(draws: int, chance: float) -> None:
    share = Fraction(chance)
    expected = [float(comb(draws, k) * share**k * (1 - share) ** (draws - k)) for k in range(draws + 1)]
    np.testing.assert_allclose(binomial(draws, chance), expected, rtol=1e-10, atol=1e-300)


@pytest.mark.parametrize("counts", [[1, 1, 2, 3], [2, 2, 2, 2, 2], [1, 1, 1, 1], [7, 1, 1]])
@pytest.mark.parametrize("draws", [1, 2, 3, 4, 5])
def test_the_chance_that_all_classes_differ_is_counted_over_all_sets(counts: list[int], draws: int) -> None:
    labels = np.repeat(np.arange(len(counts)), counts)
    sets = list(combinations(labels, draws))
    expected = sum(len(set(drawn)) == draws for drawn in sets) / max(len(sets), 1)
    assert every_class_once(np.array(counts), draws) == pytest.approx(expected, rel=1e-10, abs=1e-300)


@pytest.mark.parametrize("counts", [[1, 1, 2, 3], [2, 2, 2, 2, 2], [1, 1, 1, 1], [7, 1, 1], [5, 4]])
@pytest.mark.parametrize("draws", [1, 2, 3, 4, 5, 6])
def test_the_chance_that_one_class_alone_repeats_is_counted_over_all_sets(counts: list[int], draws: int) -> None:
    labels = np.repeat(np.arange(len(counts)), counts)
    sets = [Counter(drawn) for drawn in combinations(labels, draws)]
    expected = sum(sum(of > 1 for of in drawn.values()) == 1 for drawn in sets) / max(len(sets), 1)
    assert one_class_repeated(np.array(counts), draws) == pytest.approx(expected, rel=1e-10, abs=1e-300)


def test_the_birthday_problem() -> None:
    """Of 23 among very many people with 365 birthdays, all differ with chance 0.4927 (Feller 1950, section II.3)."""
    assert every_class_once(np.full(365, 10**9), 23) == pytest.approx(0.49270, abs=5e-6)

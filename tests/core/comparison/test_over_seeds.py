"""Pairs and ROC curves of several seeds together, held to the pairs themselves."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import pytest

from core.comparison.over_seeds import pooled, rates_down_to, roc_over_seeds, true_accept_rates
from core.statistics.roc import exact_curve


class Pairs(NamedTuple):
    positive: np.ndarray
    negative: np.ndarray


def pairs(rng: np.random.Generator, count: int, shift: float) -> Pairs:
    """On a coarse grid, so that many distances tie."""
    far = rng.integers(4, 20, size=3 * count) / 10 + shift
    return Pairs(np.sort(rng.integers(0, 12, size=count) / 10 + shift), np.sort(far))


def by_hand(of: Pairs, rate: float) -> float:
    """The largest share of positive pairs that a threshold accepts which accepts at most this share of the others."""
    shares = [0.0]
    for threshold in {*of.positive.tolist(), *of.negative.tolist()}:
        if sum(distance <= threshold for distance in of.negative.tolist()) <= rate * len(of.negative):
            shares.append(sum(distance <= threshold for distance in of.positive.tolist()) / len(of.positive))
    return max(shares)


def test_true_accept_rates_are_those_of_the_pairs(rng: np.random.Generator) -> None:
    of = pairs(rng, 20, 0.0)
    rates = np.array([0.0, 0.01, 0.1, 0.25, 0.5, 1.0])
    found = true_accept_rates(exact_curve(of), rates)
    assert 0 < found[0] < found[3] < found[-1] == 1
    assert found.tolist() == [by_hand(of, rate) for rate in rates.tolist()]


def test_where_the_first_threshold_accepts_too_many_none_is_accepted() -> None:
    of = Pairs(np.array([0.5, 0.6]), np.array([0.1, 0.7]))
    assert true_accept_rates(exact_curve(of), np.array([0.0, 0.5])).tolist() == [0.0, 1.0]


def test_seeds_are_averaged_at_one_rate_however_far_apart_their_distances_are(rng: np.random.Generator) -> None:
    seeds = [[pairs(rng, 20, 0.0), pairs(rng, 25, 3.0)], [pairs(rng, 30, 50.0), pairs(rng, 22, 0.2)]]
    rates = rates_down_to(60)
    band = roc_over_seeds([[exact_curve(fold) for fold in folds] for folds in seeds], rates)
    for place in range(0, len(rates), 5):
        values = [np.mean([by_hand(fold, rates[place]) for fold in folds]) for folds in seeds]
        found = band.mean[place], band.low[place], band.high[place]
        np.testing.assert_allclose(found, (np.mean(values), min(values), max(values)), atol=1e-15)
    assert band.seeds == 2 and (band.low < band.high).any()


@pytest.mark.parametrize(("count", "lowest"), [(1, 0.1), (60, 0.01), (100, 0.001), (258_121, 1e-6)])
def test_rates_begin_below_the_smallest_that_pairs_can_have(count: int, lowest: float) -> None:
    rates = rates_down_to(count)
    assert rates[0] == pytest.approx(lowest) and rates[0] < 1 / count and rates[-1] == 1
    np.testing.assert_allclose(rates[1:] / rates[:-1], rates[1] / rates[0])


def test_pairs_on_the_same_edges_are_counted_together(rng: np.random.Generator) -> None:
    edges = np.linspace(0, 2, 9)
    both = [(edges, *rng.integers(0, 1 << 40, size=(2, 8))) for _ in range(3)]
    found, positive, negative = pooled(both)
    assert found.tolist() == edges.tolist()
    assert positive.tolist() == [sum(int(one[1][place]) for one in both) for place in range(8)]
    assert negative.tolist() == [sum(int(one[2][place]) for one in both) for place in range(8)]


def test_pairs_on_other_edges_lie_where_they_lay(rng: np.random.Generator) -> None:
    ends = (1.0, 1.7, 4.0)
    both = [(np.linspace(0, end, 1025), *rng.integers(0, 9, size=(2, 1024))) for end in ends]
    edges, *counts = pooled(both)
    assert edges[0] == 0 and edges[-1] == 4 and len(edges) == 1025
    for kind in (1, 2):
        assert counts[kind - 1].sum() == pytest.approx(sum(one[kind].sum() for one in both))
        below = sum(one[kind][one[0][1:] <= 0.5].sum() for one in both)
        assert counts[kind - 1][edges[1:] <= 0.5].sum() == pytest.approx(below, rel=0.01)


def test_of_no_histogram_there_is_none() -> None:
    with pytest.raises(ValueError, match="at least one histogram"):
        pooled([])

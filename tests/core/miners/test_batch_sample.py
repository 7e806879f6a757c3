from __future__ import annotations

import math
from collections import Counter

import pytest
from scipy.stats import chisquare
from torch import Tensor

from core.miners import BatchHard, BatchSample
from tests.core.loops import batch, candidates, distance_table, rows_of

DRAWS = 3000


def chances(
    distances: Tensor, labels: Tensor, anchor: int, temperature: float
) -> tuple[dict[int, float], dict[int, float]]:
    """The two softmaxes, one sample at a time."""
    numbers = labels.tolist()
    near = {n: math.exp(-distances[anchor, n] / temperature) for n in range(12) if numbers[n] != numbers[anchor]}
    far = {
        p: math.exp(distances[anchor, p] / temperature)
        for p in range(12)
        if numbers[p] == numbers[anchor] and p != anchor
    }
    return ({row: weight / sum(far.values()) for row, weight in far.items()}), (
        {row: weight / sum(near.values()) for row, weight in near.items()}
    )


@pytest.mark.parametrize("temperature", [1.0, 0.7])
def test_far_positives_and_near_negatives_are_drawn_by_the_softmax_of_their_distances(temperature: float) -> None:
    points, labels = batch()
    distances = distance_table(points)
    anchor = int((labels == 0).nonzero()[0])
    miner = BatchSample(temperature=temperature)
    drawn = [
        next(row for row in rows_of(miner(candidates(distances, labels, seed=seed))) if row[0] == anchor)
        for seed in range(DRAWS)
    ]
    for place, expected in zip((1, 2), chances(distances, labels, anchor, temperature), strict=True):
        counts = Counter(row[place] for row in drawn)
        assert set(counts) <= set(expected) and max(expected.values()) > 1.5 * min(expected.values())
        found = [counts[row] for row in expected]
        assert chisquare(found, [DRAWS * chance for chance in expected.values()]).pvalue > 1e-3


def test_towards_temperature_zero_it_is_batch_hard() -> None:
    points, labels = batch()
    seen = candidates(distance_table(points), labels)
    taken = BatchSample(temperature=0.001)(seen)
    assert rows_of(taken) == rows_of(BatchHard()(seen))
    assert taken.effective_negatives == pytest.approx(1.0, abs=0.01)


def test_far_above_the_distances_all_negatives_count() -> None:
    points, labels = batch()
    taken = BatchSample(temperature=100.0)(candidates(distance_table(points), labels))
    assert taken.effective_negatives == pytest.approx((5 * 7 + 4 * 8 + 2 * 10) / 11, rel=1e-3)


def test_the_effective_number_is_the_mean_perplexity_of_the_anchors() -> None:
    points, labels = batch()
    distances = distance_table(points)
    taken = BatchSample()(candidates(distances, labels))
    each = []
    for anchor in taken.anchor.tolist():
        of_negatives = chances(distances, labels, anchor, 1.0)[1].values()
        each.append(math.exp(-sum(chance * math.log(chance) for chance in of_negatives)))
    assert taken.effective_negatives == pytest.approx(sum(each) / len(each))

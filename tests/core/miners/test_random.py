from __future__ import annotations

from collections import Counter

import pytest
import torch
from scipy.stats import chisquare

from core.miners import Random
from tests.core.loops import batch, candidates, distance_table, rows_of, triplet_rows


def test_takes_every_ordered_positive_pair_once() -> None:
    points, labels = batch()
    rows = rows_of(Random()(candidates(distance_table(points), labels)))
    expected = sorted({(a, p) for a, p, _ in triplet_rows(labels)})
    assert expected and [row[:2] for row in rows] == expected


def test_every_negative_has_the_same_chance_for_every_pair() -> None:
    points, labels = batch()
    distances = distance_table(points)
    drawn = Counter(row for seed in range(400) for row in rows_of(Random()(candidates(distances, labels, seed=seed))))
    counts = [drawn[row] for row in triplet_rows(labels)]
    assert sum(counts) == sum(drawn.values())
    expected = [400 / sum(labels != labels[a]).item() for a, _, _ in triplet_rows(labels)]
    assert chisquare(counts, expected).pvalue > 1e-3


def test_all_negatives_count() -> None:
    """Classes of 5, 4, 2 and 1: anchors have 7, 8 and 10 negatives."""
    points, labels = batch()
    taken = Random()(candidates(distance_table(points), labels))
    assert taken.effective_negatives == pytest.approx((5 * 7 + 4 * 8 + 2 * 10) / 11)


def test_without_a_triplet_no_number_is_invented() -> None:
    labels = torch.zeros(3, dtype=torch.int64)
    assert Random()(candidates(torch.zeros(3, 3), labels)).effective_negatives == 0

from __future__ import annotations

import pytest
import torch
from pytorch_metric_learning.distances import LpDistance
from pytorch_metric_learning.miners import BatchHardMiner
from torch import Tensor

from core.miners import BatchHard
from tests.core.loops import batch, candidates, distance_table, rows_of, tied_batch


def taken(distances: Tensor, labels: Tensor) -> list[tuple[int, ...]]:
    return rows_of(BatchHard()(candidates(distances, labels)))


def by_hand(distances: Tensor, labels: list[int]) -> list[tuple[int, int, int]]:
    """One anchor at a time; the first of equal distances wins."""
    rows = []
    for a, label in enumerate(labels):
        positives = [p for p, other in enumerate(labels) if other == label and p != a]
        negatives = [n for n, other in enumerate(labels) if other != label]
        if positives and negatives:
            furthest = max(positives, key=lambda p: (float(distances[a, p]), -p))
            nearest = min(negatives, key=lambda n: (float(distances[a, n]), n))
            rows.append((a, furthest, nearest))
    return rows


@pytest.mark.parametrize("seed", range(5))
def test_takes_the_furthest_positive_and_the_nearest_negative_ties_to_the_lower_row(seed: int) -> None:
    points, labels = tied_batch(seed)
    distances = distance_table(points)
    expected = by_hand(distances, labels.tolist())
    assert len(expected) == 11, "the class of one sample gives no anchor"
    assert taken(distances, labels) == expected


def test_the_hardest_negative_is_the_nearest_and_not_the_furthest() -> None:
    places = torch.tensor([[0.0], [1.0], [3.0], [2.0], [9.0]])
    labels = torch.tensor([0, 0, 0, 1, 1])
    assert taken(distance_table(places), labels)[0] == (0, 2, 3)


def test_takes_what_pytorch_metric_learning_takes() -> None:
    points, labels = batch()
    theirs = BatchHardMiner(distance=LpDistance(normalize_embeddings=False))(points, labels)
    rows = taken(distance_table(points), labels)
    assert rows and sorted(rows) == sorted(zip(*(rows.tolist() for rows in theirs), strict=True))

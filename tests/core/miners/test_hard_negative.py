from __future__ import annotations

import pytest
import torch

from core.miners import HardNegative
from tests.core.loops import candidates, distance_table, rows_of, tied_batch, triplet_rows


@pytest.mark.parametrize("seed", range(5))
def test_takes_the_nearest_negative_of_every_positive_pair_ties_to_the_lower_row(seed: int) -> None:
    points, labels = tied_batch(seed)
    distances = distance_table(points)
    nearest: dict[tuple[int, int], int] = {}
    ties = 0
    for a, p, n in triplet_rows(labels):
        best = nearest.setdefault((a, p), n)
        ties += best != n and bool(distances[a, n] == distances[a, best])
        if distances[a, n] < distances[a, best]:
            nearest[a, p] = n
    assert ties
    assert rows_of(HardNegative()(candidates(distances, labels))) == [(a, p, n) for (a, p), n in nearest.items()]


def test_the_hardest_negative_is_the_nearest_and_not_the_furthest() -> None:
    distances = distance_table(torch.tensor([[0.0], [1.0], [2.0], [9.0]]))
    rows = rows_of(HardNegative()(candidates(distances, torch.tensor([0, 0, 1, 1]))))
    assert rows[0] == (0, 1, 2) and rows[-1] == (3, 2, 1)

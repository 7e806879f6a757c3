from __future__ import annotations

from collections.abc import Callable

import pytest
import torch
from torch import Tensor

from core.miners import LiftedHardNegative
from tests.core.loops import batch, candidates, distance_table, rows_of, tied_batch


@pytest.mark.parametrize("seed", range(5))
@pytest.mark.parametrize("make", [batch, tied_batch])
def test_takes_the_nearest_negative_of_either_end_ties_to_the_lower_row(
    make: Callable[[int], tuple[Tensor, Tensor]], seed: int
) -> None:
    points, labels = make(seed)
    distances, numbers = distance_table(points), labels.tolist()
    expected, swapped = [], 0
    for i, label in enumerate(numbers):
        for j in range(i + 1, len(numbers)):
            if numbers[j] == label:
                ends = [(float(distances[end, n]), end, n) for end in (i, j) for n in range(12) if numbers[n] != label]
                _, anchor, negative = min(ends)
                swapped += anchor == j
                expected.append((anchor, i + j - anchor, negative))
    assert 0 < swapped < len(expected)
    assert rows_of(LiftedHardNegative()(candidates(distances, labels))) == expected


def test_a_triplet_hinge_is_the_hard_lifted_term() -> None:
    """J = d_ij + max(max_k [alpha - d_ik], max_l [alpha - d_jl]) for every pair (Song et al. 2016, equation 3)."""
    points, labels = batch()
    distances = distance_table(points)
    rows = rows_of(LiftedHardNegative()(candidates(distances, labels)))
    assert len(rows) == 5 * 4 // 2 + 4 * 3 // 2 + 1
    for a, p, n in rows:
        negatives = labels != labels[a]
        term = distances[a, p] + torch.maximum((1 - distances[a, negatives]).max(), (1 - distances[p, negatives]).max())
        torch.testing.assert_close(distances[a, p] - distances[a, n] + 1, term)

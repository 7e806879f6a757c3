from __future__ import annotations

from math import inf

import pytest
import torch

from core.indices import Band, Triplets, pairs_within, positive_pairs
from tests.core.loops import all_pairs, all_triplets, distance_table, rows_of, tied_batch, triplet_rows


def test_positive_pairs_are_ordered_and_never_of_one_row() -> None:
    labels = torch.tensor([1, 0, 1, 1, 2])
    anchor, positive = positive_pairs(labels)
    pairs = list(zip(anchor.tolist(), positive.tolist(), strict=True))
    assert pairs == [(0, 2), (0, 3), (2, 0), (2, 3), (3, 0), (3, 2)]


@pytest.mark.parametrize("low, high", [(-inf, inf), (-inf, 0.0), (0.0, 2.0), (2.0, inf), (-1.0, 1.0), (0.0, 0.0)])
def test_a_band_takes_its_lower_end_and_not_its_upper(low: float, high: float) -> None:
    points, labels = tied_batch()
    distances = distance_table(points)
    expected = [
        (a, p, n)
        for a, p, n in triplet_rows(labels)
        if distances[a, p] + low <= distances[a, n] < distances[a, p] + high
    ]
    assert rows_of(Band(low, high).triplets(distances, labels)) == expected
    assert bool(expected) == (low < high)


def test_hard_semi_hard_and_easy_bands_share_out_all_triplets() -> None:
    points, labels = tied_batch()
    distances = distance_table(points)
    bands = [Band(-inf, 0.0), Band(0.0, 2.0), Band(2.0, inf)]
    parts = [rows_of(band.triplets(distances, labels)) for band in bands]
    assert all(parts)
    assert sorted(row for part in parts for row in part) == list(triplet_rows(labels))


def test_a_band_of_an_empty_batch_is_empty() -> None:
    triplets = Band(-inf, inf).triplets(torch.zeros(0, 0), torch.zeros(0, dtype=torch.int64))
    assert rows_of(triplets) == []


def test_the_pairs_of_all_triplets_are_all_pairs() -> None:
    """But two classes of one sample each never meet in a triplet; here there is only one such class."""
    _, labels = tied_batch()
    found = pairs_within(all_triplets(labels), len(labels))
    expected = all_pairs(labels)
    assert set(zip(*(column.tolist() for column in found), strict=True)) == set(
        zip(*(column.tolist() for column in expected), strict=True)
    )
    assert len(found.first) == len(expected.first)


def test_a_pair_counts_once_however_many_triplets_hold_it() -> None:
    triplets = Triplets(torch.tensor([4, 1, 1]), torch.tensor([1, 4, 4]), torch.tensor([0, 0, 2]))
    pairs = pairs_within(triplets, 5)
    found = list(zip(*(column.tolist() for column in pairs), strict=True))
    assert found == [(1, 4, True), (0, 1, False), (0, 4, False), (1, 2, False)]


def test_no_triplet_gives_no_pair() -> None:
    nothing = torch.zeros(0, dtype=torch.int64)
    pairs = pairs_within(Triplets(nothing, nothing, nothing), 5)
    assert all(len(column) == 0 for column in pairs) and pairs.is_same.dtype == torch.bool

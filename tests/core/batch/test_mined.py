from __future__ import annotations

from math import exp, inf

import pytest
import torch

from core.batch.mined import (
    Band,
    Pairs,
    Triplets,
    all_pairs,
    as_consumed,
    pairs_within,
    positive_pairs,
    triplets_within,
)
from tests.core.loops import all_pairs as pairs_one_by_one
from tests.core.loops import batch, distance_table, rows_of, tied_batch, triplet_rows


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


def pairs_by_loop(rows: list[tuple[int, int, int]]) -> tuple[set[tuple[int, int]], set[tuple[int, int]]]:
    return {(a, p) for a, p, _ in rows}, {(a, n) for a, _, n in rows}


def pairs_of(pairs: Pairs) -> tuple[set[tuple[int, int]], set[tuple[int, int]]]:
    positive, negative = (set(map(tuple, mask.nonzero().tolist())) for mask in pairs)
    return positive, negative


def test_all_pairs_are_all_ordered_pairs() -> None:
    labels = tied_batch()[1]
    assert all(map(torch.equal, all_pairs(labels), pairs_one_by_one(labels)))


@pytest.mark.parametrize("low, high", [(-inf, 0.0), (0.0, 2.0), (2.0, inf), (-1.0, 1.0), (0.0, 0.0)])
@pytest.mark.parametrize("seed", range(3))
def test_the_pairs_of_a_band_are_those_of_its_triplets(seed: int, low: float, high: float) -> None:
    points, labels = tied_batch(seed)
    distances = distance_table(points)
    expected = pairs_by_loop(rows_of(Band(low, high).triplets(distances, labels)))
    assert pairs_of(Band(low, high).pairs(distances, labels)) == expected
    assert bool(expected[0]) == (low < high)


@pytest.mark.parametrize("sizes", [(5, 4, 2, 1), (2, 1, 1, 1, 1), (1, 1, 1), (4,), (1,)], ids=str)
def test_a_rule_without_bounds_has_every_pair_of_the_batch(sizes: tuple[int, ...]) -> None:
    """Those of rows without a triplet too: of single samples, and of a batch of one class."""
    points, labels = tied_batch(sizes=sizes)
    found = Band(-inf, inf).pairs(distance_table(points), labels)
    assert all(map(torch.equal, found, pairs_one_by_one(labels)))


def test_a_pair_counts_once_however_many_triplets_hold_it() -> None:
    triplets = Triplets(torch.tensor([4, 1, 1]), torch.tensor([1, 4, 4]), torch.tensor([0, 0, 2]))
    assert pairs_of(pairs_within(triplets, 5)) == ({(1, 4), (4, 1)}, {(4, 0), (1, 0), (1, 2)})


def test_pairs_make_every_triplet_of_their_anchors() -> None:
    labels = tied_batch()[1]
    assert rows_of(triplets_within(all_pairs(labels))) == list(triplet_rows(labels))
    one = Triplets(torch.tensor([4]), torch.tensor([1]), torch.tensor([0]))
    assert rows_of(triplets_within(pairs_within(one, 5))) == [(4, 1, 0)]


def test_no_triplet_gives_no_pair() -> None:
    nothing = torch.zeros(0, dtype=torch.int64)
    assert pairs_of(pairs_within(Triplets(nothing, nothing, nothing), 5)) == (set(), set())


def test_with_a_focus_a_triplet_counts_as_much_as_it_is_out_of_order() -> None:
    points, labels = batch()
    distances = distance_table(points).requires_grad_()
    rule = Band(-0.5, 1.0, focus=3.0, temperature=0.7)
    triplets = rule.triplets(distances, labels)
    assert rows_of(triplets) == rows_of(Band(-0.5, 1.0).triplets(distances, labels))
    table = distances.tolist()
    by_hand = [1 / (1 + exp((table[a][n] - table[a][p]) / 0.7)) for a, p, n in rows_of(triplets)]
    assert triplets.weight is not None and not triplets.weight.requires_grad and min(by_hand) < 0.5 < max(by_hand)
    assert triplets.weight.tolist() == pytest.approx([chance**3 for chance in by_hand])


def test_what_was_taken_comes_in_the_form_that_is_consumed() -> None:
    points, labels = tied_batch()
    distances, rule = distance_table(points), Band(-1.0, 1.0)
    triplets, pairs = rule.triplets(distances, labels), rule.pairs(distances, labels)
    for taken, rows in ((rule, triplets), (triplets, triplets), (pairs, triplets_within(pairs))):
        found = as_consumed(taken, Triplets, distances, labels)
        assert isinstance(found, Triplets) and rows_of(found) == rows_of(rows) != []
        found = as_consumed(taken, Pairs, distances, labels)
        assert isinstance(found, Pairs) and pairs_of(found) == pairs_of(pairs)
        assert as_consumed(taken, None, distances, labels) is None
    assert len(triplets_within(pairs).anchor) > len(triplets.anchor)

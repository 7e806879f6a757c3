"""What a miner sees of a batch, one row at a time, with ties and classes of one sample."""

from __future__ import annotations

import pytest
import torch
from torch import Tensor

from core.miners.base import Candidates, Miner
from tests.core.loops import all_pairs, candidates, distance_table, tied_batch

BATCHES = [*(tied_batch(seed) for seed in range(3)), tied_batch(0, (3,)), tied_batch(0, (1, 1, 1)), tied_batch(0, (0,))]
EVERY = pytest.mark.parametrize(
    ("points", "labels"), BATCHES, ids=["first", "second", "third", "one class", "one sample a class", "empty"]
)


def seen(points: Tensor, labels: Tensor) -> Candidates:
    return candidates(distance_table(points).reshape(len(labels), len(labels)), labels)


def others(labels: Tensor, row: int, *, is_same: bool) -> list[int]:
    return [other for other in range(len(labels)) if other != row and (labels[other] == labels[row]) == is_same]


@EVERY
def test_pairs_are_all_of_the_batch(points: Tensor, labels: Tensor) -> None:
    for found, expected in zip(seen(points, labels).pairs, all_pairs(labels), strict=True):
        assert torch.equal(found, expected)


@EVERY
def test_classes_are_runs_of_rows_in_ascending_order(points: Tensor, labels: Tensor) -> None:
    rows, begin, size, place = seen(points, labels).classes
    assert sorted(rows.tolist()) == list(range(len(labels)))
    for row in range(len(labels)):
        own = rows[begin[row] : begin[row] + size[row]].tolist()
        assert own == sorted([row, *others(labels, row, is_same=True)]) and own[place[row]] == row


@EVERY
def test_an_anchor_has_a_positive_and_a_negative(points: Tensor, labels: Tensor) -> None:
    expected = [
        bool(others(labels, row, is_same=True) and others(labels, row, is_same=False)) for row in range(len(labels))
    ]
    assert seen(points, labels).is_anchor.tolist() == expected


@EVERY
def test_the_furthest_positive_and_the_nearest_negative_are_the_lower_of_equal_rows(
    points: Tensor, labels: Tensor
) -> None:
    view = seen(points, labels)
    ties = 0
    for row in range(len(labels)):
        positives, negatives = (others(labels, row, is_same=is_same) for is_same in (True, False))
        table = view.distances[row].tolist()
        if positives:
            furthest = max(positives, key=lambda other: (table[other], -other))
            assert int(view.furthest_positive[row]) == furthest
            assert float(view.to(view.furthest_positive)[row]) == table[furthest]
        if negatives:
            nearest = min(negatives, key=lambda other: (table[other], other))
            assert int(view.nearest_negative[row]) == nearest
            ties += [table[other] for other in negatives].count(table[nearest]) > 1
    assert ties or len(labels) < 12


@EVERY
def test_positive_pairs_come_by_anchor_and_only_of_anchors_with_a_negative(points: Tensor, labels: Tensor) -> None:
    anchor, positive = seen(points, labels).positive_pairs()
    assert list(zip(anchor.tolist(), positive.tolist(), strict=True)) == [
        (row, other)
        for row in range(len(labels))
        if others(labels, row, is_same=False)
        for other in others(labels, row, is_same=True)
    ]


def test_labels_need_not_be_small_numbers() -> None:
    points, labels = tied_batch()
    view, renamed = seen(points, labels), seen(points, 10**9 - 7 * labels)
    for found, expected in zip(renamed.positive_pairs(), view.positive_pairs(), strict=True):
        assert torch.equal(found, expected)
    assert torch.equal(renamed.nearest_negative, view.nearest_negative)


def test_negative_distances_as_products_have_them_are_compared_as_they_are() -> None:
    table = torch.tensor([[-4.0, -9.0, -2.0], [-9.0, -1.0, 5.0], [-2.0, 5.0, 0.0]])
    view = candidates(table, torch.tensor([0, 0, 1]))
    assert view.furthest_positive[:2].tolist() == [1, 0] and view.nearest_negative.tolist() == [2, 2, 0]


def test_a_miner_that_says_nothing_takes_nothing_and_does_not_draw() -> None:
    class Plain(Miner):
        name = "plain"

    assert not Plain().is_random
    with pytest.raises(NotImplementedError):
        Plain()(candidates(torch.zeros(2, 2), torch.tensor([0, 1])))

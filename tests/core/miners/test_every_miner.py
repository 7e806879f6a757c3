from __future__ import annotations

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from torch import Tensor

from core.indices import Band, Pairs, triplets_within
from core.miners import MINERS
from core.miners.base import Miner
from tests.core.loops import batch, distance_table, rows_of, tied_batch, triplet_rows

EVERY = pytest.mark.parametrize("kind", MINERS.values(), ids=MINERS)


def taken(kind: type[Miner], distances: Tensor, labels: Tensor, margin: float = 1.0) -> list[tuple[int, ...]]:
    mined = kind()(distances, labels, margin, torch.Generator().manual_seed(0))
    triplets = mined.triplets(distances, labels) if isinstance(mined, Band) else mined
    triplets = triplets_within(triplets) if isinstance(triplets, Pairs) else triplets
    assert all(rows.dtype == torch.int64 for rows in triplets[:3])
    return rows_of(triplets)


@EVERY
@settings(max_examples=30)
@given(
    labels=st.lists(st.integers(0, 3), max_size=9),
    places=st.lists(st.integers(0, 4), min_size=9, max_size=9),
)
def test_takes_only_triplets_and_none_twice(kind: type[Miner], labels: list[int], places: list[int]) -> None:
    """In particular the positive is never the anchor itself."""
    numbers = torch.tensor(labels, dtype=torch.int64)
    distances = distance_table(torch.tensor(places[: len(labels)], dtype=torch.float64)[:, None])
    rows = taken(kind, distances.reshape(len(labels), len(labels)), numbers)
    assert set(rows) <= set(triplet_rows(numbers))
    assert len(set(rows)) == len(rows)


@EVERY
@pytest.mark.parametrize(
    "labels", [[], [0], [0, 0, 0, 0], [0, 1, 2, 3]], ids=["empty", "one sample", "one class", "one sample a class"]
)
def test_takes_nothing_where_there_is_no_triplet(kind: type[Miner], labels: list[int]) -> None:
    numbers = torch.tensor(labels, dtype=torch.int64)
    points = torch.arange(float(len(labels)))[:, None]
    assert taken(kind, torch.cdist(points, points), numbers) == []


@EVERY
def test_a_class_of_one_sample_gives_negatives_but_no_anchor(kind: type[Miner]) -> None:
    labels = torch.tensor([0, 0, 1])
    distances = distance_table(torch.tensor([[0.0], [1.0], [1.5]]))
    rows = taken(kind, distances, labels)
    assert rows and {a for a, _, _ in rows} <= {0, 1} and {n for _, _, n in rows} == {2}


@EVERY
def test_the_order_of_the_batch_does_not_matter(kind: type[Miner]) -> None:
    """Without ties: the lower row of two equal ones depends on the order, as documented."""
    points, labels = batch()
    order = torch.randperm(len(labels), generator=torch.Generator().manual_seed(1))
    rows = taken(kind, distance_table(points), labels)
    shuffled = taken(kind, distance_table(points[order]), labels[order])
    assert rows and sorted(tuple(order[list(row)].tolist()) for row in shuffled) == sorted(rows)


@EVERY
def test_leaves_its_input_alone_and_repeats_itself(kind: type[Miner]) -> None:
    points, labels = tied_batch()
    distances = distance_table(points)
    before = distances.clone(), labels.clone()
    assert taken(kind, distances, labels) == taken(kind, distances, labels)
    assert torch.equal(distances, before[0]) and torch.equal(labels, before[1])

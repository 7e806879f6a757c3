from __future__ import annotations

from collections import Counter

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from torch import Tensor

from core.batch.mined import Triplets, as_consumed
from core.miners import MINERS, Ratio, SemiHard
from core.miners.base import Miner
from core.miners.semi_hard_rules import DIALECTS
from tests.core.loops import (
    batch,
    candidates,
    distance_table,
    rows_of,
    tied_batch,
    triplet_rows,
)

VARIANTS: list[Miner] = [kind() for kind in MINERS.values()] + [
    *(SemiHard(dialect=dialect) for dialect in list(DIALECTS)[1:]),
    Ratio(negatives="hardest"),
]
EVERY = pytest.mark.parametrize("miner", VARIANTS, ids=str)


def taken(miner: Miner, distances: Tensor, labels: Tensor, seed: int = 0) -> list[tuple[int, ...]]:
    mined = miner(candidates(distances, labels, margin=1.0, seed=seed))
    triplets = as_consumed(mined, Triplets, distances, labels)
    assert isinstance(triplets, Triplets)
    assert all(rows.dtype == torch.int64 for rows in triplets[:3])
    return rows_of(triplets)


@EVERY
@settings(max_examples=30)
@given(
    labels=st.lists(st.integers(0, 3), max_size=9),
    places=st.lists(st.integers(0, 4), min_size=9, max_size=9),
)
def test_takes_only_triplets_and_none_twice(miner: Miner, labels: list[int], places: list[int]) -> None:
    """In particular the positive is never the anchor itself."""
    numbers = torch.tensor(labels, dtype=torch.int64)
    distances = distance_table(torch.tensor(places[: len(labels)], dtype=torch.float64)[:, None])
    rows = taken(miner, distances.reshape(len(labels), len(labels)), numbers)
    assert set(rows) <= set(triplet_rows(numbers))
    assert len(set(rows)) == len(rows)


@EVERY
@pytest.mark.parametrize(
    "labels", [[], [0], [0, 0, 0, 0], [0, 1, 2, 3]], ids=["empty", "one sample", "one class", "one sample a class"]
)
def test_takes_nothing_where_there_is_no_triplet(miner: Miner, labels: list[int]) -> None:
    numbers = torch.tensor(labels, dtype=torch.int64)
    points = torch.arange(float(len(labels)))[:, None]
    assert taken(miner, torch.cdist(points, points), numbers) == []


@EVERY
def test_a_class_of_one_sample_gives_negatives_but_no_anchor(miner: Miner) -> None:
    labels = torch.tensor([0, 0, 1])
    distances = distance_table(torch.tensor([[0.0], [1.0], [1.5]]))
    rows = taken(miner, distances, labels)
    assert rows and {a for a, _, _ in rows} <= {0, 1} and {n for _, _, n in rows} == {2}


@pytest.mark.parametrize("miner", [miner for miner in VARIANTS if not miner.is_random], ids=str)
def test_the_order_of_the_batch_does_not_matter(miner: Miner) -> None:
    """Without ties: the lower row of two equal ones depends on the order, as documented. Chances are tested with each
    miner that draws."""
    points, labels = batch()
    order = torch.randperm(len(labels), generator=torch.Generator().manual_seed(1))
    rows = taken(miner, distance_table(points), labels)
    shuffled = taken(miner, distance_table(points[order]), labels[order])
    assert rows and sorted(tuple(order[list(row)].tolist()) for row in shuffled) == sorted(rows)


@EVERY
def test_leaves_its_input_alone_and_repeats_itself(miner: Miner) -> None:
    points, labels = tied_batch()
    distances = distance_table(points)
    before = distances.clone(), labels.clone()
    assert taken(miner, distances, labels) == taken(miner, distances, labels)
    assert torch.equal(distances, before[0]) and torch.equal(labels, before[1])


@EVERY
def test_the_generator_decides_only_where_the_miner_says_so(miner: Miner) -> None:
    points, labels = batch(sizes=(5, 4, 4, 4))  # 28 positive pairs, and more than three times as many negative
    found = Counter(tuple(taken(miner, distance_table(points), labels, seed)) for seed in range(10))
    assert (len(found) > 1) == miner.is_random


@EVERY
def test_single_precision_takes_the_same(miner: Miner) -> None:
    points, labels = batch()
    distances = distance_table(points)
    assert taken(miner, distances.float(), labels) == taken(miner, distances, labels)


@pytest.mark.parametrize("kind", MINERS.values(), ids=MINERS)
def test_every_miner_has_a_card(kind: type[Miner]) -> None:
    assert kind.card.formula and kind.card.paper and kind.card.dialects and kind.card.traps
    assert all(sentence.endswith(".") for sentence in kind.card.dialects + kind.card.traps)

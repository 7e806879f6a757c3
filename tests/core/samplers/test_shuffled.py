from __future__ import annotations

import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from core.samplers import Shuffled


def sizes(count: int, batch_size: int) -> list[int]:
    labels = torch.zeros(count, dtype=torch.int64)
    return [len(rows) for rows in Shuffled(batch_size=batch_size).batches(labels, torch.Generator().manual_seed(0))]


@settings(max_examples=30)
@given(count=st.integers(1, 60), batch_size=st.integers(2, 20), seed=st.integers(0, 5))
def test_every_sample_comes_once_an_epoch(count: int, batch_size: int, seed: int) -> None:
    generator = torch.Generator().manual_seed(seed)
    rows = torch.cat(list(Shuffled(batch_size=batch_size).batches(torch.zeros(count), generator)))
    assert sorted(rows.tolist()) == list(range(count))


def test_the_short_rest_comes_last() -> None:
    assert sizes(23, 10) == [10, 10, 3]
    assert sizes(20, 10) == [10, 10]
    assert sizes(7, 10) == [7]


def test_one_sample_left_over_joins_the_batch_before() -> None:
    assert sizes(21, 10) == [10, 11]
    assert sizes(1, 10) == [1]


def test_the_rows_are_not_in_their_first_order() -> None:
    rows = next(Shuffled(batch_size=50).batches(torch.zeros(50), torch.Generator().manual_seed(0)))
    assert rows.tolist() != list(range(50))

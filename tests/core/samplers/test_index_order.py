from __future__ import annotations

from collections import Counter

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from core.samplers.index_order import IndexOrder, rows_by_class


@settings(max_examples=50)
@given(size=st.integers(1, 9), counts=st.lists(st.integers(1, 12), min_size=1, max_size=8), seed=st.integers(0, 9))
def test_every_row_gets_its_turn_before_any_gets_another(size: int, counts: list[int], seed: int) -> None:
    rows = 10 * torch.arange(size)
    order, taken = IndexOrder(rows, torch.Generator().manual_seed(seed)), Counter(dict.fromkeys(rows.tolist(), 0))
    for count in counts:
        rows_now = order.take(count).tolist()
        assert len(rows_now) == len(set(rows_now)) == min(count, size)
        taken.update(rows_now)
        assert max(taken.values()) - min(taken.values()) <= 1 and set(taken) == set(rows.tolist())


@pytest.mark.parametrize("labels", [[4, 2, 4, 9, 2, 4], [7]])
def test_rows_by_class_are_ascending_and_classes_in_the_order_of_labels(labels: list[int]) -> None:
    expected = [[row for row, of in enumerate(labels) if of == label] for label in sorted(set(labels))]
    assert [rows.tolist() for rows in rows_by_class(torch.tensor(labels))] == expected

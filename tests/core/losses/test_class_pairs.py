from __future__ import annotations

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from core.losses.class_pairs import class_pairs, length_penalty


@given(labels=st.lists(st.integers(0, 4), max_size=12))
def test_the_pair_of_a_class_is_its_first_two_rows(labels: list[int]) -> None:
    anchor, positive = class_pairs(torch.tensor(labels, dtype=torch.int64))
    rows = [[row for row, of in enumerate(labels) if of == label] for label in sorted(set(labels))]
    expected = [(of_class[0], of_class[1]) for of_class in rows if len(of_class) > 1]
    assert list(zip(anchor.tolist(), positive.tolist(), strict=True)) == expected


def test_the_penalty_is_a_quarter_of_the_weight_on_each_mean_square() -> None:
    anchors, positives = torch.tensor([[3.0, 4.0], [0.0, 1.0]]), torch.tensor([[1.0, 1.0], [2.0, 0.0]])
    assert float(length_penalty(anchors, positives, 0.02)) == pytest.approx(0.25 * 0.02 * ((25 + 1) / 2 + (2 + 4) / 2))
    assert float(length_penalty(anchors[:0], positives[:0], 0.02)) == 0

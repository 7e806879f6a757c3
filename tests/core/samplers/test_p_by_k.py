from __future__ import annotations

from collections import Counter

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from torch import Tensor

from core.samplers import PByK


def labels_of(sizes: list[int]) -> Tensor:
    """Classes 0, 10, 20 ... of these sizes: class numbers need not follow one another."""
    labels = torch.cat([torch.full((size,), 10 * label) for label, size in enumerate(sizes)])
    return labels[torch.randperm(len(labels), generator=torch.Generator().manual_seed(3))]


def epochs(sampler: PByK, labels: Tensor, count: int = 1, seed: int = 0) -> list[Tensor]:
    generator = torch.Generator().manual_seed(seed)
    return [rows for _ in range(count) for rows in sampler.batches(labels, generator)]


@settings(max_examples=30)
@given(
    sizes=st.lists(st.integers(1, 9), min_size=2, max_size=6),
    per_class=st.integers(2, 6),
    data=st.data(),
)
def test_a_batch_holds_p_classes_and_k_samples_of_each_or_all_there_are(
    sizes: list[int], per_class: int, data: st.DataObject
) -> None:
    classes = data.draw(st.integers(2, len(sizes)))
    labels = labels_of(sizes)
    batches = epochs(PByK(classes_per_batch=classes, samples_per_class=per_class), labels, 3)
    for rows in batches:
        assert len(set(rows.tolist())) == len(rows), "nothing is repeated in a batch"
        drawn = Counter(labels[rows].tolist())
        assert len(drawn) == classes
        assert all(count == min(per_class, sizes[label // 10]) for label, count in drawn.items())


def test_an_epoch_is_as_many_batches_as_it_takes_to_see_every_sample_once() -> None:
    sampler = PByK(classes_per_batch=2, samples_per_class=3)
    assert len(epochs(sampler, labels_of([6, 6, 6, 6]))) == 4
    assert len(epochs(sampler, labels_of([6, 6, 6, 7]))) == 5


@settings(max_examples=30)
@given(
    sizes=st.lists(st.integers(1, 9), min_size=2, max_size=6),
    per_class=st.integers(2, 6),
    data=st.data(),
)
def test_every_class_gets_its_turn_before_any_gets_another(
    sizes: list[int], per_class: int, data: st.DataObject
) -> None:
    """And so does every sample within its class."""
    classes = data.draw(st.integers(2, len(sizes)))
    labels = labels_of(sizes)
    sampler = PByK(classes_per_batch=classes, samples_per_class=per_class)
    turns = Counter(dict.fromkeys(labels.tolist(), 0))
    dealt: Counter[int] = Counter()
    for rows in sampler.batches(labels, torch.Generator().manual_seed(0)):
        turns.update(set(labels[rows].tolist()))
        dealt.update(rows.tolist())
        assert max(turns.values()) - min(turns.values()) <= 1
        for label in labels.unique().tolist():
            counts = [dealt[row] for row in (labels == label).nonzero().flatten().tolist()]
            assert max(counts) - min(counts) <= 1


def test_equal_classes_are_seen_whole_in_an_epoch() -> None:
    labels = labels_of([6, 6, 6, 6])
    rows = torch.cat(epochs(PByK(classes_per_batch=2, samples_per_class=3), labels))
    assert sorted(rows.tolist()) == list(range(24))


def test_the_classes_of_a_batch_are_drawn_and_not_always_the_same() -> None:
    labels = labels_of([8] * 8)
    batches = epochs(PByK(classes_per_batch=2, samples_per_class=2), labels)
    assert len({frozenset(labels[rows].tolist()) for rows in batches}) > 8


def test_more_classes_than_there_are_is_refused() -> None:
    with pytest.raises(ValueError, match=r"at most the number of training classes \(9\), got 10"):
        PByK(classes_per_batch=10).check(class_count=9, sample_count=500)
    PByK(classes_per_batch=9).check(class_count=9, sample_count=500)

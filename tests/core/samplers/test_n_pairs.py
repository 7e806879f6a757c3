from __future__ import annotations

from collections import Counter

import pytest
import torch

from core.samplers import NPairs


def test_a_batch_is_one_pair_of_each_of_its_classes_side_by_side() -> None:
    labels = torch.arange(60) % 6
    for rows in NPairs(classes_per_batch=4).batches(labels, torch.Generator().manual_seed(0)):
        anchor, positive = rows.view(-1, 2).unbind(1)
        assert len(rows) == 8 and torch.equal(labels[anchor], labels[positive]) and not torch.equal(anchor, positive)
        assert len(labels[anchor].unique()) == 4


def test_a_class_of_a_single_sample_is_left_out() -> None:
    labels = torch.tensor([0, 0, 1, 2, 2, 2, 3])
    batches = list(NPairs(classes_per_batch=4).batches(labels, torch.Generator().manual_seed(0)))
    assert [sorted(labels[rows].tolist()) for rows in batches] == [[0, 0, 2, 2]]


def test_every_class_gets_its_turn_before_any_gets_another() -> None:
    labels = torch.arange(60) % 6
    batches = NPairs(classes_per_batch=4).batches(labels, torch.Generator().manual_seed(0))
    turns = Counter(label for rows in batches for label in labels[rows[::2]].tolist())
    assert len(turns) == 6 and max(turns.values()) - min(turns.values()) <= 1


def test_a_set_without_two_pairs_is_refused() -> None:
    with pytest.raises(ValueError, match=r"at least 2 classes of 2 samples or more, got 1"):
        list(NPairs(classes_per_batch=2).batches(torch.tensor([0, 0, 1, 2]), torch.Generator()))
    with pytest.raises(ValueError, match=r"at most the number of training classes \(9\), got 10"):
        NPairs(classes_per_batch=10).check(class_count=9, sample_count=500)

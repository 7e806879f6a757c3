from __future__ import annotations

from itertools import combinations

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from core.samplers import Ratio


def pairs(parts: list[int]) -> tuple[int, int]:
    """Positive and negative pairs among classes of these sizes, one pair at a time."""
    labels = [number for number, part in enumerate(parts) for _ in range(part)]
    same = [one == other for one, other in combinations(labels, 2)]
    return sum(same), len(same) - sum(same)


@settings(max_examples=100, deadline=None)
@given(batch_size=st.integers(4, 160), ratio=st.floats(0.25, 100))
def test_the_share_of_positive_pairs_is_as_asked(batch_size: int, ratio: float) -> None:
    """To within half the pairs that one more sample makes with the largest class: only whole samples move."""
    parts = Ratio(batch_size=batch_size, negatives_per_positive=ratio).parts()
    positive, negative = pairs(parts)
    wanted = (positive + negative) / (1 + ratio)
    assert sum(parts) == batch_size and positive >= 1 and negative >= 1
    assert abs(positive - wanted) <= (parts[0] + 1) / 2


@pytest.mark.parametrize(
    "sampler, share",
    [
        (Ratio(), 0.25),
        (Ratio(negatives_per_positive=1.0), 0.5),
        (Ratio(batch_size=300, negatives_per_positive=9.0), 0.1),
    ],
    ids=str,
)
def test_a_large_batch_meets_the_ratio_to_a_part_in_two_hundred(sampler: Ratio, share: float) -> None:
    positive, negative = pairs(sampler.parts())
    assert positive / (positive + negative) == pytest.approx(share, rel=0.005)


def test_a_batch_holds_the_parts_in_any_order_of_classes() -> None:
    labels = torch.arange(600) % 6
    sampler = Ratio(batch_size=40)
    batches = list(sampler.batches(labels, torch.Generator().manual_seed(0)))
    sizes = [labels[rows].bincount(minlength=6).tolist() for rows in batches]
    assert len(batches) == 15 and all(sorted(filter(None, part), reverse=True) == sampler.parts() for part in sizes)
    assert len({tuple(part) for part in sizes}) > 10


def test_a_class_with_too_few_samples_gives_all_it_has() -> None:
    labels = torch.tensor([0] * 3 + [1] * 3 + [2] * 3 + [3] * 3 + [4] * 3)
    for rows in Ratio(batch_size=40).batches(labels, torch.Generator().manual_seed(0)):
        assert labels[rows].unique(return_counts=True)[1].tolist() == [3] * len(Ratio(batch_size=40).parts())


def test_a_ratio_that_takes_more_classes_than_there_are_is_refused() -> None:
    with pytest.raises(ValueError, match=r"training classes \(10\), got 17\. Lower negatives_per_positive \(now 20\)"):
        Ratio(negatives_per_positive=20.0).check(class_count=10, sample_count=500)
    Ratio().check(class_count=4, sample_count=500)

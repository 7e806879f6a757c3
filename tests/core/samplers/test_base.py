"""What a sampler is before it says otherwise, and the rule that several share."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from core.samplers import SAMPLERS, HardClasses, PByK
from core.samplers.base import Sampler
from core.samplers.expected_batch import Composition


class Whole(Sampler):
    """Takes everything at once."""

    name = "whole"


def test_a_sampler_that_says_nothing_serves_every_set_and_promises_nothing() -> None:
    sampler = Whole()
    sampler.check(1, 1)
    assert sampler.can_isolate(np.array([5, 5])) is True, "a batch may hold a sample alone unless somebody shows it not"
    assert sampler.expected_batch(np.array([5, 5])) is None and not sampler.needs_centres
    with pytest.raises(NotImplementedError):
        sampler.batches(torch.zeros(3), torch.Generator())


@pytest.mark.parametrize("kind", SAMPLERS.values(), ids=SAMPLERS)
def test_no_batch_holds_a_sample_alone_where_the_sampler_says_so(kind: type[Sampler]) -> None:
    labels = torch.arange(12).repeat_interleave(20)
    if kind().can_isolate(np.full(12, 20)):
        return
    centres = torch.randn(12, 3, generator=torch.Generator().manual_seed(2))
    for rows in kind().batches(labels, torch.Generator().manual_seed(0), centres):
        counts = labels[rows].unique(return_counts=True)[1]
        assert len(counts) > 1 and int(counts.min()) > 1


@pytest.mark.parametrize("kind", SAMPLERS.values(), ids=SAMPLERS)
def test_what_a_batch_holds_on_average_is_known_of_every_member(kind: type[Sampler]) -> None:
    assert isinstance(kind().expected_batch(np.full(256, 4)), Composition)


@pytest.mark.parametrize("kind", [PByK, HardClasses])
def test_a_batch_has_no_more_classes_than_there_are(kind: type[PByK] | type[HardClasses]) -> None:
    kind(classes_per_batch=7).check(7, 70)
    with pytest.raises(
        ValueError, match=r": classes_per_batch must be at most the number of training classes \(6\), got"
    ):
        kind(classes_per_batch=7).check(6, 60)

from __future__ import annotations

import pytest
import torch

from core.samplers import SAMPLERS
from core.samplers.base import Sampler

EVERY = pytest.mark.parametrize("kind", SAMPLERS.values(), ids=SAMPLERS)
LABELS = torch.arange(230) % 11


def epoch(kind: type[Sampler], generator: torch.Generator) -> list[list[int]]:
    return [rows.tolist() for rows in kind().batches(LABELS, generator)]


@EVERY
def test_the_same_generator_gives_the_same_batches(kind: type[Sampler]) -> None:
    first, again = (epoch(kind, torch.Generator().manual_seed(4)) for _ in range(2))
    assert first == again
    assert first != epoch(kind, torch.Generator().manual_seed(5))


@EVERY
def test_nobody_draws_from_the_generator_of_all(kind: type[Sampler]) -> None:
    before = torch.get_rng_state()
    epoch(kind, torch.Generator().manual_seed(4))
    assert torch.equal(torch.get_rng_state(), before)


@EVERY
def test_the_next_epoch_has_other_batches(kind: type[Sampler]) -> None:
    generator = torch.Generator().manual_seed(4)
    assert epoch(kind, generator) != epoch(kind, generator)


@EVERY
def test_batches_hold_rows_of_the_set_and_each_at_most_once(kind: type[Sampler]) -> None:
    for rows in kind().batches(LABELS, torch.Generator().manual_seed(0)):
        assert rows.dtype == torch.int64 and rows.ndim == 1 and len(rows) > 1
        assert len(rows.unique()) == len(rows) and 0 <= int(rows.min()) and int(rows.max()) < len(LABELS)

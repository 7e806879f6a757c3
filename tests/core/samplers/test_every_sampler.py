from __future__ import annotations

import pytest
import torch

from core.params import params_of
from core.samplers import SAMPLERS
from core.samplers.base import Sampler

EVERY = pytest.mark.parametrize("kind", SAMPLERS.values(), ids=SAMPLERS)
LABELS = torch.arange(230) % 11
CENTRES = torch.randn(11, 3, generator=torch.Generator().manual_seed(2))


def epoch(kind: type[Sampler], generator: torch.Generator) -> list[list[int]]:
    return [rows.tolist() for rows in kind().batches(LABELS, generator, CENTRES)]


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
    for rows in kind().batches(LABELS, torch.Generator().manual_seed(0), CENTRES):
        assert rows.dtype == torch.int64 and rows.ndim == 1 and len(rows) > 1
        assert len(rows.unique()) == len(rows) and 0 <= int(rows.min()) and int(rows.max()) < len(LABELS)


@EVERY
def test_an_epoch_draws_about_as_many_samples_as_there_are(kind: type[Sampler]) -> None:
    for sampler in (kind(), kind(**{params_of(kind)[0].name: 4})):
        rows = [len(rows) for rows in sampler.batches(LABELS, torch.Generator().manual_seed(0), CENTRES)]
        assert len(LABELS) - rows[0] < sum(rows) < len(LABELS) + rows[0]


@EVERY
def test_class_numbers_need_not_follow_one_another(kind: type[Sampler]) -> None:
    """The classes in the same order under other numbers give the same batches."""
    renamed = 7 * LABELS + 3
    batches = [rows.tolist() for rows in kind().batches(renamed, torch.Generator().manual_seed(4), CENTRES)]
    assert batches == epoch(kind, torch.Generator().manual_seed(4))


@EVERY
def test_centres_matter_to_those_alone_who_need_them(kind: type[Sampler]) -> None:
    others = CENTRES.flip(0)
    batches = [rows.tolist() for rows in kind().batches(LABELS, torch.Generator().manual_seed(4), others)]
    assert (batches == epoch(kind, torch.Generator().manual_seed(4))) != kind.needs_centres


@EVERY
def test_every_sampler_has_a_card(kind: type[Sampler]) -> None:
    assert kind.card.formula and kind.card.paper and kind.card.dialects and kind.card.traps

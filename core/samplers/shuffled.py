from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from core.lazy import torch
from core.params import param
from core.samplers.base import Sampler

if TYPE_CHECKING:
    from torch import Generator, Tensor


@dataclass(frozen=True)
class Shuffled(Sampler):
    """Shuffle the training samples and cut them into batches; each sample once an epoch, the short rest last."""

    batch_size: int = param(80, low=2, high=2048, unit="samples", help="samples in a batch")

    def batches(self, labels: Tensor, generator: Generator) -> Iterator[Tensor]:
        rows = torch.randperm(len(labels), generator=generator)
        batches = list(rows.split(self.batch_size))
        if len(batches) > 1 and len(batches[-1]) == 1:  # one sample alone has no pair: it joins the batch before
            batches[-2:] = [torch.cat(batches[-2:])]
        yield from batches

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from core.batch.mined import Pairs
from core.lazy import torch
from core.miners.base import Candidates, Miner
from core.params import Card, param

if TYPE_CHECKING:
    from torch import Generator, Tensor


@dataclass(frozen=True)
class Ratio(Miner):
    """Keep all positive pairs of the batch and a multiple of them in negative pairs, drawn or the hardest.

    Pairs are counted without their order; where the batch holds too few negatives all are taken. Of equally far
    negatives those of the lower rows are the harder.
    """

    card = Card(
        formula=r"|\mathcal{N}| = \min\left(r\,|\mathcal{P}|,\ |\{(i, j) : y_i \ne y_j\}|\right)",
        paper="Liu et al. 2016, SSD: Single Shot MultiBox Detector (ECCV), section 2.2: hard negatives at 3 : 1",
        dialects=(
            "siamese-triplet takes 1 : 1, drawn or hardest. Its hardest ones were for a while the furthest ones, the "
            "easiest.",
        ),
        traps=(
            "How many negatives and how hard they are is not the same question: change one of the two at a time.",
            "The hardest of a whole batch may all belong to few anchors.",
        ),
    )
    ratio: float = param(3.0, low=0.1, high=100.0, help="negative pairs per positive pair")
    negatives: str = param(
        "drawn", choices=("drawn", "hardest"), help="with equal chances, or the nearest of the batch"
    )

    @property
    def is_random(self) -> bool:
        return self.negatives == "drawn"

    def __call__(self, candidates: Candidates) -> Pairs:
        positive, negative = candidates.pairs
        upper = negative.triu()  # each pair once
        count = round(self.ratio * int(positive.sum()) / 2)
        if count >= int(upper.sum()):
            return candidates.pairs
        if self.is_random:
            negative = _drawn(upper, count, candidates.generator)
        else:
            negative = _hardest(upper, count, candidates.distances)
        return Pairs(positive, negative | negative.T)


def _drawn(mask: Tensor, count: int, generator: Generator) -> Tensor:
    """(N, N) -> as many of its true places, none preferred."""
    places = mask.flatten().nonzero().flatten()
    chosen = torch.randperm(len(places), generator=generator)[:count].to(places.device)
    picks = torch.zeros_like(mask)
    picks.view(-1)[places[chosen]] = True
    return picks


def _hardest(mask: Tensor, count: int, distances: Tensor) -> Tensor:
    """(N, N) -> the nearest of its true places; row by row where the last distance is not the only one of its kind."""
    if count == 0:
        return torch.zeros_like(mask)
    furthest = distances[mask].kthvalue(count).values
    picks = mask & (distances < furthest)
    tied = (mask & (distances == furthest)).flatten().nonzero().flatten()
    picks.view(-1)[tied[: count - int(picks.sum())]] = True
    return picks

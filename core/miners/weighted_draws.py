"""Draw columns of a matrix by their weights, row by row."""

from __future__ import annotations

from typing import TYPE_CHECKING

from core.batch.mined import Triplets
from core.lazy import torch

if TYPE_CHECKING:
    from torch import Generator, Tensor


def draw(weights: Tensor, count: int, generator: Generator) -> Tensor:
    """(N, M) weights >= 0 -> (N, K) columns, each drawn by itself in proportion to the weights of its row.

    Any column for a row without weight.
    """
    cumulative = weights.cumsum(1, dtype=torch.float64)
    total = cumulative[:, -1:]
    shares = torch.rand(len(weights), count, dtype=torch.float64, generator=generator).to(weights.device)
    # Below the total, also where the product rounds up to it: a column of weight 0 is never drawn.
    places = (shares * total).minimum(torch.nextafter(total, torch.zeros_like(total)))
    return torch.searchsorted(cumulative, places, right=True).clamp_max(weights.shape[1] - 1)


def draw_negatives(weights: Tensor, anchor: Tensor, positive: Tensor, generator: Generator) -> Triplets:
    """(N, N) weights, P pairs in the order of their anchors -> one triplet for each pair, its negative drawn by the
    weights in the anchor's row."""
    if len(anchor) == 0:
        return Triplets(anchor, positive, anchor)
    counts = torch.bincount(anchor, minlength=len(weights))
    first = counts.cumsum(0) - counts
    number = torch.arange(len(anchor), device=anchor.device) - first[anchor]
    negatives = draw(weights, int(counts.max()), generator)
    return Triplets(anchor, positive, negatives[anchor, number])


def perplexity(weights: Tensor) -> Tensor:
    """(N, M) weights >= 0, some in each row -> (N,): how many equal weights would be as hard to guess as a row's.

    e^H with the entropy H in nats: M for equal weights, 1 where all weight lies on one column.
    """
    return torch.special.entr(weights / weights.sum(1, keepdim=True)).sum(1).exp()

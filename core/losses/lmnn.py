"""Large margin nearest neighbours, and which neighbours are targets."""

from __future__ import annotations

from dataclasses import dataclass
from math import inf
from typing import TYPE_CHECKING

import numpy as np

from core.batch.four_samples import NEGATIVE, POSITIVE, FourSamples, hinge
from core.batch.mined import Pairs
from core.lazy import torch
from core.losses.base import Batch, Loss, Terms
from core.params import Card, param

if TYPE_CHECKING:
    from torch import Tensor


@dataclass(frozen=True)
class Lmnn(Loss):
    """Pull each sample's few nearest of its class closer, and push away whatever comes nearer than they are, and more.

    Weinberger and Saul 2009, large margin nearest neighbour, equations 11 to 13, with squared Euclidean distances:
    (1 - mu) d_ij for a target neighbour j of i, and mu [m + d_ij - d_il]_+ for each l of another class, an impostor
    where it is above 0. The paper fixes the target neighbours before training, as the nearest of the class in the
    input; a batch holds only some of them, so here they are the nearest of the class in the batch as it is embedded
    now. Ties go to the lower row.
    """

    consumes = Pairs
    suits = {"miner": {"kind": "all"}, "distance": {"kind": "squared-euclidean"}, "encoder": {"normalise": False}}
    suits_because = {
        "miner": "this loss chooses target neighbours and impostors itself",
        "distance": "it compares squared distances",
        "encoder": "its margin of 1 is met by the length of the embeddings",
    }
    card = Card(
        formula=r"\ell_{ij} = (1 - \mu) \, d_{ij} + \mu \sum_{l : y_l \ne y_i} \left[ m + d_{ij} - d_{il} \right]_+ ,"
        r" \quad j \in \text{targets}(i)",
        paper="Weinberger, Saul 2009, Distance metric learning for large margin nearest neighbor classification (JMLR)",
        dialects=(
            "The paper sums over all samples of the set; here the mean over the target neighbours of a batch, each "
            "with its impostors summed.",
            "metric-learn and the authors' code keep the target neighbours of the input, three of each sample; here "
            "they follow the embedding.",
            "FaceNet's triplet loss is the push alone, without mu, with positives that are not the nearest.",
        ),
        traps=(
            "The pull never stops: with a small mu, or without impostors, embeddings shrink towards one point.",
            "Stuck at mu m times the impostors of a sample: all embeddings have become one point.",
            "With large batches the push is a sum over many impostors and outweighs the pull: lower mu.",
        ),
    )
    neighbours: int = param(3, low=1, high=100, unit="samples", help="target neighbours of each sample, at most")
    margin: float = param(1.0, main="margin", low=0.0, high=10.0, unit="distance", help="gap that impostors must leave")
    push: float = param(0.5, main="mu", low=0.0, high=1.0, help="share of the push; the pull has the rest")

    @property
    def hardness_margin(self) -> float:
        return self.margin

    def curve(self, samples: FourSamples) -> np.ndarray:
        """Of each anchor there is one positive, which is its target neighbour."""
        distances = samples.distances
        own = distances[:, POSITIVE]
        gaps = hinge(self.margin + own[:, :, None] - distances)
        return ((1 - self.push) * own + self.push * np.where(NEGATIVE, gaps, 0).sum(2)).mean(1)

    def __call__(self, batch: Batch, mined: Pairs) -> Terms:
        """One term per anchor and target neighbour: its pull and all of its pushes."""
        anchor, target = target_neighbours(batch.distances.detach(), mined.positive, self.neighbours)
        own = batch.distances[anchor, target]
        gaps = torch.relu(self.margin + own[:, None] - batch.distances[anchor])  # (P, N)
        pushes = (gaps * mined.negative[anchor]).sum(1)
        return self.mean((1 - self.push) * own + self.push * pushes)


def target_neighbours(distances: Tensor, positive: Tensor, most: int) -> tuple[Tensor, Tensor]:
    """(N, N), (N, N) mask -> anchors (P,) and their nearest positives (P,), at most so many of each, ties by row."""
    order = distances.masked_fill(~positive, inf).sort(dim=1, stable=True).indices[:, :most]
    anchor, place = positive.gather(1, order).nonzero(as_tuple=True)
    return anchor, order[anchor, place]

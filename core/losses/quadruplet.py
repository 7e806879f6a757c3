"""The quadruplet loss, and how its second pair of negatives is drawn."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import numpy as np

from core.batch.four_samples import NEGATIVE, POSITIVE, FourSamples, hinge
from core.batch.mined import Band, Pairs, Triplets
from core.lazy import torch
from core.losses.base import Batch, Loss, Terms
from core.losses.triplet_terms import triplet_terms
from core.params import Card, param

if TYPE_CHECKING:
    from torch import Generator, Tensor


@dataclass(frozen=True)
class Quadruplet(Loss):
    """Besides the triplet's demand, keep pairs of two other classes further apart than the pairs of one class.

    Chen et al. 2017, equation 8: [d_ij - d_ik + margin]_+ over the mined triplets, plus [d_ij - d_kl + pair_margin]_+
    with k and l of classes other than i's and each other's; d is squared in the paper. The second sum runs over all
    positive pairs i < j of the batch, each with a k drawn from the rows of other classes and then an l from the rows of
    the classes that are left. Each sum is averaged on its own; both are empty where nothing is mined.
    """

    consumes = Triplets
    sums_triplets = True
    suits = {"distance": {"kind": "squared-euclidean"}}
    suits_because = {"distance": "its margins are gaps between squared distances"}
    card = Card(
        formula=r"\left[ d_{ij} - d_{ik} + m_1 \right]_+ + \left[ d_{ij} - d_{kl} + m_2 \right]_+,"
        r" \quad y_i = y_j,\; y_k \ne y_i,\; y_l \ne y_i,\; y_k \ne y_l",
        paper="Chen, Chen, Zhang, Huang 2017, Beyond Triplet Loss: A Deep Quadruplet Network for Person "
        "Re-identification (CVPR)",
        dialects=(
            "The paper learns its distance by a layer on the pair and adapts the margins to the mean distances; here "
            "the distance is the experiment's and the margins are fixed.",
            "Squared distances in the paper, plain ones in several implementations; equal margins of 0.2 in one.",
            "The paper draws the quadruplets of the second sum anew for each batch, as here; some mine the hardest.",
        ),
        traps=(
            "The fourth sample must be of a third class. One implementation only asks that it is not the negative "
            "itself, so the pair (k, l) can be of one class and is pushed apart all the same.",
            "A batch of two classes has no second sum.",
            "The second margin is meant to be the smaller one: that demand is the weaker one.",
            "Stuck at the sum of both margins: all embeddings have become one point.",
        ),
    )
    margin: float = param(
        0.2, main="margin", low=0.0, high=10.0, unit="distance", help="gap asked for within a triplet"
    )
    pair_margin: float = param(
        0.1, low=0.0, high=10.0, unit="distance", help="gap asked for to a pair of two other classes"
    )
    mean_over: str = param(
        "active", choices=("active", "all"), help="average only over terms above zero, or over all of them"
    )

    @property
    def hardness_margin(self) -> float:
        return self.margin

    @property
    def averages(self) -> Literal["active", "all"]:
        return "active" if self.mean_over == "active" else "all"

    def curve(self, samples: FourSamples) -> np.ndarray:
        """Of two classes alone: without a third there is no pair of two others, so only the triplets count."""
        difference = (
            samples.distances[:, :, :, None] - samples.distances[:, :, None, :]
        )  # (K, anchor, positive, negative)
        return hinge(difference + self.margin)[:, POSITIVE[:, :, None] & NEGATIVE[:, None, :]].mean(1)

    def __call__(self, batch: Batch, mined: Triplets | Pairs | Band) -> Terms:
        """One term per triplet and one per positive pair."""
        distances, first = batch.distances, triplet_terms(self, batch, mined, self.margin)
        if first.count == 0 or len(batch.labels.unique()) < 3:
            return first
        labels = batch.labels
        row, column = (labels[:, None] == labels).triu_(1).nonzero(as_tuple=True)
        first_row, second_row = drawn_negative_pairs(labels, row, batch.generator)
        # One gather of numbered places: its gradient is added up several times faster than that of rows and columns.
        places = torch.cat([row, first_row]) * len(labels) + torch.cat([column, second_row])
        near, far = distances.flatten().index_select(0, places).view(2, -1)
        second = self.mean(torch.relu(near - far + self.pair_margin))
        return first.plus(second)


def drawn_negative_pairs(labels: Tensor, anchor: Tensor, generator: Generator) -> tuple[Tensor, Tensor]:
    """(N,) labels of three classes or more, (P,) rows -> for each a row k of another class and a row l of a third.

    k is uniform over the rows of other classes than the anchor's, l over the rows of classes other than both.
    """
    order = labels.argsort(stable=True)  # every class is one run of places
    _, of_row, sizes = labels.unique(return_inverse=True, return_counts=True)
    starts = sizes.cumsum(0) - sizes
    own = of_row[anchor]
    chances = torch.rand(2, len(anchor), dtype=torch.float64, generator=generator).to(labels.device)
    place = (chances[0] * (len(labels) - sizes[own])).long()
    place += torch.where(place >= starts[own], sizes[own], 0)  # step over the anchor's run
    first = order[place]
    other = of_row[first]
    place = (chances[1] * (len(labels) - sizes[own] - sizes[other])).long()
    for skipped in (torch.minimum(own, other), torch.maximum(own, other)):
        place += torch.where(place >= starts[skipped], sizes[skipped], 0)
    return first, order[place]

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from core.batch.four_samples import NEGATIVE, POSITIVE, FourSamples
from core.batch.mined import Pairs
from core.losses.base import Batch, Loss, Terms
from core.params import Card

LEAST = 1e-12  # of the mean distance, below which nothing is told apart and nothing is learned


@dataclass(frozen=True)
class Mmc(Loss):
    """Make pairs of one class close, as a share of how far apart pairs of two classes are: where this field began.

    Xing et al. 2002 ask for the metric with the least sum of d_ij^2 over similar pairs whose sum of d_ij over
    dissimilar pairs is at least 1 (equations 3 to 5; not squared there, or the best metric has rank 1). Where a metric
    has the sums s and t, the one that is c^2 times as large has c^2 s and c t. So the constraint holds with equality at
    the best one, c = 1 / t, and what is left to choose is the metric with the least s / t^2, at any size: this ratio is
    the loss, with means in place of sums, which changes a factor alone. Terms: d_ij^2 over the square of the mean
    distance of dissimilar pairs, for each similar pair.
    """

    consumes = Pairs
    suits = {"miner": {"kind": "all"}, "encoder": {"normalise": False}}
    suits_because = {
        "miner": "this loss is a ratio of two means over all pairs of the batch",
        "encoder": "its ratio is the same at every length",
    }
    card = Card(
        formula=r"\frac{\frac{1}{|S|} \sum_{(i,j) \in S} d_{ij}^2}"
        r"{\Bigl( \frac{1}{|D|} \sum_{(i,j) \in D} d_{ij} \Bigr)^2}",
        paper="Xing, Ng, Jordan, Russell 2002, Distance metric learning, with application to clustering with "
        "side-information (NIPS)",
        dialects=(
            "The paper projects a full matrix back to the constraints after every step; a linear encoder W is a metric "
            "by itself, and the ratio needs no constraint.",
            "For a diagonal metric the paper minimises s - log t, whose best value at any size grows with the ratio.",
            "The sums are of all pairs of the set there, of those of a batch here.",
        ),
        traps=(
            "Pairs of two classes count by their mean alone: far ones can pay for near ones, which stay mixed up.",
            "Embeddings keep the length that they happen to have: only their shape is learned.",
            "All pairs of a class are to be close, also where a class has several clusters.",
        ),
    )

    def curve(self, samples: FourSamples) -> np.ndarray:
        similar, dissimilar = samples.distances[:, POSITIVE], samples.distances[:, NEGATIVE]
        return (similar**2).mean(1) / dissimilar.mean(1) ** 2

    def __call__(self, batch: Batch, mined: Pairs) -> Terms:
        """One term per similar pair; none where the batch has no dissimilar pair."""
        similar, dissimilar = batch.distances[mined.positive], batch.distances[mined.negative]
        if not len(dissimilar):
            return self.mean(similar[:0])
        return self.mean(similar.square() / dissimilar.mean().clamp_min(LEAST).square())

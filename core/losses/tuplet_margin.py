from __future__ import annotations

from dataclasses import dataclass
from math import cos, radians, sin
from typing import TYPE_CHECKING

import numpy as np

from core.batch.euclidean import euclidean_matrix
from core.batch.four_samples import NEGATIVE, POSITIVE, FourSamples, log_sum, softplus
from core.batch.mined import Pairs
from core.batch.pair_sums import row_sums
from core.lazy import torch
from core.losses.base import Batch, Loss, Terms
from core.params import Card, param

if TYPE_CHECKING:
    from torch import Tensor


@dataclass(frozen=True)
class TupletMargin(Loss):
    """Keep the angle to every positive below those to all negatives of the anchor together, less a slack it may keep.

    log(1 + sum over n of e^(s (cos a_n - cos(a_p - slack)))) per positive pair, a the angle from the anchor (Yu and
    Tao 2019).
    """

    consumes = Pairs
    compares = "cosine"
    suits = {"miner": {"kind": "all"}}
    suits_because = {"miner": "this loss weighs all negatives of an anchor, the near ones most"}
    card = Card(
        formula=r"\ell_{ap} = \log\left( 1 + \sum_n e^{s (\cos\theta_{an} - \cos(\theta_{ap} - \beta))} \right)",
        paper="Yu, Tao 2019, Deep metric learning with tuplet margin loss (ICCV)",
        dialects=(
            "The paper's tuplets have one negative of every other class; here, as in pytorch-metric-learning, all "
            "negatives of the anchor count.",
            "The paper adds a second loss against the variance among the positive and among the negative pairs; here "
            "it is left out.",
            "Without a slack it is InfoNCE, one pair at a time, with the temperature 1 / s.",
        ),
        traps=(
            "The slack helps with classes that were never seen in training, and costs on those of the training: on "
            "digits MAP@R goes from 0.58 to 0.59 there, from 0.92 to 0.88 here.",
            "Positive pairs closer than the slack are pushed apart to it, so a class never becomes a point.",
            "A large scale listens to the nearest negative alone: one wrong label then decides.",
        ),
    )
    scale: float = param(64.0, main="scale", low=1.0, high=512.0, help="s: how sharply the nearest negatives dominate")
    slack: float = param(
        5.73, main="slack", low=0.0, high=45.0, unit="degrees", help="angle that a positive pair may keep"
    )

    def curve(self, samples: FourSamples) -> np.ndarray:
        slack, cosines, chords = radians(self.slack), samples.cosines, samples.distances
        own = cos(slack) * cosines + sin(slack) * chords * np.sqrt(np.maximum(1 - chords**2 / 4, 0))
        others = log_sum(self.scale * cosines, NEGATIVE)
        return softplus(others[:, :, None] - self.scale * own)[:, POSITIVE].mean(1)

    def __call__(self, batch: Batch, mined: Pairs) -> Terms:
        """One term per positive pair whose anchor has a negative."""
        directions = torch.nn.functional.normalize(batch.embeddings)
        cosines = directions @ directions.T
        sums = row_sums(cosines, mined, 1.0, self.scale)
        anchor, positive = (mined.positive & sums.has_negative[:, None]).nonzero(as_tuple=True)
        chords = euclidean_matrix(directions)[anchor, positive]
        own = cos(radians(self.slack)) * cosines[anchor, positive] + sin(radians(self.slack)) * _sines(chords)
        return self.mean(torch.nn.functional.softplus(sums.negative_log[anchor] - self.scale * own))


def _sines(chords: Tensor) -> Tensor:
    """(P,) distances of points of unit length -> sines of their angles. From 1 - cos^2 close points, in float32, would
    have no digits. At 0 and at pi, where no direction is the one to turn in, the slope is finite."""
    return chords * (1 - chords.square() / 4).clamp_min(torch.finfo(chords.dtype).eps).sqrt()

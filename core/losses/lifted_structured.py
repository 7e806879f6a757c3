from __future__ import annotations

from dataclasses import dataclass
from math import inf

import numpy as np

from core.batch.four_samples import NEGATIVE, POSITIVE, FourSamples, hinge, log_sum
from core.batch.mined import NOTHING, Pairs
from core.batch.pair_sums import lifted_sums, row_sums
from core.losses.base import Batch, Loss, Terms
from core.params import Card, param


@dataclass(frozen=True)
class LiftedStructured(Loss):
    """Keep every negative of both ends of a positive pair further away than the pair is long, plus `margin`.

    J = d_ij + log(sum over i's negatives e^(m - d_ik) + sum over j's e^(m - d_jl)), one term [J]_+^2 / 2 per positive
    pair (Song et al. 2016, equation 4). Hard: the nearest of those negatives alone, J = d_ij + max(m - d_ik, m - d_jl)
    (their equation 3).
    """

    consumes = Pairs
    suits = {"miner": {"kind": "all"}}
    suits_because = {"miner": "this loss weighs all negatives of a pair, the near ones most"}
    card = Card(
        formula=r"\mathcal{L} = \frac{1}{2|P|} \sum_{(i,j) \in P} \Bigl[ d_{ij} + \log\Bigl("
        r"\sum_{k \in N_i} e^{m - d_{ik}} + \sum_{l \in N_j} e^{m - d_{jl}} \Bigr) \Bigr]_+^2",
        paper="Song, Xiang, Jegelka, Savarese 2016, Lifted structured feature embedding (CVPR)",
        dialects=(
            "The paper trains the smooth form with m = 1 on embeddings of any length; TensorFlow and "
            "pytorch-metric-learning have the same formula, and pytorch-metric-learning scales embeddings to length 1.",
            "The hard form, from which the smooth one is derived as an upper bound, looks at one negative only.",
            "TensorFlow Similarity takes only the hardest positive of each anchor, without the square and the hinge.",
        ),
        traps=(
            "On embeddings of length 1 the logarithm over many negatives stays above 2, so no term ever reaches zero: "
            "compare the values of two runs only at equal batch sizes.",
            "A collapsed batch costs (m + ln of the negatives of both ends)^2 / 2 in the smooth form, m^2 / 2 in the "
            "hard one.",
        ),
    )
    margin: float = param(
        1.0, main="margin", low=0.0, high=10.0, unit="distance", help="gap between a pair and its negatives"
    )
    shape: str = param(
        "smooth", choices=("smooth", "hard"), help="all negatives of both ends, the near ones most, or the nearest only"
    )

    @property
    def hardness_margin(self) -> float:
        return self.margin

    def curve(self, samples: FourSamples) -> np.ndarray:
        if self.shape == "hard":
            reach = self.margin - np.where(NEGATIVE, samples.distances, np.inf).min(2)
            reaches = np.maximum(reach[:, :, None], reach[:, None, :])
        else:
            reach = self.margin + log_sum(-samples.distances, NEGATIVE)
            reaches = np.logaddexp(reach[:, :, None], reach[:, None, :])
        return (hinge(samples.distances + reaches) ** 2 / 2)[:, POSITIVE].mean(1)

    def __call__(self, batch: Batch, mined: Pairs) -> Terms:
        """One term per ordered positive pair; 0 where neither end has a negative."""
        is_hard = self.shape == "hard"
        if is_hard:
            nearest = batch.distances.masked_fill(~mined.negative, inf).min(1).values
            reach = self.margin - nearest.clamp_max(-NOTHING)
        else:
            reach = self.margin + row_sums(batch.distances, mined, 0.0, -1.0).negative_log
        total, count, active = lifted_sums(batch.distances, mined.positive, reach, is_hard)
        return self.averaged(total, count, active)

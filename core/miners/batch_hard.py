from __future__ import annotations

from dataclasses import dataclass

from core.batch.mined import Triplets
from core.miners.base import Candidates, Miner
from core.params import Card


@dataclass(frozen=True)
class BatchHard(Miner):
    """Take one triplet per anchor: its furthest positive and its nearest negative.

    Hermans, Beyer, Leibe 2017, equation 5. Ties go to the lower row. Anchors without a positive or without a
    negative in the batch give no triplet; a batch without any anchor gives none at all.
    """

    card = Card(
        formula=r"p(a) = \arg\max_{p} d_{ap}, \qquad n(a) = \arg\min_{n} d_{an}",
        paper="Hermans, Beyer, Leibe 2017, In Defense of the Triplet Loss (arXiv:1703.07737), equation 5",
        dialects=(
            "The paper trains batches of 18 classes with 4 samples each; its code comes with 32 of 4 and the soft "
            "margin.",
            "A widespread TensorFlow version averages over all anchors and lets those without a positive count with "
            "d_ap = 0; here they give no triplet.",
        ),
        traps=(
            "The loss stops at ln 2 = 0.693 (soft margin) or at the margin: all embeddings have become one point. "
            "Lower the learning rate, warm up, begin with few samples per class, or take batch-sample.",
            "One wrong label is enough to be the hardest of its class: noise is what this miner looks for.",
            "The hardest is the nearest negative, so the smallest distance. The largest is the easiest: the loss is at "
            "once near zero and nothing is learned.",
        ),
    )

    def __call__(self, candidates: Candidates) -> Triplets:
        anchor = candidates.is_anchor.nonzero().flatten()
        return Triplets(anchor, candidates.furthest_positive[anchor], candidates.nearest_negative[anchor])

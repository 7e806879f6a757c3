from __future__ import annotations

from dataclasses import dataclass

from core.batch.mined import Triplets
from core.miners.base import Candidates, Miner
from core.params import Card


@dataclass(frozen=True)
class HardNegative(Miner):
    """Take one triplet per ordered positive pair, with the negative nearest to the anchor.

    Ties go to the lower row.
    """

    card = Card(
        formula=r"n(a, p) = \arg\min_{n : y_n \ne y_a} d_{an}",
        paper="Schroff, Kalenichenko, Philbin 2015, FaceNet (CVPR), section 3.2, who warn against it",
        dialects=(
            "siamese-triplet takes the hardest negative only where the loss is above zero and each pair in one order "
            "only; batch-hard takes one positive per anchor, the furthest.",
        ),
        traps=(
            "The hardest negative has the smallest distance. Code with argmax in place of argmin is in circulation: "
            "its loss falls to zero at once while Recall@1 stays where it was.",
            "Close negatives push in directions that are mostly noise, and may pull everything into one point; with "
            "squared distances their push fades as well.",
            "Wrong labels and duplicates are the hardest negatives of all.",
        ),
    )

    def __call__(self, candidates: Candidates) -> Triplets:
        anchor, positive = candidates.positive_pairs()
        return Triplets(anchor, positive, candidates.nearest_negative[anchor])

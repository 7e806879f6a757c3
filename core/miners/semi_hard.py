from __future__ import annotations

from dataclasses import dataclass

from core.batch.mined import Band, Pairs, Triplets
from core.miners.base import Candidates, Miner
from core.miners.semi_hard_rules import DIALECTS, DRAWN
from core.params import Card, param


@dataclass(frozen=True)
class SemiHard(Miner):
    """Take triplets whose negative is further than the positive, but by less than the margin.

    The band d_ap <= d_an < d_ap + margin (Schroff et al. 2015, section 3.2, who leave open which negative of the
    band to take; here all of them count unless a dialect says otherwise). The other dialects ask for d_ap < d_an, as
    their sources do; ties between negatives go to the lower row.
    """

    card = Card(
        formula=r"d_{ap} \le d_{an} < d_{ap} + m",
        paper="Schroff, Kalenichenko, Philbin 2015, FaceNet (CVPR), section 3.2",
        dialects=(
            "All in band: every triplet of the band; the semihard of pytorch-metric-learning's TripletMarginMiner, "
            "whose band is open below and closed above.",
            "FaceNet: for every ordered positive pair one negative of the band, else none. Its text asks for one "
            "beyond the positive and inside the margin and leaves open which; here it is the nearest. It squares.",
            "Wu-TF: for every ordered positive pair the nearest negative beyond the positive, with no upper end; else "
            "the furthest negative of all (Wu et al. 2017; TensorFlow's triplet_semihard_loss, which squares).",
            "siamese-triplet: for every positive pair, in one order only, one negative drawn from the band, else none; "
            "it squares distances.",
            "RDML (Revisiting Deep Metric Learning): one drawn positive per anchor and one negative drawn from the "
            "band, else drawn from all negatives.",
            "PML easy-hard (BatchEasyHardMiner with hard positives and semi-hard negatives): per anchor the furthest "
            "positive and the nearest negative beyond it, with no upper end, else none.",
            "TF-Similarity: as PML easy-hard, but the furthest negative where none lies beyond.",
            "Quaterion: across anchors. It compares each positive pair with each negative pair of the batch, whoever "
            "the anchors are; the pairs in each other's band are taken. Its code counts a sample as its own positive, "
            "too.",
        ),
        traps=(
            "Eight rules share this name: say the dialect beside every result.",
            "The band is narrow and empties as training goes on: watch its share of all triplets.",
            "FaceNet, TensorFlow and siamese-triplet mean squared distances: choose that distance and a margin for it.",
            "A margin of the miner that differs from the loss's margin mines what the loss leaves alone or misses what "
            "it wants.",
        ),
    )
    margin: float = param(
        0.0, low=0.0, high=10.0, unit="distance", help="width of the band; 0 takes the margin of the loss"
    )
    dialect: str = param(
        "all in band",
        choices=tuple(DIALECTS),
        help="which of the rules that go by this name; the card tells them apart",
    )

    @property
    def is_random(self) -> bool:
        return self.dialect in DRAWN

    def __call__(self, candidates: Candidates) -> Pairs | Triplets | Band:
        return DIALECTS[self.dialect](candidates, self.margin or candidates.margin)

from __future__ import annotations

from dataclasses import dataclass
from math import inf

from core.batch.mined import Band
from core.miners.base import Candidates, Miner
from core.params import Card


@dataclass(frozen=True)
class All(Miner):
    """Take every triplet of the batch (batch-all).

    A loss of pairs gets every pair, those of samples without a triplet too.
    """

    card = Card(
        formula=r"\{(a, p, n) : y_a = y_p \ne y_n,\ a \ne p\}",
        paper="Hermans, Beyer, Leibe 2017, In Defense of the Triplet Loss (arXiv:1703.07737), section 3: batch all",
        dialects=(
            "Batch-all of Hermans averages over all triplets, its better variant only over those above zero: that is a "
            "setting of the loss here, not of the miner.",
            'The "all" of pytorch-metric-learning\'s TripletMarginMiner leaves out triplets beyond its margin, which '
            "add nothing to a hinge with the same margin.",
        ),
        traps=(
            "P classes of K samples hold PK(K-1)(PK-K) triplets; nearly all of them are soon easy, and their mean over "
            "all triplets goes to zero long before the model is good.",
        ),
    )

    def __call__(self, candidates: Candidates) -> Band:
        return Band(-inf, inf)

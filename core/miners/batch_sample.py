from __future__ import annotations

from dataclasses import dataclass
from math import inf

from core.batch.mined import Triplets
from core.miners.base import Candidates, Miner
from core.miners.weighted_draws import draw, perplexity
from core.params import Card, param


@dataclass(frozen=True)
class BatchSample(Miner):
    """Draw one triplet per anchor: far positives and near negatives are the likelier ones.

    Softmax of d / temperature over the positives, of -d / temperature over the negatives.
    """

    card = Card(
        formula=r"\Pr(p \mid a) \propto e^{d_{ap} / \tau}, \qquad \Pr(n \mid a) \propto e^{-d_{an} / \tau}",
        paper="Hermans, Beyer, Leibe 2017 (arXiv:1703.07737): `batch_sample` in the sampling branch of their code",
        dialects=(
            "The authors' code has no temperature (1 here) and compares embeddings of any length, dozens apart.",
            "fast-reid does not draw: it takes the means of d_ap and d_an under the same two softmaxes.",
        ),
        traps=(
            "Between embeddings of unit length distances differ by 2 at most, so a temperature of 1 draws nearly with "
            "equal chances: look at the effective number of negatives and lower the temperature.",
        ),
    )
    temperature: float = param(
        1.0, low=0.001, high=100.0, unit="distance", help="towards 0 this is batch-hard, far above the distances random"
    )

    @property
    def is_random(self) -> bool:
        return True

    def __call__(self, candidates: Candidates) -> Triplets:
        anchor = candidates.is_anchor.nonzero().flatten()
        if len(anchor) == 0:
            return Triplets(anchor, anchor, anchor)
        logits = candidates.distances[anchor] / self.temperature
        to_positive = logits.masked_fill(~candidates.pairs.positive[anchor], -inf).softmax(1)
        to_negative = (-logits).masked_fill(~candidates.pairs.negative[anchor], -inf).softmax(1)
        positive = draw(to_positive, 1, candidates.generator).flatten()
        negative = draw(to_negative, 1, candidates.generator).flatten()
        return Triplets(anchor, positive, negative, effective_negatives=float(perplexity(to_negative).mean()))

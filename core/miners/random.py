from __future__ import annotations

from dataclasses import dataclass

from core.batch.mined import Triplets
from core.lazy import torch
from core.miners.base import Candidates, Miner
from core.params import Card


@dataclass(frozen=True)
class Random(Miner):
    """Take one triplet per ordered positive pair, its negative drawn with equal chances."""

    card = Card(
        formula=r"\Pr(n \mid a, p) = \frac{1}{|\{n : y_n \ne y_a\}|}",
        paper="The baseline of Wu, Manmatha, Smola, Krähenbühl 2017, Sampling Matters (ICCV)",
        dialects=(
            "pytorch-metric-learning also draws the positives, with replacement, as many per anchor as its class has "
            "samples; here every ordered pair comes exactly once.",
        ),
        traps=(
            "Most drawn negatives are easy after a few epochs: the active share falls and training slows down. Where a "
            "comparison finds triplet losses bad, they were often mined like this.",
        ),
    )

    @property
    def is_random(self) -> bool:
        return True

    def __call__(self, candidates: Candidates) -> Triplets:
        anchor, positive = candidates.positive_pairs()
        if len(anchor) == 0:
            return Triplets(anchor, positive, anchor)
        rows, begin, size, _ = candidates.classes
        others = len(rows) - size
        shares = torch.rand(len(anchor), dtype=torch.float64, generator=candidates.generator).to(anchor.device)
        place = (shares * others[anchor]).long()  # among all samples class by class, without the anchor's own class
        place += size[anchor] * (place >= begin[anchor])
        effective = others[candidates.is_anchor].double().mean()
        return Triplets(anchor, positive, rows[place], effective_negatives=float(effective))

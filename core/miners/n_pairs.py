from __future__ import annotations

from dataclasses import dataclass

from core.batch.mined import Pairs
from core.lazy import torch
from core.miners.base import Candidates, Miner
from core.params import Card


@dataclass(frozen=True)
class NPairs(Miner):
    """Take one positive pair per class, drawn; its negatives are the positives of the other classes.

    A class of a single sample gives no pair, but its sample serves the others as a negative.
    """

    card = Card(
        formula=r"\{(a_i, p_i)\}_{i=1}^{C}, \qquad n \in \{p_j : j \ne i\}",
        paper="Sohn 2016, Improved Deep Metric Learning with Multi-class N-pair Loss Objective (NIPS), section 3.2",
        dialects=(
            "Revisiting Deep Metric Learning takes every sample of the other classes as a negative.",
            "pytorch-metric-learning takes the first pair of each class in the batch instead of drawing one.",
            "The paper also offers to fill batches with classes that are hard to tell apart.",
        ),
        traps=(
            "With more than two samples per class the others are embedded in vain: the n-pairs sampler draws two.",
            "There are C - 1 negatives with C classes in the batch, not in the data set.",
        ),
    )

    @property
    def is_random(self) -> bool:
        return True

    def __call__(self, candidates: Candidates) -> Pairs:
        labels = candidates.labels
        shuffled = torch.randperm(len(labels), generator=candidates.generator).to(labels.device)
        order = shuffled[labels[shuffled].argsort(stable=True)]  # classes together, each in an order of its own
        grouped = labels[order]
        is_first = torch.ones_like(grouped, dtype=torch.bool)
        is_first[1:] = grouped[1:] != grouped[:-1]
        first = is_first.nonzero().flatten()
        second = (first + 1).clamp_max(len(order) - 1)
        has_two = (grouped[first] == grouped[second]) & (first != second)
        anchor, other = order[first], order[torch.where(has_two, second, first)]
        pairs = torch.zeros(2, len(labels), len(labels), dtype=torch.bool, device=labels.device)
        if len(anchor) > 1:
            anchor, own = anchor[has_two], other[has_two]
            pairs[0, anchor, own] = True
            pairs[1, anchor[:, None], other] = True
            pairs[1, anchor, own] = False
        return Pairs(*pairs)

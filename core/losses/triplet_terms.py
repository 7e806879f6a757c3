"""What losses of triplets have in common: a term for each triplet, spelled out or not."""

from __future__ import annotations

from core.batch.mined import Band, Pairs, Triplets
from core.batch.triplet_sums import triplet_sums
from core.lazy import torch
from core.losses.base import Batch, Loss, Terms


def triplet_terms(loss: Loss, batch: Batch, mined: Triplets | Pairs | Band, margin: float | None) -> Terms:
    """One term [d_ap - d_an + margin]_+ per triplet, without a margin log(1 + exp(d_ap - d_an)); averaged as the loss
    says.

    Triplets come from miners that choose single ones. Those of a rule, or all between mined pairs, are summed without
    being spelled out.
    """
    if not isinstance(mined, Triplets):
        total, count, active = triplet_sums(batch.distances, batch.labels, mined, margin)
        return loss.averaged(total, count, active)
    difference = batch.distances[mined.anchor, mined.positive] - batch.distances[mined.anchor, mined.negative]
    values = torch.nn.functional.softplus(difference) if margin is None else torch.relu(difference + margin)
    return loss.mean(values, mined.weight)

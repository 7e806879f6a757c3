"""The triplets of a rule or of mined pairs, summed with their gradient from the matrix of distances, without spelling
one of them out."""

from __future__ import annotations

from typing import TYPE_CHECKING

from core.batch.mined import Band, Pairs

if TYPE_CHECKING:
    from torch import Tensor


def triplet_sums(
    distances: Tensor, labels: Tensor, mined: Band | Pairs, margin: float | None
) -> tuple[Tensor, int, int]:
    """(N, N), (N,) -> the sum of [d_ap - d_an + margin]_+ over all triplets of a rule, or over all whose two pairs are
    among the mined ones, how many there are, and how many of them are above 0.

    Without a margin the sum of log(1 + exp(d_ap - d_an)). Triplets count as the rule says. The sum carries the gradient
    of the distances, once. Memory: one more (N, N) matrix.
    """
    from core.batch import autograd

    total, counts = autograd.TripletSums.apply(distances, labels, mined, margin)
    count, active = counts.tolist()
    return total, count, active


def hardness_shares(distances: Tensor, labels: Tensor, margin: float) -> tuple[float, float, float]:
    """(N, N), (N,) -> shares of easy, semi-hard and hard among all triplets of the batch; zeros without a triplet."""
    from core.kernels.batch_triplets import count_hardness

    hard, below_margin, total = count_hardness(distances.detach().cpu().numpy(), labels.cpu().numpy(), margin)
    if total == 0:
        return 0.0, 0.0, 0.0
    return (total - below_margin) / total, (below_margin - hard) / total, hard / total

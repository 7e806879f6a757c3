"""The triplets of a rule or of mined pairs, summed with their gradient from the matrix of distances, without spelling
one of them out."""

from __future__ import annotations

from functools import cache
from math import inf
from typing import TYPE_CHECKING, Any

from core.batch.mined import Band, Pairs
from core.lazy import torch

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
    total, counts = _summed().apply(distances, labels, mined, margin)
    count, active = counts.tolist()
    return total, count, active


def hardness_shares(distances: Tensor, labels: Tensor, margin: float) -> tuple[float, float, float]:
    """(N, N), (N,) -> shares of easy, semi-hard and hard among all triplets of the batch; zeros without a triplet."""
    from core.kernels.batch_triplets import count_hardness

    hard, below_margin, total = count_hardness(distances.detach().cpu().numpy(), labels.cpu().numpy(), margin)
    if total == 0:
        return 0.0, 0.0, 0.0
    return (total - below_margin) / total, (below_margin - hard) / total, hard / total


@cache
def _summed() -> Any:
    """Made on first use, because a page that reads declarations must not load torch."""
    from core.kernels.batch_triplets import sum_band
    from core.kernels.mining import sum_focused

    class Summed(torch.autograd.Function):
        @staticmethod
        def forward(  # type: ignore[override]
            context: Any, distances: Tensor, labels: Tensor, mined: Band | Pairs, margin: float | None
        ) -> tuple[Tensor, Tensor]:
            plain = distances.detach().cpu().contiguous()
            slopes = torch.empty_like(plain)
            rows = plain.numpy(), labels.cpu().numpy()
            pairs = mined if isinstance(mined, Pairs) else Pairs(*torch.zeros(2, 0, 0, dtype=torch.bool))
            band = mined if isinstance(mined, Band) else Band(-inf, inf)
            rule = band.low, band.high, margin or 0.0, margin is None
            if band.focus:
                total, count, active = sum_focused(*rows, *rule, band.focus, band.temperature, slopes.numpy())
            else:
                positive, negative = (mask.cpu().contiguous().numpy() for mask in pairs)
                total, count, active = sum_band(*rows, *rule, positive, negative, slopes.numpy())
            context.slopes = slopes
            counts = torch.tensor([count, active])
            context.mark_non_differentiable(counts)
            return distances.new_tensor(total), counts

        @staticmethod
        def backward(context: Any, gradient: Tensor, _: Tensor) -> tuple[Tensor, None, None, None]:  # type: ignore[override]
            slopes, context.slopes = context.slopes, None  # used once, so it may be overwritten
            return slopes.to(gradient.device).mul_(gradient), None, None, None

    return Summed

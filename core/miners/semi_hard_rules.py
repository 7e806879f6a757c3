"""The eight rules that go by the name of semi-hard mining; the card of the semi-hard miner tells who uses which.

All but the first ask for d_ap < d_an, as their sources do. Ties between negatives go to the lower row.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from math import inf
from types import MappingProxyType
from typing import TYPE_CHECKING

from core.batch.mined import Band, Pairs, Triplets
from core.lazy import torch
from core.miners.base import Candidates
from core.miners.weighted_draws import draw

if TYPE_CHECKING:
    from torch import Tensor


def all_in_band(candidates: Candidates, margin: float) -> Band:
    """Every triplet whose negative lies beyond the positive by less than the margin."""
    return Band(0.0, margin)


def nearest_in_band(candidates: Candidates, margin: float) -> Triplets:
    """For every ordered positive pair the nearest negative of the band, else none."""
    anchor, positive = candidates.positive_pairs()
    negative = _nearest_beyond(candidates, anchor, positive)
    distances = candidates.distances
    in_band = distances[anchor, negative.clamp_min(0)] < distances[anchor, positive] + margin
    return _where(in_band & (negative >= 0), Triplets(anchor, positive, negative))


def nearest_beyond_or_furthest(candidates: Candidates, margin: float) -> Triplets:
    """For every ordered positive pair the nearest negative beyond the positive, else the furthest of all."""
    anchor, positive = candidates.positive_pairs()
    negative = _nearest_beyond(candidates, anchor, positive)
    return Triplets(anchor, positive, torch.where(negative < 0, _furthest_negative(candidates)[anchor], negative))


def drawn_in_band(candidates: Candidates, margin: float) -> Triplets:
    """For every positive pair, its lower row the anchor, one negative drawn from the band, else none."""
    from core.kernels.mining import draw_in_band

    anchor, positive = candidates.positive_pairs()
    once = anchor < positive
    anchor, positive = anchor[once], positive[once]
    shares = torch.rand(len(anchor), dtype=torch.float64, generator=candidates.generator)
    distances, labels = candidates.distances.cpu().numpy(), candidates.labels.cpu().numpy()
    pairs = anchor.cpu().numpy(), positive.cpu().numpy()
    negative = torch.from_numpy(draw_in_band(distances, labels, *pairs, shares.numpy(), margin)).to(anchor.device)
    return _where(negative >= 0, Triplets(anchor, positive, negative))


def drawn_pair(candidates: Candidates, margin: float) -> Triplets:
    """For every anchor one drawn positive and one negative drawn from the band, else from all."""
    anchor = candidates.is_anchor.nonzero().flatten()
    if len(anchor) == 0:
        return Triplets(anchor, anchor, anchor)
    distances, is_negative = candidates.distances[anchor], candidates.pairs.negative[anchor]
    positive = draw(candidates.pairs.positive[anchor], 1, candidates.generator)
    to_positive = distances.gather(1, positive)
    in_band = is_negative & (distances > to_positive) & (distances < to_positive + margin)
    among = torch.where(in_band.any(1, keepdim=True), in_band, is_negative)
    negative = draw(among, 1, candidates.generator)
    return Triplets(anchor, positive.flatten(), negative.flatten())


def beyond_furthest_positive(candidates: Candidates, margin: float) -> Triplets:
    """For every anchor its furthest positive and the nearest negative beyond it, else none."""
    triplets, has_any = _beyond_furthest_positive(candidates)
    return _where(has_any, triplets)


def beyond_furthest_positive_or_furthest(candidates: Candidates, margin: float) -> Triplets:
    """For every anchor its furthest positive and the nearest negative beyond it, else the furthest of all."""
    triplets, has_any = _beyond_furthest_positive(candidates)
    furthest = _furthest_negative(candidates)[triplets.anchor]
    return triplets._replace(negative=torch.where(has_any, triplets.negative, furthest))


def across_anchors(candidates: Candidates, margin: float) -> Pairs:
    """The positive and negative pairs of the batch with d_positive < d_negative < d_positive + margin for some partner,
    whoever the anchors are."""
    pairs, distances = candidates.pairs, candidates.distances
    to_positive, to_negative = distances[pairs.positive], distances[pairs.negative]
    result = Pairs(torch.zeros_like(pairs.positive), torch.zeros_like(pairs.negative))
    if len(to_positive) == 0 or len(to_negative) == 0:
        return result
    # The nearest negative beyond is the likeliest to be in the band, the furthest positive below has the longest reach.
    positives, negatives = to_positive.sort().values, to_negative.sort().values
    beyond = torch.searchsorted(negatives, to_positive, right=True)
    nearest = negatives[beyond.clamp_max(len(negatives) - 1)]
    result.positive[pairs.positive] = (beyond < len(negatives)) & (nearest < to_positive + margin)
    below = torch.searchsorted(positives, to_negative) - 1
    furthest = positives[below.clamp_min(0)]
    result.negative[pairs.negative] = (below >= 0) & (to_negative < furthest + margin)
    return result


DIALECTS: Mapping[str, Callable[[Candidates, float], Pairs | Triplets | Band]] = MappingProxyType(
    {
        "all in band": all_in_band,
        "FaceNet": nearest_in_band,
        "Wu-TF": nearest_beyond_or_furthest,
        "siamese-triplet": drawn_in_band,
        "RDML": drawn_pair,
        "PML easy-hard": beyond_furthest_positive,
        "TF-Similarity": beyond_furthest_positive_or_furthest,
        "Quaterion": across_anchors,
    }
)
DRAWN = ("siamese-triplet", "RDML")


def _nearest_beyond(candidates: Candidates, anchor: Tensor, positive: Tensor) -> Tensor:
    """(P,), (P,) pairs in the order of their anchors -> (P,) negatives, -1 where none lies beyond the positive."""
    from core.kernels.mining import nearest_beyond

    distances, labels = candidates.distances.cpu().numpy(), candidates.labels.cpu().numpy()
    negative = nearest_beyond(distances, labels, anchor.cpu().numpy(), positive.cpu().numpy())
    return torch.from_numpy(negative).to(anchor.device)


def _beyond_furthest_positive(candidates: Candidates) -> tuple[Triplets, Tensor]:
    """The triplets of all anchors, and for which of them a negative lies beyond; of the others it is any row."""
    anchor, positive = candidates.is_anchor.nonzero().flatten(), candidates.furthest_positive
    if len(anchor) == 0:
        return Triplets(anchor, anchor, anchor), anchor > 0
    is_beyond = candidates.pairs.negative & (candidates.distances > candidates.to(positive)[:, None])
    nearest = candidates.distances.masked_fill(~is_beyond, inf).argmin(1)
    return Triplets(anchor, positive[anchor], nearest[anchor]), is_beyond.any(1)[anchor]


def _furthest_negative(candidates: Candidates) -> Tensor:
    if len(candidates.labels) == 0:
        return candidates.labels
    return candidates.distances.masked_fill(~candidates.pairs.negative, -inf).argmax(1)


def _where(rows: Tensor, triplets: Triplets) -> Triplets:
    return Triplets(triplets.anchor[rows], triplets.positive[rows], triplets.negative[rows])

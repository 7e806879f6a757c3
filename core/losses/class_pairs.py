"""One anchor and one positive of each class of a batch: what the N-pair and the angular loss look at."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from core.batch.four_samples import FourSamples
from core.lazy import torch

if TYPE_CHECKING:
    from torch import Tensor


def class_pairs(labels: Tensor) -> tuple[Tensor, Tensor]:
    """(N,) -> rows of the anchors (M,) and of the positives (M,): the first and the second row of every class that has
    two or more, class by class."""
    order = labels.argsort(stable=True)
    ordered = labels[order]
    starts = torch.ones_like(ordered, dtype=torch.bool)
    starts[1:] = ordered[1:] != ordered[:-1]
    has_second = starts[:-1] & ~starts[1:]
    return order[:-1][has_second], order[1:][has_second]


def n_pair_terms(anchors: Tensor, positives: Tensor) -> Tensor:
    """(M, D), (M, D) -> log(1 + sum over the other classes' positives of exp(a.n - a.p)) for each anchor, (M,)."""
    products = anchors @ positives.T  # (M, M)
    return products.logsumexp(1) - products.diagonal()


def length_penalty(anchors: Tensor, positives: Tensor, weight: float) -> Tensor:
    """A quarter of `weight` times the mean squared length of the anchors plus that of the positives; 0 without any.

    The quarter is that of Sohn's equation 8 as TensorFlow and most others compute it: a half for the regulariser, a
    half for the two of a pair.
    """
    return weight / 4 * (anchors.square().sum() + positives.square().sum()) / max(len(anchors), 1)


def n_pair_curve(samples: FourSamples) -> np.ndarray:
    """`n_pair_terms` of four samples, averaged, (K,)."""
    products = samples.cosines[:, [0, 2]][:, :, [1, 3]]  # (K, 2, 2)
    own = products[:, [0, 1], [0, 1]]
    return (np.logaddexp.reduce(products, axis=2) - own).mean(1)

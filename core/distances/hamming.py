from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from core.distances.base import Distance
from core.params import Card

if TYPE_CHECKING:
    from torch import Tensor


@dataclass(frozen=True)
class Hamming(Distance):
    """The share of dimensions in which one point is negative and the other is not: each is reduced to its sign bits.

    It runs from 0 to 1 in steps of 1/D and has no gradient: for judging and for choosing, not for learning.
    """

    title = "Hamming"
    in_numpy = "((first < 0) != (second < 0)).mean(axis=-1)"
    is_differentiable = False
    ignores_length = True
    card = Card(
        formula=r"d_{ij} = \frac{1}{D} \, \# \{ k : (x_{ik} < 0) \ne (x_{jk} < 0) \}",
        paper="Hamming 1950, Error detecting and error correcting codes (Bell System Technical Journal); for sign bits "
        "Charikar 2002, Similarity estimation techniques from rounding algorithms (STOC)",
        dialects=("Search engines count the differing bits instead of giving their share; scipy gives the share.",),
        traps=(
            "Many pairs are equally far apart, so ranks hang on how ties are broken and a threshold accepts them in "
            "steps.",
            "It has no gradient, so a loss must compare something else; hashing networks learn from tanh or from "
            "cosines and take the signs afterwards.",
            "Only the signs count: embeddings that are never negative, as after a ReLU, all coincide.",
        ),
    )

    def largest(self, dimension: int) -> float:
        return 1.0

    def matrix(self, embeddings: Tensor) -> Tensor:
        signs = 1 - 2 * (embeddings.detach() < 0).to(embeddings.dtype)
        dimension = embeddings.shape[1]
        return (dimension - signs @ signs.T) / (2 * dimension)  # sums of ones: exact

    def prepared(self, embeddings: np.ndarray) -> np.ndarray:
        """Signs, 1 or -1 in float32: sums of fewer than 2^24 of their products are exact."""
        return np.where(embeddings < 0, np.float32(-1), np.float32(1))

    def between(self, first: np.ndarray, second: np.ndarray) -> np.ndarray:
        dimension = first.shape[1]
        return (dimension - (first @ second.T).astype(np.float64)) / (2 * dimension)

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from core.batch.euclidean import euclidean_matrix
from core.distances.base import Distance
from core.lazy import torch
from core.params import Card, param

if TYPE_CHECKING:
    from torch import Tensor


@dataclass(frozen=True)
class Minkowski(Distance):
    """The p-th root of the sum of p-th powers of the differences: Manhattan at p = 1, Euclidean at 2.

    The larger p, the more the largest difference decides; Chebyshev is the limit. Between points of unit length it runs
    from 0 to 2, below p = 2 to 2 D^(1/p - 1/2). Where points coincide the gradient is 0.
    """

    title = "Minkowski"
    in_numpy = "(np.abs(first - second) ** {p!r}).sum(axis=-1) ** (1 / {p!r})"
    card = Card(
        formula=r"d_{ij} = \Bigl( \sum_k \lvert x_{ik} - x_{jk} \rvert^p \Bigr)^{1/p}",
        paper="Minkowski 1910, Geometrie der Zahlen",
        dialects=("Some libraries leave out the root, which ranks alike but asks for another margin.",),
        traps=(
            "Below p = 1 it is not a metric, so p starts at 1.",
            "High powers of small differences underflow: with p = 10 in 32-bit numbers, points less than about 0.0002 "
            "apart count as coinciding.",
            "Turning all points together changes it unless p is 2, so the axes get a meaning.",
        ),
    )
    p: float = param(3.0, low=1.0, high=10.0, help="power of each difference")

    def largest(self, dimension: int) -> float:
        return 2 * dimension ** max(1 / self.p - 1 / 2, 0.0)

    def matrix(self, embeddings: Tensor) -> Tensor:
        return euclidean_matrix(embeddings) if self.p == 2 else torch.cdist(embeddings, embeddings, p=self.p)

    def between(self, first: np.ndarray, second: np.ndarray) -> np.ndarray:
        """Whole powers by multiplication, several times as fast as scipy's, which takes a logarithm of each."""
        from scipy.spatial.distance import cdist

        if not self.p.is_integer():
            return cdist(first, second, "minkowski", p=self.p)
        columns = np.ascontiguousarray(second.T, dtype=np.float64)
        sums = np.empty((len(first), len(second)))
        for row, point in enumerate(first):
            differences = np.abs(columns - point[:, None])
            powers = differences.copy()
            for _ in range(int(self.p) - 1):
                powers *= differences
            powers.sum(axis=0, out=sums[row])
        return sums ** (1 / self.p)

from __future__ import annotations

from dataclasses import dataclass
from math import pi
from typing import TYPE_CHECKING

import numpy as np

from core.batch.euclidean import euclidean_matrix, unit_rows
from core.distances.base import Distance
from core.lazy import torch
from core.params import Card

if TYPE_CHECKING:
    from torch import Tensor


@dataclass(frozen=True)
class Angle(Distance):
    """The angle between two points as seen from the origin, which is the way along the sphere; lengths do not matter.

    Computed from the difference and the sum of the two directions, which keep the digits of close and of opposite ones,
    where the inverse cosine has lost half of them. The zero vector has no direction; it is at a right angle to all
    others.
    """

    title = "angle in radians"
    in_numpy = (
        "2 * np.arctan2(np.linalg.norm(unit(first) - unit(second), axis=-1), "
        "np.linalg.norm(unit(first) + unit(second), axis=-1))"
    )
    ignores_length = True
    orders_as_cosine = True
    card = Card(
        formula=r"d_{ij} = 2 \arctan \frac{\lVert u_i - u_j \rVert}{\lVert u_i + u_j \rVert} ,"
        r" \quad u_i = \frac{x_i}{\lVert x_i \rVert}",
        paper="Kahan 2006, How futile are mindless assessments of roundoff in floating-point computation? (Berkeley)",
        dialects=(
            "Some divide it by pi, so that it runs from 0 to 1; a margin divides likewise.",
            "It ranks like the cosine, but is a metric: an angle is never larger than two that lead to the same place.",
        ),
        traps=(
            "Its push is as strong at every angle and has no direction at 0 and at pi, so opposite points stay where "
            "they are until another point moves them.",
            "Lengths are never trained, so weight decay and momentum may let them drift until the gradient, which "
            "falls with the length, is gone.",
            "Large sets take longer than by the cosine, which is compared by matrix products.",
        ),
    )

    @property
    def in_words(self) -> str:
        return "the angle"

    def largest(self, dimension: int) -> float:
        return pi

    def matrix(self, embeddings: Tensor) -> Tensor:
        directions = unit_rows(embeddings)
        sums = torch.cdist(directions, -directions, compute_mode="donot_use_mm_for_euclid_dist")
        return 2 * torch.atan2(euclidean_matrix(directions), sums)

    def prepared(self, embeddings: np.ndarray) -> np.ndarray:
        """Scaled to unit length."""
        points = np.asarray(embeddings, dtype=np.float64)
        lengths = np.sqrt(np.einsum("nd,nd->n", points, points))[:, None]
        return points / np.where(lengths > 0, lengths, 1)

    def between(self, first: np.ndarray, second: np.ndarray) -> np.ndarray:
        from scipy.spatial.distance import cdist

        return 2 * np.arctan2(cdist(first, second), cdist(first, -second))

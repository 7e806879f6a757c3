"""The batch of four samples over which a method's card draws a loss, in numpy, so that a page can draw any values.

Two samples of class 0 and two of class 1 lie on the unit sphere, class 1 together, in directions that are at a right
angle as seen from the first sample. Rows that a loss learns for classes stand where the first sample and where class 1
are.

Why numpy beside torch: a page may not load torch, and curves recorded for some values follow no others. Each loss
writes its formula for these four samples a second time, and a test holds both to the same value and slope. Refused:
recording a grid, because between two margins a hinge bends where neither recorded curve does; and asking a worker,
because a card would wait behind trainings.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cached_property
from math import asin, pi

import numpy as np

LABELS = np.array([0, 0, 1, 1])
POSITIVE = (LABELS[:, None] == LABELS) & ~np.eye(4, dtype=bool)
NEGATIVE = LABELS[:, None] != LABELS
PLACES = 61
FURTHEST = 1.9  # towards 2 a step along the sphere no longer lengthens the distance, and its slope has no bound
NEAREST = 0.03  # as an angle
SIXTY_DEGREES = pi / 3  # as an angle at the centre it is a distance of 1
STEP = 1e-6  # of the slopes, as an angle


@dataclass(frozen=True)
class FourSamples:
    """The cosines (K, 4, 4) of K such batches. `held` is where a loss looks for weights that its gradient holds."""

    cosines: np.ndarray
    weighing: FourSamples | None = field(default=None, repr=False)

    @property
    def held(self) -> FourSamples:
        """The batch at which weights without a gradient are taken: this one, unless a slope is asked for."""
        return self.weighing or self

    @cached_property
    def distances(self) -> np.ndarray:
        """(K, 4, 4), Euclidean."""
        return np.sqrt(np.maximum(2 - 2 * self.cosines, 0))

    @property
    def to_classes(self) -> np.ndarray:
        """(K, 4, 2) cosines with the learned row of each class."""
        return self.cosines[:, :, [0, 2]]

    @property
    def to_own_class(self) -> np.ndarray:
        """(K, 4)."""
        return self.to_classes[:, np.arange(4), LABELS]

    @property
    def to_other_class(self) -> np.ndarray:
        """(K, 4)."""
        return self.to_classes[:, np.arange(4), 1 - LABELS]


def at(own: np.ndarray, other: np.ndarray, weighing: FourSamples | None = None) -> FourSamples:
    """The batches with these angles (K,) from the first sample to the second and to class 1."""
    pull, push = np.cos(own), np.cos(other)
    cosines = np.ones((len(own), 4, 4))
    for row, column, values in ((0, 1, pull), (0, 2, push), (0, 3, push), (1, 2, pull * push), (1, 3, pull * push)):
        cosines[:, row, column] = cosines[:, column, row] = values
    return FourSamples(cosines, weighing)


def curves_over_distance(objective: Callable[[FourSamples], np.ndarray]) -> dict[str, np.ndarray]:
    """`distance` of the pair that moves, and `pull` (the positive one) and `push` (the negative) with their slopes."""
    angles = np.linspace(NEAREST, 2 * asin(FURTHEST / 2), PLACES)
    curves = {"distance": 2 * np.sin(angles / 2)}
    for name in ("pull", "push"):
        here = _with_one_moved(name, angles)
        ends = [objective(_with_one_moved(name, angles + step, here)) for step in (-STEP, STEP)]
        curves[name] = objective(here)
        curves[f"{name}_gradient"] = (ends[1] - ends[0]) / (2 * STEP) / np.cos(angles / 2)
    return curves


def _with_one_moved(name: str, angles: np.ndarray, weighing: FourSamples | None = None) -> FourSamples:
    resting = np.full_like(angles, SIXTY_DEGREES)
    return at(angles, resting, weighing) if name == "pull" else at(resting, angles, weighing)


def log_sum(exponents: np.ndarray, mask: np.ndarray) -> np.ndarray:
    """(K, 4, 4) -> log of the sum of exp over what the mask takes in each row, (K, 4)."""
    return np.logaddexp.reduce(np.where(mask, exponents, -np.inf), axis=2)


def softplus(values: np.ndarray) -> np.ndarray:
    """log(1 + e^x), for any x."""
    return np.logaddexp(0.0, values)


def hinge(values: np.ndarray) -> np.ndarray:
    """What lies above 0."""
    return np.maximum(values, 0.0)


def mean_of_pairs(pulls: np.ndarray, pushes: np.ndarray) -> np.ndarray:
    """(K, 4, 4) each -> the mean (K,) over all pairs, positive ones by the first, negative ones by the second."""
    return np.where(POSITIVE, pulls, pushes)[:, POSITIVE | NEGATIVE].mean(1)

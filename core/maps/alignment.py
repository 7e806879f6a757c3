"""One map laid onto another that was made apart from it: turned or mirrored, scaled and shifted as a whole."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

FEWEST = 3  # points that fix a turn, a mirror, a scale and a shift of the plane


@dataclass(frozen=True)
class Similarity:
    """Takes points p (N, 2) to scale * (p - centre) @ turn + onto; as it stands it leaves them where they are."""

    turn: np.ndarray = field(default_factory=lambda: np.eye(2))
    scale: float = 1.0
    centre: np.ndarray = field(default_factory=lambda: np.zeros(2))
    onto: np.ndarray = field(default_factory=lambda: np.zeros(2))

    def __call__(self, points: np.ndarray) -> np.ndarray:
        """(N, 2) -> where they are taken, (N, 2) float32."""
        moved = self.scale * (points.astype(np.float64) - self.centre) @ self.turn + self.onto
        return moved.astype(np.float32)

    def is_same(self, other: Similarity) -> bool:
        """Whether both take every point to the same place."""
        mine, theirs = ((of.turn, of.scale, of.centre, of.onto) for of in (self, other))
        return all(np.array_equal(one, two) for one, two in zip(mine, theirs, strict=True))


def similarity(points: np.ndarray, target: np.ndarray) -> Similarity:
    """(N, 2), (N, 2) of the same points in the same order -> what lays the first onto the second.

    The turn or mirror is the one with the least sum of squared distances (orthogonal Procrustes: Schönemann 1966, A
    generalized solution of the orthogonal Procrustes problem). The scale makes both maps equally wide, in the root of
    the mean square around their centres: the scale of least squares would shrink a map the more, the less it is like
    the other. Points in one place keep the scale 1. Raises ValueError for fewer than three points, and for two maps of
    different points.
    """
    if len(points) < FEWEST or points.shape != target.shape:
        raise ValueError(
            f"two maps must have the same points, {FEWEST} or more, got {len(points)} and {len(target)}. "
            "Leave them as they are."
        )
    centre, onto = (of.mean(axis=0, dtype=np.float64) for of in (points, target))
    mine, theirs = points - centre, target - onto
    left, _, right = np.linalg.svd(mine.T @ theirs)
    widths = np.linalg.norm(mine), np.linalg.norm(theirs)
    scale = float(widths[1] / widths[0]) if min(widths) > 0 else 1.0
    return Similarity(left @ right, scale, centre, onto)

"""Tasks on the playground: points that a reader has dragged somewhere, graded by their distances and angles.

Distances are Euclidean ones in float64, of the points as they lie in their space, and squared where the loss compares
them so; a circle and a sphere have points of length 1.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import combinations
from typing import Any, ClassVar

import numpy as np

from core.lessons.tasks import Task, Verdict
from core.params import Described

EASY, SEMI_HARD, HARD = "easy", "semi-hard", "hard"
ROUNDED = 0.02  # by which the distance of two points may be off whose places are kept in hundredths


@dataclass(frozen=True)
class PlacedEvidence:
    """N points (N, D) with their classes (N,), what the loss is set to by its names (`margin` for one), the boundary it
    has learned, where it has one for all, and whether it compares squared distances."""

    points: np.ndarray
    classes: np.ndarray
    parameters: Mapping[str, Any]
    boundary: float | None = None
    is_squared: bool = False

    def apart(self, one: int, other: int) -> float:
        """The Euclidean distance of two rows."""
        return float(np.linalg.norm(self.points[one].astype(np.float64) - self.points[other]))

    def compared(self, one: int, other: int) -> float:
        """The distance of two rows as the loss compares it."""
        return self.apart(one, other) ** (2 if self.is_squared else 1)

    def pairs(self, *, is_same: bool) -> list[tuple[int, int]]:
        """The pairs of rows of one class, or of two."""
        rows = range(len(self.points))
        return [(i, j) for i, j in combinations(rows, 2) if (self.classes[i] == self.classes[j]) is np.bool_(is_same)]


@dataclass(frozen=True)
class Placement(Task):
    """What the reader has made of the playground is the answer; of it the rules look at the points."""

    answer: ClassVar[str] = "points"
    needs: ClassVar[type[Any]] = PlacedEvidence

    def grade(self, answer: Any, evidence: PlacedEvidence) -> Verdict:
        """By the points of the evidence. Raises ValueError where there are fewer than the first three of a triplet."""
        if len(evidence.points) < 3:
            raise ValueError(f"the points must be 3 at least, got {len(evidence.points)}. Go back to the step.")
        why, values = self.judge(evidence)
        return Verdict(why == "right", why, values)

    def judge(self, evidence: PlacedEvidence) -> tuple[str, Described]:
        """The name of the sentence, `right` for what is so, and its numbers."""
        raise NotImplementedError


@dataclass(frozen=True)
class TripletIs(Placement):
    """The first three points, an anchor, its positive and a negative, are of this hardness by the loss's margin, as
    the census counts them: hard where the negative is nearer than the positive, easy where it is further by the margin
    at least."""

    kind: str

    def judge(self, evidence: PlacedEvidence) -> tuple[str, Described]:
        """Named by what it is instead."""
        near, far = evidence.compared(0, 1), evidence.compared(0, 2)
        margin = float(evidence.parameters["margin"])
        kind = HARD if far < near else EASY if far >= near + margin else SEMI_HARD
        why = "right" if kind == self.kind else kind.replace("-", "_")
        return why, {"near": near, "far": far, "margin": margin}


@dataclass(frozen=True)
class PushingPairs(Placement):
    """So many pairs of two classes are closer than the loss's margin, which are those that it pushes apart."""

    count: int

    def judge(self, evidence: PlacedEvidence) -> tuple[str, Described]:
        """Too many or too few, with how many."""
        margin = float(evidence.parameters["margin"])
        pushing = sum(evidence.compared(*pair) < margin for pair in evidence.pairs(is_same=False))
        why = "right" if pushing == self.count else "too_many" if pushing > self.count else "too_few"
        return why, {"pushing": pushing, "wanted": self.count, "margin": margin}


@dataclass(frozen=True)
class OutsideBoundary(Placement):
    """Every pair of one class is shorter than the learned boundary by the margin at least, every other one longer, as
    far as places in hundredths can say."""

    def judge(self, evidence: PlacedEvidence) -> tuple[str, Described]:
        """Positives are told first, by the longest; then negatives, by the shortest."""
        if evidence.boundary is None:
            raise ValueError("the loss must have learned a boundary, got none. Go back to the loss of the step.")
        margin = float(evidence.parameters["margin"])
        longest = max((evidence.compared(*pair) for pair in evidence.pairs(is_same=True)), default=0.0)
        shortest = min((evidence.compared(*pair) for pair in evidence.pairs(is_same=False)), default=np.inf)
        inside, outside = evidence.boundary - margin, evidence.boundary + margin
        rounded = ROUNDED * (2 * max(longest, 1) if evidence.is_squared else 1)
        why = "positive" if longest > inside + rounded else "negative" if shortest < outside - rounded else "right"
        return why, {"longest": longest, "shortest": shortest, "inside": inside, "outside": outside}


@dataclass(frozen=True)
class OtherByProduct(Placement):
    """The second point is nearer to the first than the third is, but the third has the larger dot product with it."""

    def judge(self, evidence: PlacedEvidence) -> tuple[str, Described]:
        """Moved where the second is not the nearer one, alike where its product is not the smaller one."""
        near, far = evidence.apart(0, 1), evidence.apart(0, 2)
        first = evidence.points[0].astype(np.float64)
        own, other = float(first @ evidence.points[1]), float(first @ evidence.points[2])
        why = "moved" if near >= far else "right" if other > own else "alike"
        return why, {"near": near, "far": far, "own": own, "other": other}


@dataclass(frozen=True)
class ShortCut(Placement):
    """By squared distances the way from the first point to the third over the second is shorter than the straight one,
    which no metric allows."""

    def judge(self, evidence: PlacedEvidence) -> tuple[str, Described]:
        """With both ways, squared."""
        over = evidence.apart(0, 1) ** 2 + evidence.apart(1, 2) ** 2
        straight = evidence.apart(0, 2) ** 2
        return "right" if over < straight else "longer", {"over": over, "straight": straight}


@dataclass(frozen=True)
class HardBySide(Placement):
    """The first triplet is hard, yet its negative sees anchor and positive under an angle that the angular loss allows:
    half the pair's length is at most tan(angle) of the way from the negative to the pair's middle."""

    def judge(self, evidence: PlacedEvidence) -> tuple[str, Described]:
        """Not hard is told before too wide an angle. The angle, in degrees, is the loss's own."""
        near, far = evidence.apart(0, 1), evidence.apart(0, 2)
        middle = evidence.points[:2].astype(np.float64).mean(axis=0)
        away = float(np.linalg.norm(evidence.points[2] - middle))
        angle = float(np.degrees(np.arctan2(near / 2, away)))
        most = float(evidence.parameters["angle"])
        why = "not_hard" if far >= near else "too_wide" if angle > most else "right"
        return why, {"near": near, "far": far, "angle": angle, "most": most}

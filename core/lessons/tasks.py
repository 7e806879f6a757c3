"""What a lesson asks a reader to find on a page, and the rule by which the find is graded.

A task names the setting of the address that holds the answer, and the evidence that its rule needs: arrays of the
snapshot on the page, made by the same code as the page's figures. So a task is graded by what is true of this run, not
by a number that somebody has written down.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, ClassVar

import numpy as np

from core.params import Described


@dataclass(frozen=True)
class MarginEvidence:
    """The triplets of a snapshot: of T in all, how many are hard, and for each of M margins, rising, how many are
    semi-hard, (M,)."""

    margins: np.ndarray
    semi_hard: np.ndarray
    hard: int
    total: int


@dataclass(frozen=True)
class ErrorEvidence:
    """The error rates of a verification at each of T thresholds, rising: false accepts and false rejects, (T,)."""

    thresholds: np.ndarray
    far: np.ndarray
    frr: np.ndarray


@dataclass(frozen=True)
class CourseEvidence:
    """A training by S snapshots in order: their epochs, and the shares of triplets that are hard, (S,)."""

    epochs: np.ndarray
    hard: np.ndarray


@dataclass(frozen=True)
class NeighbourEvidence:
    """The points of a snapshot (N, D), whose distance is Euclidean, and their places on the map (N, 2)."""

    points: np.ndarray
    places: np.ndarray


@dataclass(frozen=True)
class NumbersEvidence:
    """One number of the last snapshot of each of several runs, by their names."""

    numbers: Mapping[str, float]


@dataclass(frozen=True)
class Verdict:
    """Whether an answer is right, the name of the sentence that says why, and the numbers in it."""

    is_right: bool
    why: str
    values: Described = field(default_factory=dict)


@dataclass(frozen=True)
class Task:
    """Something to find. `answer` names the setting that holds it, `needs` the evidence. `options` are the answers to
    choose among where no setting holds one."""

    answer: ClassVar[str] = ""
    needs: ClassVar[type[Any]]

    @property
    def options(self) -> tuple[str, ...]:
        """Empty where a setting of the page is the answer."""
        return ()

    def grade(self, answer: Any, evidence: Any) -> Verdict:
        """Of an answer, by the evidence of the snapshot on the page. Raises ValueError for what can be no answer."""
        raise NotImplementedError


@dataclass(frozen=True)
class SmallestMargin(Task):
    """The smallest margin at which at least this share of all triplets is semi-hard; a margin counts as the nearest one
    that has been counted."""

    share: float
    answer: ClassVar[str] = "margin"
    needs: ClassVar[type[Any]] = MarginEvidence

    def grade(self, answer: float, evidence: MarginEvidence) -> Verdict:
        """Right is the first margin that reaches the share; where none does, no answer is."""
        row = _nearest(evidence.margins, answer)
        shares = evidence.semi_hard / max(evidence.total, 1)
        reached = np.flatnonzero(shares >= self.share)
        values = {"margin": float(evidence.margins[row]), "share": float(shares[row]), "wanted": self.share}
        if not len(reached):
            return Verdict(False, "never", values | {"most": float(shares.max())})
        if row < reached[0]:
            return Verdict(False, "too_small", values)
        if row > reached[0]:
            before = int(reached[reached < row][-1]) if (reached < row).any() else row - 1
            smaller = {"smaller": float(evidence.margins[before]), "smaller_share": float(shares[before])}
            return Verdict(False, "not_smallest", values | smaller)
        return Verdict(True, "right", values)


@dataclass(frozen=True)
class FarAtMost(Task):
    """A threshold that accepts at most this share of impostors, and of these the one that refuses fewest genuine pairs:
    right within `slack` of the smallest false reject rate that can be had."""

    far: float
    slack: float = 0.005
    answer: ClassVar[str] = "threshold"
    needs: ClassVar[type[Any]] = ErrorEvidence

    def grade(self, answer: float, evidence: ErrorEvidence) -> Verdict:
        """By the rates at the largest threshold of the evidence that is not above the answer, those of the answer
        itself: rates change at thresholds of the evidence alone. Below all of them nothing is accepted."""
        row = int(np.searchsorted(evidence.thresholds, _number(answer), side="right")) - 1
        far, frr = (float(evidence.far[row]), float(evidence.frr[row])) if row >= 0 else (0.0, 1.0)
        values = {"threshold": float(answer), "far": far, "frr": frr, "wanted": self.far}
        allowed = evidence.far <= self.far
        best = float(evidence.frr[allowed].min()) if allowed.any() else 1.0
        if far > self.far:
            return Verdict(False, "too_many", values)
        if frr > best + self.slack:
            return Verdict(False, "too_strict", values | {"best": best})
        return Verdict(True, "right", values)


@dataclass(frozen=True)
class FirstEpochBelow(Task):
    """The first snapshot, by its epoch, at which less than this share of the triplets is hard."""

    share: float
    answer: ClassVar[str] = "epoch"
    needs: ClassVar[type[Any]] = CourseEvidence

    def grade(self, answer: float, evidence: CourseEvidence) -> Verdict:
        """An epoch counts as the snapshot nearest to it; where no share is below, no answer is right."""
        row, below = _nearest(evidence.epochs, answer), np.flatnonzero(evidence.hard < self.share)
        values = {"epoch": float(evidence.epochs[row]), "share": float(evidence.hard[row]), "wanted": self.share}
        if not len(below):
            return Verdict(False, "never", values)
        if row == below[0]:
            return Verdict(True, "right", values)
        return Verdict(False, "still" if evidence.hard[row] >= self.share else "too_late", values)


@dataclass(frozen=True)
class LostNeighbour(Task):
    """A point that the map places wrongly: of its `among` nearest by the true distance at most `kept` are among its
    `among` nearest on the map. Of equally near ones the first counts as nearer."""

    among: int
    kept: int
    answer: ClassVar[str] = "query"
    needs: ClassVar[type[Any]] = NeighbourEvidence

    def grade(self, answer: float, evidence: NeighbourEvidence) -> Verdict:
        """The answer is the row of a point. Raises ValueError for a row that there is not."""
        row = int(_number(answer))
        if not 0 <= row < len(evidence.points):
            raise ValueError(f"a point must be from 0 to {len(evidence.points) - 1}, got {row}. Click one on the map.")
        truly, drawn = (_near(where, row, self.among) for where in (evidence.points, evidence.places))
        kept = len(truly & drawn)
        values = {"row": row, "kept": kept, "among": self.among, "wanted": self.kept}
        return Verdict(kept <= self.kept, "right" if kept <= self.kept else "kept", values)


@dataclass(frozen=True)
class LargestOf(Task):
    """Of these runs the one whose `number`, by its key in a snapshot, is the largest, or the smallest if `smallest`."""

    number: str
    runs: tuple[str, ...]
    smallest: bool = False
    needs: ClassVar[type[Any]] = NumbersEvidence

    @property
    def options(self) -> tuple[str, ...]:
        """The names of the runs."""
        return self.runs

    def grade(self, answer: str, evidence: NumbersEvidence) -> Verdict:
        """Of equal runs each is right. Raises ValueError for a run that is not among them."""
        if answer not in self.runs:
            raise ValueError(f"a run must be one of {', '.join(self.runs)}, got {answer!r}. Choose one of these.")
        best = (min if self.smallest else max)(evidence.numbers[name] for name in self.runs)
        own = evidence.numbers[answer]
        return Verdict(own == best, "right" if own == best else "other", {"number": own, "best": best})


def _near(where: np.ndarray, row: int, count: int) -> set[int]:
    """The rows of the nearest so many (N, D) of a point, without itself."""
    squared = np.square(where - where[row], dtype=np.float64).sum(axis=1)
    squared[row] = np.inf
    return set(np.argsort(squared, kind="stable")[: min(count, len(where) - 1)].tolist())


def _nearest(stops: np.ndarray, answer: float) -> int:
    return int(np.abs(stops - _number(answer)).argmin())


def _number(answer: float) -> float:
    if not np.isfinite(answer):
        raise ValueError(f"an answer must be a number, got {answer}. Drag the handle to one.")
    return float(answer)

"""Labels that may name nobody: one for all strangers, for bad crops or for what nobody could tell; numpy alone.

Such a label looks like one large class, whose points count as positives of each other. That is a question to whoever
brought the labels; no number changes because of it.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

DWARFS, LARGE_SHARE = 10, 0.1  # more than ten times the median class, and more than a tenth of all points
NAMES_NOBODY = ("-1", "0")  # junk and distractors on Market-1501; -1 is noise to many clusterings, too
STANDS_OUT, SMALL_SHARE = 2, 0.05  # what is asked about those


class Question(NamedTuple):
    """A label, how many of all points bear it, and the median size of the classes."""

    label: str
    count: int
    points: int
    median: float

    def __str__(self) -> str:
        return (
            f"label {self.label} is on {self.count:,} of {self.points:,} points, half of all labels on at most "
            f"{self.median:g}: does it name one identity? It counts as one"
        )


def questions(labels: np.ndarray, class_names: Sequence[str], chosen: np.ndarray | None = None) -> list[Question]:
    """Class numbers (N,) with their names -> the labels that dwarf the others, the largest first.

    A label does where its points are more than DWARFS times the median class and more than LARGE_SHARE of all; one of
    NAMES_NOBODY already from STANDS_OUT times and SMALL_SHARE. Only points that are `chosen` (N,) bool count, if given.
    """
    sizes = np.bincount(labels if chosen is None else labels[chosen], minlength=len(class_names))
    there = sizes[sizes > 0]
    if len(there) < 3:
        return []  # of two classes, neither is the rule
    points, median = int(there.sum()), float(np.median(there))
    named = zip(class_names, sizes.tolist(), strict=False)
    candidates = [Question(name, size, points, median) for name, size in named]
    return sorted(filter(_dwarfs, candidates), key=lambda question: -question.count)


def _dwarfs(question: Question) -> bool:
    times, least = (STANDS_OUT, SMALL_SHARE) if question.label in NAMES_NOBODY else (DWARFS, LARGE_SHARE)
    return question.count > times * question.median and question.count > least * question.points

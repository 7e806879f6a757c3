"""Which pairs of points count where somebody says how each point came about: its group or its session; numpy alone.

What: pairs of one identity that share a group (a camera, an artist) or a session are often alike for a reason that has
nothing to do with the identity. Three protocols: all pairs; positive pairs across groups alone, and all negative ones,
as re-identification has it (Zheng et al., "Scalable Person Re-identification", ICCV 2015); pairs of either kind across
groups alone, the cross-camera protocol proper. What does not count is as if it were not there: for a query, that point
of the gallery; for a threshold, that pair.
Refused: a default other than all pairs. What a column means for a matcher, only its user knows.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

ALL, POSITIVES_ACROSS, PAIRS_ACROSS = "all", "positives-across", "pairs-across"
CROSSINGS = {
    ALL: "all pairs",
    POSITIVES_ACROSS: "positive pairs across {column}s only, all negative pairs",
    PAIRS_ACROSS: "positive and negative pairs across {column}s only",
}
CROSSED = (POSITIVES_ACROSS, PAIRS_ACROSS)
GROUP, SESSION = COLUMNS = ("group", "session")
MOST_POINTS = 10_000  # whose pairs are held together


@dataclass(frozen=True)
class PairProtocol:
    """A kind of crossing with the column that is crossed; none for all pairs."""

    kind: str = ALL
    column: str = ""

    def __post_init__(self) -> None:
        if self.kind not in CROSSINGS or (self.kind == ALL) != (self.column == ""):
            raise ValueError(
                f"pairs must be {ALL}, or {' or '.join(list(CROSSINGS)[1:])} of {' or '.join(COLUMNS)}, got "
                f"{self.kind!r} of {self.column!r}. Choose one of these."
            )
        if self.column and self.column not in COLUMNS:
            raise ValueError(f"the column must be {' or '.join(COLUMNS)}, got {self.column!r}. Choose one of these.")

    @property
    def name(self) -> str:
        """One word, as files and addresses have it; `named` reads it."""
        return f"{self.kind}-{self.column}" if self.column else self.kind

    @property
    def in_words(self) -> str:
        """For cards and papers."""
        return CROSSINGS[self.kind].format(column=self.column)

    @classmethod
    def named(cls, name: str) -> PairProtocol:
        """Of one word. Raises ValueError for any other."""
        kind, _, column = name.rpartition("-")
        return cls(kind, column) if kind in CROSSINGS else cls(name)


ALL_PAIRS = PairProtocol()


def protocols_of(columns: Mapping[str, np.ndarray]) -> list[PairProtocol]:
    """Of the columns `group` and `session` that a set has (N,), the crossings that leave both kinds of groups apart:
    those of columns with two values or more, the easiest first."""
    crossed = [column for column in COLUMNS if column in columns and len(np.unique(columns[column])) > 1]
    return [PairProtocol(kind, column) for column in crossed for kind in CROSSED]


@dataclass(frozen=True, eq=False)
class Crossing:
    """A kind of crossing with the identity and the group of each point (N,)."""

    kind: str
    labels: np.ndarray
    groups: np.ndarray

    def __post_init__(self) -> None:
        if self.groups.shape != self.labels.shape:
            raise ValueError(
                f"groups must be one for each of {len(self.labels)} points, got {self.groups.shape}. Give each its own."
            )

    @classmethod
    def of(cls, protocol: PairProtocol, labels: np.ndarray, columns: Mapping[str, np.ndarray]) -> Crossing:
        """Of the columns of a set by name (N,), numbers or words. Raises ValueError where the column is missing."""
        if protocol == ALL_PAIRS:
            return cls(ALL, labels, np.zeros(len(labels), np.int64))
        if protocol.column not in columns:
            raise ValueError(
                f"pairs across {protocol.column}s must have the {protocol.column} of each point, got none. Name the "
                "column that says it, or let all pairs count."
            )
        numbers = np.unique(columns[protocol.column], return_inverse=True)[1].reshape(-1)
        return cls(protocol.kind, labels, numbers.astype(np.int64))

    def among(self, rows: np.ndarray) -> Crossing:
        """Of some of the points, by their rows or a mask."""
        return Crossing(self.kind, self.labels[rows], self.groups[rows])

    def between(self, first: np.ndarray, second: np.ndarray) -> np.ndarray:
        """Whether the pairs of these rows count, any shapes that fit each other; of a point with itself nothing is
        said."""
        if self.kind == ALL:
            return np.ones(np.broadcast_shapes(first.shape, second.shape), bool)
        within = self.groups[first] == self.groups[second]
        return ~within if self.kind == PAIRS_ACROSS else ~(within & (self.labels[first] == self.labels[second]))

    def pairs_of(self, rows: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Which points make a pair that counts with each of these rows (B,), and which are of its identity: (B, N) bool
        each, the point itself in neither."""
        is_same = self.labels[rows, None] == self.labels
        counts = self.between(rows[:, None], np.arange(len(self.labels)))
        counts[np.arange(len(rows)), rows] = False
        return counts, is_same & counts

    @property
    def pair_counts(self) -> tuple[int, int]:
        """How many positive and how many negative pairs count."""
        by_label, by_group, by_both = (
            _pairs_within(keys) for keys in (self.labels, self.groups, _joined(self.labels, self.groups))
        )
        everyone = len(self.labels) * (len(self.labels) - 1) // 2
        positive = by_label - (0 if self.kind == ALL else by_both)
        negative = everyone - by_label - (by_group - by_both if self.kind == PAIRS_ACROSS else 0)
        return positive, negative

    def check(self) -> None:
        """Raise ValueError unless pairs of both kinds count."""
        positive, negative = self.pair_counts
        if not positive or not negative:
            raise ValueError(
                f"{CROSSINGS[self.kind].format(column='group')} must leave pairs of both kinds, got {positive} "
                f"positive and {negative} negative. Let all pairs count, or bring identities met in two groups."
            )


def _joined(first: np.ndarray, second: np.ndarray) -> np.ndarray:
    """One number for each couple of values (N,)."""
    numbers = [np.unique(values, return_inverse=True)[1].reshape(-1).astype(np.int64) for values in (first, second)]
    return numbers[0] * (int(numbers[1].max(initial=0)) + 1) + numbers[1]


def _pairs_within(keys: np.ndarray) -> int:
    sizes = np.unique(keys, return_counts=True)[1].astype(np.int64)
    return int((sizes * (sizes - 1) // 2).sum())

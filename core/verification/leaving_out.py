"""Leave out the identity that carries too much, or cap it: which rows go, so that it has no more than its share of the
pairs; and which numbers the rows that stay had before. numpy alone."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from core.verification.scored_pairs import ScoredPairs

SEED = 0


@dataclass(frozen=True)
class LeftOut:
    """Rows to leave out (R,), ascending, of the `of` rows that the identity at `place` among all in order of their
    labels has; those of a capped one are drawn by `seed`."""

    rows: np.ndarray
    place: int
    of: int
    seed: int = SEED

    def in_words(self, name: str, kind: str = "samples") -> str:
        """To be said wherever the rates are shown."""
        if len(self.rows) == self.of:
            return f"Without {name}: all {self.of:,} of its {kind} are left out."
        left = self.of - len(self.rows)
        return f"{name} is capped at {left:,} of its {self.of:,} {kind}, drawn with the seed {self.seed}."


def as_ranges(rows: Sequence[int] | np.ndarray) -> str:
    """Rows from 0 as a word of the command line, those in a row as first-last: 3, 5, 6, 7 -> "3,5-7"."""
    return ",".join(f"{first}" if first == last else f"{first}-{last}" for first, last in spans(rows))


def spans(rows: Sequence[int] | np.ndarray) -> list[tuple[int, int]]:
    """The first and the last of each unbroken run of rows, ascending: 3, 5, 6, 7 -> (3, 3), (5, 7)."""
    ascending = np.unique(np.asarray(rows, np.int64))
    runs = np.split(ascending, np.flatnonzero(np.diff(ascending) > 1) + 1) if len(ascending) else []
    return [(int(run[0]), int(run[-1])) for run in runs]


def rows_before(count: int, gone: Sequence[int] | np.ndarray) -> np.ndarray:
    """The numbers (N,) that the `count` rows that are left had before the rows `gone` (R,) were left out, by the same
    numbers."""
    return np.setdiff1d(np.arange(count + len(np.unique(gone))), np.asarray(gone, np.int64))


def left_out(labels: np.ndarray, place: int) -> LeftOut:
    """(N,) -> all rows of one identity."""
    rows = np.flatnonzero(labels == np.unique(labels)[place])
    return LeftOut(rows, place, len(rows))


def capped(labels: np.ndarray, place: int, most: int, seed: int = SEED) -> LeftOut:
    """(N,) -> rows of one identity, drawn so that `most` of them stay; none where it has no more."""
    if most < 1:
        raise ValueError(f"a capped identity must keep at least 1 sample, got {most}. Leave it out instead.")
    whole = left_out(labels, place)
    drawn = np.random.default_rng(seed).permutation(whole.of)[most:]
    return LeftOut(np.sort(whole.rows[drawn]), place, whole.of, seed)


def second_largest(sizes: np.ndarray, place: int) -> int:
    """The number of samples of the largest of the other identities (C,): a cap that needs no further choice."""
    return int(np.delete(sizes, place).max())


def pairs_left_out(pairs: ScoredPairs, place: int) -> LeftOut:
    """All pairs with one identity, by its place among the sorted names."""
    assert pairs.first is not None and pairs.second is not None, "pairs without identities have none to leave out"
    rows = np.flatnonzero((pairs.first == place) | (pairs.second == place))
    return LeftOut(rows, place, len(rows))


def pairs_capped(pairs: ScoredPairs, place: int, share: float, *, genuine: bool, seed: int = SEED) -> LeftOut:
    """Pairs of one kind with one identity, drawn so that it carries at most this share of the pairs of that kind."""
    if not 0 < share < 1:
        raise ValueError(f"share must be between 0 and 1, got {share}. Give 0.1 for 10 %.")
    whole = pairs_left_out(pairs, place)
    rows = whole.rows[pairs.is_same[whole.rows] == genuine]
    rest = int((pairs.is_same == genuine).sum()) - len(rows)
    most = int(share / (1 - share) * rest * (1 + 1e-12))
    drawn = np.random.default_rng(seed).permutation(len(rows))[most:]
    return LeftOut(np.sort(rows[drawn]), place, len(rows), seed)

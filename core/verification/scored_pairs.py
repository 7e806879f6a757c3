"""Pairs of which somebody knows the truth and a score, whatever made it; numpy alone, for the web process."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import NamedTuple

import numpy as np

REFUSED, LEFT_OUT = "refused", "left-out"
ARRAYS = ("distances", "is_same", "first", "second", "fold", "lines")


class Failures(NamedTuple):
    """How many pairs could not be compared, because a sample gave nothing to compare (failure to enrol or to acquire),
    and what becomes of them: `refused` at every threshold, or `left-out` of the pairs."""

    count: int
    treated: str

    def described(self) -> dict[str, int | str]:
        """For a card."""
        return {"count": self.count, "treated": self.treated}


@dataclass(frozen=True)
class ScoredPairs:
    """P pairs in the order they were given in, with a distance and the truth for each.

    `distances` (P,) float64 and `is_same` (P,) bool. Where identities are known, `first` and `second` (P,) int64 are
    the places of the two identities among the sorted names `identities`; otherwise all three are None. `fold` (P,)
    int64 from 0 is the part of a protocol that a pair belongs to, None without one. `lines` (P,) int64 are those of the
    file they stand in, None where there is no file.

    A similarity s, where larger is closer, is kept as the distance -s: its order is turned round and no two values fall
    together, so accepting at a distance <= t is accepting at a similarity >= -t, ties included.

    `failures` are None where every pair could be compared. Those that count as refused are among the pairs, at an
    infinite distance, which no threshold accepts; those that are left out are not.
    """

    distances: np.ndarray
    is_same: np.ndarray
    first: np.ndarray | None = None
    second: np.ndarray | None = None
    identities: tuple[str, ...] | None = None
    is_similarity: bool = False
    fold: np.ndarray | None = None
    lines: np.ndarray | None = None
    failures: Failures | None = None

    @cached_property
    def compared(self) -> ScoredPairs:
        """Those with a distance: all but the failures that count as refused. Thresholds are cut from these; rates are
        shares of all."""
        kept = np.isfinite(self.distances)
        known = {name: value[kept] for name in ARRAYS if (value := getattr(self, name)) is not None}
        return self if kept.all() else replace(self, **known)

    @cached_property
    def positive(self) -> np.ndarray:
        """The distances of the pairs of one identity, ascending, as core.statistics.roc takes them."""
        return np.sort(self.distances[self.is_same])

    @cached_property
    def negative(self) -> np.ndarray:
        """The distances of the pairs of two identities, ascending."""
        return np.sort(self.distances[~self.is_same])

    def without(self, rows: np.ndarray) -> ScoredPairs:
        """The same but for some rows (R,)."""
        kept = np.delete(np.arange(len(self.distances)), rows)
        return replace(self, **{name: value[kept] for name in ARRAYS if (value := getattr(self, name)) is not None})

    def in_own_terms(self, threshold: float) -> float:
        """A threshold of distance as the score was given: itself, or for a similarity minus itself."""
        return 0.0 - threshold if self.is_similarity else threshold

    def wrong(
        self, threshold: float, count: int, *, is_same: bool, worst_first: bool = False, among: np.ndarray | None = None
    ) -> np.ndarray:
        """Rows of at most `count` false rejects (`is_same`) or false accepts, those nearest to the threshold first, or
        those furthest from it; equally near ones in the order they were given in. `among` (P,) bool leaves others out.
        """
        refused = self.distances > threshold
        wrong = refused & self.is_same if is_same else ~refused & ~self.is_same
        rows = np.flatnonzero(wrong if among is None else wrong & among)
        beyond = np.abs(self.distances[rows] - threshold)
        return rows[np.argsort(-beyond if worst_first else beyond, kind="stable")[:count]]

    def arrays(self) -> dict[str, np.ndarray]:
        """To keep; what is not known is left out."""
        known = {name: value for name in ARRAYS if (value := getattr(self, name)) is not None}
        names = {} if self.identities is None else {"identities": np.array(self.identities, dtype=np.str_)}
        failed = self.failures and {
            "failures": np.array(self.failures.count),
            "treated": np.array(self.failures.treated),
        }
        return known | names | (failed or {}) | {"is_similarity": np.array(self.is_similarity)}

    @classmethod
    def from_arrays(cls, arrays: Mapping[str, np.ndarray]) -> ScoredPairs:
        """What `arrays` has written down."""
        names = tuple(arrays["identities"].tolist()) if "identities" in arrays else None
        known = {name: arrays[name] for name in ARRAYS if name in arrays}
        failures = Failures(int(arrays["failures"]), str(arrays["treated"])) if "failures" in arrays else None
        return cls(**known, identities=names, is_similarity=bool(arrays["is_similarity"]), failures=failures)


class Identities:
    """Numbers for names that come bit by bit; once all are there, their places among the sorted names."""

    def __init__(self) -> None:
        self._numbers: dict[str, int] = {}

    @property
    def names(self) -> tuple[str, ...]:
        """The names, sorted."""
        return tuple(sorted(self._numbers))

    def numbered(self, names: Sequence[str]) -> np.ndarray:
        """A number for each of P names, the same for the same name from call to call, (P,) int64."""
        for name in set(names).difference(self._numbers):
            self._numbers[name] = len(self._numbers)
        return np.fromiter(map(self._numbers.__getitem__, names), np.int64, len(names))

    def sorted_numbers(self, numbers: np.ndarray) -> np.ndarray:
        """Numbers that `numbered` gave as places among the sorted names."""
        places = np.empty(len(self._numbers), np.int64)
        places[[self._numbers[name] for name in self.names]] = np.arange(len(places))
        return places[numbers]


def check_kinds(name: str, is_same: np.ndarray) -> None:
    """Raise ValueError unless the pairs (P,) of the file so named are of both kinds."""
    same = int(is_same.sum())
    if same in (0, len(is_same)):
        raise ValueError(
            f"{name} must hold pairs of the same and of different identities, got {same} and {len(is_same) - same}. "
            "Add pairs of both kinds."
        )

"""Which points of several runs are the same sample."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import streamlit as st

from core.maps.alignment import FEWEST
from dashboard.lookups import runs


@dataclass(frozen=True)
class SharedSamples:
    """Of each run the ids of its points (N,) int32: the same sample has the same id in all of them, and no two samples
    have one. They are the rows of the points where every run shows the same samples in the same order."""

    ids: tuple[np.ndarray, ...]

    @property
    def is_same(self) -> bool:
        """Whether every run shows the same samples."""
        return all(np.array_equal(of, self.ids[0]) for of in self.ids)

    @property
    def count(self) -> int:
        """How many samples every run shows."""
        common = self.ids[0]
        for of in self.ids[1:]:
            common = np.intersect1d(common, of)
        return len(common)

    def rows(self, one: int, other: int) -> tuple[np.ndarray, np.ndarray]:
        """The rows in two of the runs of the samples that both show, each (M,)."""
        return np.intersect1d(self.ids[one], self.ids[other], return_indices=True)[1:]

    def are_enough(self, one: int, other: int) -> bool:
        """Whether the map of one can be laid onto that of the other by what both show."""
        return len(self.rows(one, other)[0]) >= FEWEST


@st.cache_resource(max_entries=64, show_spinner=False)
def shared_samples(names: tuple[str, ...]) -> SharedSamples:
    """Of runs that have begun. Samples are the same where the data set and the row in it are."""
    rows = [_rows(name) for name in names]
    digests = [runs.data(name).digest for name in names]
    if all(digest == digests[0] and np.array_equal(of, rows[0]) for digest, of in zip(digests, rows, strict=True)):
        return SharedSamples(tuple(np.arange(len(of), dtype=np.int32) for of in rows))
    starts, room = dict[str, int](), 0
    for digest in dict.fromkeys(digests):
        starts[digest] = room
        room += max(int(of.max()) + 1 for of, its in zip(rows, digests, strict=True) if its == digest)
    return SharedSamples(
        tuple((of + starts[digest]).astype(np.int32) for of, digest in zip(rows, digests, strict=True))
    )


def _rows(name: str) -> np.ndarray:
    """The rows (N,) in the data set of the samples that a run shows."""
    return runs.run_of(name).probe()["rows"]

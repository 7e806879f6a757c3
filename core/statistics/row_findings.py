"""What some rows of a scan have found, to be filled in piece by piece; numpy alone."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np


class RowFindings(NamedTuple):
    """Of B rows the counts of triplets with d_an < d_ap + added for each of M numbers (B, M), scores (B, 3) and local
    AUCs (B,), -1 and NaN for none, and whether something of each row is still open (B,)."""

    counts: np.ndarray
    scores: np.ndarray
    local_aucs: np.ndarray
    is_open: np.ndarray

    @classmethod
    def nothing(cls, rows: int, steps: int) -> RowFindings:
        """Of so many rows and numbers."""
        scores, local_aucs = np.full((rows, 3), -1.0), np.full(rows, np.nan)
        return cls(np.zeros((rows, steps), np.int64), scores, local_aucs, np.zeros(rows, np.bool_))

    def part(self, here: slice) -> RowFindings:
        """Some of the rows, to fill in."""
        return RowFindings(*(array[here] for array in self))

    def replace(self, these: np.ndarray, other: RowFindings) -> None:
        """Take what another one has found of these rows."""
        for array, found in zip(self, other, strict=True):
            array[these] = found

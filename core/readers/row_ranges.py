"""Rows out of a word of the command line: from 0, ascending, those in a row as first-last (`as_ranges`)."""

from __future__ import annotations

import re
from collections.abc import Sequence

import numpy as np

from core.statistics.checks import check_embeddings

PART = re.compile(r"(\d{1,18})(?:-(\d{1,18}))?")


def rows_in(ranges: str, count: int) -> np.ndarray:
    """The rows (R,) that ranges name, ascending. Raises ValueError unless all are rows of `count` and some are left."""
    chosen = np.zeros(count, bool)
    for part in ranges.split(","):
        match = PART.fullmatch(part.strip())
        first, last = (int(match[1]), int(match[2] or match[1])) if match else (1, 0)
        if not first <= last < count:
            raise ValueError(
                f"rows to leave out must be rows from 0 to {count - 1}, as 3,5-7, got {part!r}. Correct it."
            )
        chosen[first : last + 1] = True
    if chosen.all():
        raise ValueError(f"rows to leave out must not be all, got all {count} of them. Name fewer.")
    return np.flatnonzero(chosen)


def without_rows(
    ranges: str, embeddings: np.ndarray, labels: np.ndarray, names: Sequence[str]
) -> tuple[np.ndarray, np.ndarray, tuple[str, ...]]:
    """(N, D), class numbers (N,) and names of the classes -> the same without these rows, checked."""
    left = np.delete(np.arange(len(labels)), rows_in(ranges, len(labels)))
    classes, numbers = np.unique(labels[left], return_inverse=True)
    check_embeddings(embeddings[left], numbers)
    return embeddings[left], numbers.reshape(-1), tuple(names[place] for place in classes.tolist())

"""Row numbers as a few words of the command line: from 0, ascending, those in a row as first-last."""

from __future__ import annotations

import re
from collections.abc import Sequence

import numpy as np

from core.statistics.checks import check_embeddings

PART = re.compile(r"(\d{1,18})(?:-(\d{1,18}))?")


def as_ranges(rows: Sequence[int] | np.ndarray) -> str:
    """3, 5, 6, 7 -> "3,5-7"."""
    ascending = np.unique(np.asarray(rows, np.int64))
    runs = np.split(ascending, np.flatnonzero(np.diff(ascending) > 1) + 1) if len(ascending) else []
    return ",".join(f"{run[0]}" if len(run) == 1 else f"{run[0]}-{run[-1]}" for run in runs)


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
    kept = np.delete(np.arange(len(labels)), rows_in(ranges, len(labels)))
    classes, numbers = np.unique(labels[kept], return_inverse=True)
    check_embeddings(embeddings[kept], numbers)
    return embeddings[kept], numbers.reshape(-1), tuple(names[place] for place in classes.tolist())

"""How many points are one block, and a sample of more in which identities keep several points each; numpy alone."""

from __future__ import annotations

import numpy as np

AT_ONCE = 10_000  # points up to which a set is one block, whose pairs are held together


def share(labels: np.ndarray, most: int) -> np.ndarray:
    """(N,) -> rows in order of at most `most` points: all where they fit, otherwise of identities at equal steps, at
    most a fifth of `most`, as many points each as fit, the first ones."""
    if len(labels) <= most:
        return np.arange(len(labels))
    identities, place = np.unique(labels, return_inverse=True)
    chosen = np.unique(np.linspace(0, len(identities) - 1, min(len(identities), most // 5)).astype(np.int64))
    rows = np.flatnonzero(np.isin(place, chosen))
    order = np.argsort(place[rows], kind="stable")
    starts = np.searchsorted(place[rows][order], chosen)
    turn = np.empty(len(rows), np.int64)  # which point of its identity each one is
    turn[order] = np.arange(len(rows)) - np.repeat(starts, np.diff([*starts, len(rows)]))
    return np.sort(rows[np.argsort(turn, kind="stable")[:most]])

"""A sample that keeps the same share of each class; numpy alone."""

from __future__ import annotations

import numpy as np

from core.statistics.samples import share

LEAST = 2  # of a class, so that it still has pairs
SEED = 0


def share_of_each(labels: np.ndarray, most: int) -> tuple[np.ndarray, bool]:
    """(N,) -> the rows, in order, of at most `most` points, and whether they are the same share of each class.

    All where they fit. Otherwise the same share of each class, to the nearest point, drawn with equal chances and
    always the same ones; of classes equally far from their share the first in order get the points that are left over.
    Where a class would keep fewer than LEAST, some classes with more of their points instead
    (core/statistics/samples.py)."""
    if len(labels) <= most:
        return np.arange(len(labels)), True
    place = np.unique(labels, return_inverse=True)[1].reshape(-1)
    kept = np.bincount(place) * most
    left, kept = kept % len(labels), kept // len(labels)
    if kept.min() < LEAST:
        return share(labels, most), False
    kept[np.argsort(-left, kind="stable")[: most - kept.sum()]] += 1
    shuffled = np.random.default_rng(SEED).permutation(len(labels))
    order = shuffled[np.argsort(place[shuffled], kind="stable")]
    sizes = np.bincount(place)
    turn = np.arange(len(labels)) - np.repeat(np.cumsum(sizes) - sizes, sizes)
    return np.sort(order[turn < np.repeat(kept, sizes)]), True

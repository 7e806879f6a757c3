"""Points whose label may be wrong, by their neighbours: most of them agree on one other label."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

SEED = 0


class LabelDoubt(NamedTuple):
    """A point, the label that most of its neighbours have, and how many of how many have that one and its own."""

    row: int
    other: int
    by_other: int
    by_own: int
    asked: int

    @property
    def score(self) -> float:
        """The share of the neighbours with the other label minus that with its own, from -1 to 1."""
        return (self.by_other - self.by_own) / self.asked


class Planted(NamedTuple):
    """How a list does that was made with some labels swapped: how many were, and how many of the first so many of the
    list are among them."""

    swapped: int
    found: int
    points: int

    @property
    def precision(self) -> float:
        """The share of the first ones that were swapped."""
        return self.found / self.swapped if self.swapped else float("nan")

    @property
    def base_rate(self) -> float:
        """What a list in any order would reach."""
        return self.swapped / self.points


def label_scores(rows: np.ndarray, labels: np.ndarray) -> tuple[np.ndarray, ...]:
    """The K nearest of each point (N, K) and labels (N,) -> for each point the other label, the votes for it, those for
    its own, and how many neighbours were asked, (N,) each.

    A point is asked about by as many neighbours as its label has other points, at most K: a small class cannot fill a
    larger list. Of labels with equal votes the one with the nearer neighbour is taken.
    """
    count, k = rows.shape
    place = np.unique(labels, return_inverse=True)[1].reshape(-1)
    asked = np.minimum(np.bincount(place)[place] - 1, k)
    votes = labels[rows]
    counted = np.arange(k) < asked[:, None]
    is_own = (votes == labels[:, None]) & counted
    agree = ((votes[:, :, None] == votes[:, None, :]) & counted[:, None, :]).sum(axis=2)  # (N, K)
    agree = np.where(counted & ~is_own, agree, 0)
    best = agree.argmax(axis=1)
    return votes[np.arange(count), best], agree.max(axis=1, initial=0), is_own.sum(axis=1), asked


def label_doubts(rows: np.ndarray, labels: np.ndarray) -> list[LabelDoubt]:
    """The points of which more neighbours have one other label than have their own, the largest score first, equal ones
    by their rows; a point that is alone in its label is not judged."""
    other, by_other, by_own, asked = label_scores(rows, labels)
    doubted = np.flatnonzero(by_other > by_own)
    found = [LabelDoubt(int(row), *(int(one[row]) for one in (other, by_other, by_own, asked))) for row in doubted]
    return sorted(found, key=lambda one: (-one.score, one.row))


def swapped_labels(labels: np.ndarray, share: float, seed: int = SEED) -> tuple[np.ndarray, np.ndarray]:
    """(N,) -> labels of which this share, at least one, is that of another point with another label; and the rows that
    were changed, ascending. Raises ValueError for one label."""
    kinds = np.unique(labels)
    if len(kinds) < 2:
        raise ValueError(f"labels must be of two kinds to swap some, got {len(kinds)}. Bring a second class.")
    generator = np.random.default_rng(seed)
    rows = np.sort(generator.choice(len(labels), max(1, round(share * len(labels))), replace=False))
    swapped = labels.copy()
    for row in rows.tolist():
        swapped[row] = generator.choice(labels[labels != labels[row]])
    return swapped, rows


def planted_label_errors(rows: np.ndarray, labels: np.ndarray, share: float = 0.02, seed: int = SEED) -> Planted:
    """How many of the swapped labels stand among the first so many of the list, in one seeded draw."""
    swapped, changed = swapped_labels(labels, share, seed)
    first = [one.row for one in label_doubts(rows, swapped)[: len(changed)]]
    return Planted(len(changed), int(np.isin(first, changed).sum()), len(labels))

"""Small sets with groups, of unequal sizes and with ties; and the pairs that count, one at a time by the definition."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from core.statistics.crossing import ALL, PAIRS_ACROSS, POSITIVES_ACROSS, Crossing


class Pair(NamedTuple):
    """Two rows, their distance in float64, and whether they are of one identity."""

    first: int
    second: int
    distance: float
    is_same: bool


def tied_set(seed: int, *, identities: int = 30, groups: int = 3) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Points (N, 2) on a coarse grid, so that many distances tie, labels and groups (N,); identities have 1 to 6 points
    in no order, and points of one group lie nearer to each other."""
    generator = np.random.default_rng(seed)
    labels = generator.permutation(np.repeat(np.arange(identities), generator.integers(1, 7, identities)))
    of_group = generator.integers(groups, size=len(labels))
    places = generator.integers(0, 12, (identities, 2))[labels] + generator.integers(-2, 3, (len(labels), 2))
    return (places + of_group[:, None]).astype(np.float64), labels, of_group


def counts(kind: str, *, is_same: bool, is_within: bool) -> bool:
    """The definition."""
    if kind == ALL:
        return True
    if kind == POSITIVES_ACROSS:
        return not (is_same and is_within)
    assert kind == PAIRS_ACROSS
    return not is_within


def listed(points: np.ndarray, crossing: Crossing) -> list[Pair]:
    """Every pair that counts, by a slow loop."""
    found: list[Pair] = []
    for first in range(len(points)):
        for second in range(first + 1, len(points)):
            is_same = bool(crossing.labels[first] == crossing.labels[second])
            is_within = bool(crossing.groups[first] == crossing.groups[second])
            if counts(crossing.kind, is_same=is_same, is_within=is_within):
                apart = float(np.sqrt(((points[first] - points[second]) ** 2).sum()))
                found.append(Pair(first, second, apart, is_same))
    return found

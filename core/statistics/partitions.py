"""How far two ways to divide the same points into groups agree; float64, numpy alone.

Adjusted Rand index: Hubert and Arabie (1985), Comparing partitions. Adjusted mutual information: Vinh, Epps and Bailey
(2010), Information theoretic measures for clusterings comparison, normalised by the arithmetic mean of both entropies;
natural logarithms. Both are 0 on average for groups of the same sizes drawn by chance, and 1 where the groups are the
same. BCubed: Bagga and Baldwin (1998), Algorithms for scoring coreference chains. The names of groups do not matter.
"""

from __future__ import annotations

import math
from dataclasses import astuple, dataclass

import numpy as np


@dataclass(frozen=True)
class Agreement:
    """How far found groups agree with the true ones: `groups` are those found. `bcubed_precision` is the mean over the
    points of the share of a point's found group that is truly with it, `bcubed_recall` of the share of its true group
    that is found with it, both with the point itself, and `bcubed_f` their harmonic mean."""

    groups: int
    ari: float
    ami: float
    bcubed_precision: float
    bcubed_recall: float
    bcubed_f: float

    def array(self) -> np.ndarray:
        """What `from_array` takes."""
        return np.array(astuple(self), np.float64)

    @classmethod
    def from_array(cls, array: np.ndarray) -> Agreement:
        """Out of what `array` gave."""
        groups, *shares = array.tolist()
        return cls(int(groups), *shares)


def agreement(true: np.ndarray, found: np.ndarray) -> Agreement:
    """(N,), (N,) -> how far they agree. Raises ValueError for no points, or different numbers of them."""
    counts = crosstab(true, found)
    precision, recall = bcubed(counts)
    harmonic = 2 * precision * recall / (precision + recall)
    return Agreement(counts.shape[1], adjusted_rand(counts), adjusted_information(counts), precision, recall, harmonic)


def crosstab(true: np.ndarray, found: np.ndarray) -> np.ndarray:
    """(N,), (N,) -> how many points each true and each found group share, (C, G) int64, both in order of their names.
    Raises ValueError for no points, or different numbers of them."""
    if len(true) != len(found) or not len(true):
        raise ValueError(
            f"both divisions must be of the same points, at least one, got {len(true)} and {len(found)}. Give each "
            "point one true and one found group."
        )
    (rows, row), (columns, column) = (np.unique(names, return_inverse=True) for names in (true, found))
    places = row.reshape(-1) * len(columns) + column.reshape(-1)
    return np.bincount(places, minlength=len(rows) * len(columns)).reshape(len(rows), len(columns)).astype(np.int64)


def adjusted_rand(counts: np.ndarray) -> float:
    """Shared points (C, G) -> the pairs that are together in both divisions, less those expected by chance, over the
    most that there can be, less the same. From whole numbers, rounded once; 1 for one group or all singletons in both,
    where nothing is left to chance."""
    points = int(counts.sum())
    both = _pairs(counts)
    of_true, of_found = (_pairs(counts.sum(axis=axis)) for axis in (1, 0))
    all_pairs = points * (points - 1) // 2
    above = 2 * (both * all_pairs - of_true * of_found)
    most = (of_true + of_found) * all_pairs - 2 * of_true * of_found
    return above / most if most else 1.0


def adjusted_information(counts: np.ndarray) -> float:
    """Shared points (C, G) -> the mutual information of both divisions, less the one expected by chance, over the mean
    of their entropies, less the same. Exactly 1 where both are the same."""
    if _is_the_same(counts):
        return 1.0
    sizes = counts.sum(axis=1), counts.sum(axis=0)
    expected = expected_information(*sizes)
    return (mutual_information(counts) - expected) / ((entropy(sizes[0]) + entropy(sizes[1])) / 2 - expected)


def mutual_information(counts: np.ndarray) -> float:
    """Shared points (C, G) -> what one division says about the other, in nats."""
    points, expected = counts.sum(), np.outer(counts.sum(axis=1), counts.sum(axis=0))
    shared = counts > 0
    shares = counts[shared] / points
    return math.fsum(shares * np.log(points * (counts[shared] / expected[shared])))


def entropy(sizes: np.ndarray) -> float:
    """(G,) points of each group -> of the division, in nats."""
    shares = sizes[sizes > 0] / sizes.sum()
    return -math.fsum(shares * np.log(shares)) + 0.0


def expected_information(true_sizes: np.ndarray, found_sizes: np.ndarray) -> float:
    """(C,), (G,) points of each group -> the mean of the mutual information over all ways to divide as many points into
    groups of these sizes, in nats: how many points two groups share is hypergeometric."""
    points = int(true_sizes.sum())
    log_factorials = np.array([math.lgamma(number + 1) for number in range(points + 1)])
    (rows, of_rows), (columns, of_columns) = (
        np.unique(sizes[sizes > 0], return_counts=True) for sizes in (true_sizes, found_sizes)
    )
    terms = [
        times * also * _of_sizes(int(size), int(other), points, log_factorials)
        for size, times in zip(rows, of_rows, strict=True)
        for other, also in zip(columns, of_columns, strict=True)
    ]
    return math.fsum(terms)


def bcubed(counts: np.ndarray) -> tuple[float, float]:
    """Shared points (C, G) -> BCubed precision and recall."""
    squares, points = np.square(counts, dtype=np.float64), counts.sum()
    precision = math.fsum(squares.sum(axis=0) / counts.sum(axis=0)) / points
    recall = math.fsum(squares.sum(axis=1) / counts.sum(axis=1)) / points
    return float(precision), float(recall)


def _pairs(sizes: np.ndarray) -> int:
    """How many pairs groups of these sizes have."""
    return int((sizes * (sizes - 1) // 2).sum())


def _is_the_same(counts: np.ndarray) -> bool:
    """Whether each group shares points with one other alone."""
    shared = counts > 0
    return bool((shared.sum(axis=0) == 1).all() and (shared.sum(axis=1) == 1).all())


def _of_sizes(size: int, other: int, points: int, log_factorials: np.ndarray) -> float:
    """What a true group of one size and a found one of another are expected to add."""
    shared = np.arange(max(1, size + other - points), min(size, other) + 1)
    log_chance = (
        log_factorials[[size, other, points - size, points - other]].sum()
        - log_factorials[points]
        - log_factorials[shared]
        - log_factorials[size - shared]
        - log_factorials[other - shared]
        - log_factorials[points - size - other + shared]
    )
    information = shared / points * np.log(points * shared / (size * other))
    return float(np.exp(log_chance) @ information)

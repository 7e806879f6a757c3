"""Whose pairs choose a threshold and whose pairs it is reported on; numpy alone.

Rates of the pairs that a threshold was chosen on flatter it. So identities are drawn into two halves, one to choose and
one to report on, or into ten folds in the manner of Labeled Faces in the Wild (Huang et al. 2007): each fold reports on
the threshold that the other nine have chosen. No identity, and so no pair, is ever on both sides.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from core.statistics.roc import Curve
from core.verification.scored_pairs import ScoredPairs

SAME, OTHERS, FOLDS = "same-pairs", "other-identities", "ten-folds"
PROTOCOLS = {
    SAME: "chosen and reported on the same pairs",
    OTHERS: "chosen on one half of the identities, reported on the other",
    FOLDS: "each fold of the identities reports on what the other folds have chosen",
}
FOLD_COUNT = 10
LEAST_IDENTITIES = 20  # with a genuine pair; halves of fewer tell nearly nothing


def parts(labels: np.ndarray, count: int, seed: int = 0) -> np.ndarray:
    """(N,) -> the part of each point's identity (N,), from 0 to count - 1; the same for the same labels and seed.

    Identities go round in a drawn order, those with a genuine pair first, so that every part has its share of both.
    """
    identities, place, sizes = np.unique(labels, return_inverse=True, return_counts=True)
    order = np.random.default_rng(seed).permutation(len(identities))
    order = order[np.argsort(sizes[order] < 2, kind="stable")]
    part = np.empty(len(identities), np.int64)
    part[order] = np.arange(len(identities)) % count
    return part[place.reshape(-1)]


def protocols_for(labels: np.ndarray) -> list[str]:
    """What these identities allow, the best first: two halves and ten folds want at least twenty with genuine pairs."""
    genuine = int((np.unique(labels, return_counts=True)[1] > 1).sum())
    return [OTHERS, FOLDS, SAME] if genuine >= LEAST_IDENTITIES else [SAME]


def parts_of_pairs(pairs: ScoredPairs, count: int) -> np.ndarray | None:
    """The parts of the first and of the second identity of each pair (2, P); None where there are too few identities
    for more than the same pairs."""
    if pairs.first is None or pairs.second is None:
        return None
    both = np.stack([pairs.first, pairs.second])
    identities, place = np.unique(both, return_inverse=True)
    # An identity with a genuine pair has two samples, the others one.
    labels = np.concatenate([identities, np.unique(pairs.first[pairs.is_same])])
    if OTHERS not in protocols_for(labels):
        return None
    return parts(labels, count)[: len(identities)][place.reshape(both.shape)]


@dataclass(frozen=True)
class Folds:
    """For each of K folds the curve of all other folds, to choose on, and its own, to report on; at S thresholds."""

    choosing: list[Curve]
    reporting: list[Curve]

    def arrays(self) -> dict[str, np.ndarray]:
        """The arrays to keep beside the snapshot's edges: (K, 2, S) accepted of negative and positive pairs, for both
        sides, and how many of either there are (K, 2)."""
        arrays: dict[str, np.ndarray] = {}
        for name, curves in (("folds_choosing", self.choosing), ("folds_reporting", self.reporting)):
            arrays[name] = np.stack([[curve.false_accepts, curve.true_accepts] for curve in curves])
            arrays[f"{name}_pairs"] = np.array([[curve.negative_count, curve.positive_count] for curve in curves])
        return arrays

    @classmethod
    def from_arrays(cls, edges: np.ndarray, arrays: Mapping[str, np.ndarray]) -> Folds:
        """What `arrays` has written down, of older versions too."""
        sides: list[list[Curve]] = []
        for name in ("folds_choosing", "folds_reporting"):
            counts = arrays.get(f"{name}_pairs", arrays[name][:, :, -1])  # as older versions take it
            sides.append([Curve(edges[1:], *both, *of.tolist()) for both, of in zip(arrays[name], counts, strict=True)])
        return cls(*sides)


def mean_and_error(values: list[float]) -> tuple[float, float]:
    """Of K folds: the mean, and its standard error, the folds' standard deviation over the root of K."""
    return float(np.mean(values)), float(np.std(values, ddof=1) / np.sqrt(len(values)))

"""The best threshold of all, not only of a grid: curves made exact between the grid's thresholds where it matters.

A curve counted at the thresholds of a grid is silent between them. A goal tells in which bins a better threshold may
lie (`Goal.open_bins`); the pairs whose distance lies there are gone through once (near_pairs.py), and the curve is made
exact in those bins. numpy alone, so that the web process may import it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import numpy as np

from core.statistics.roc import Curve
from core.verification.near_pairs import NearPairs
from core.verification.protocols import FOLD_COUNT, FOLDS, OTHERS


def spans_of(curve: Curve, bins: np.ndarray) -> np.ndarray:
    """Bins (S,) bool of a curve -> their spans of distance (M, 2), those that meet as one."""
    below = np.concatenate([[-np.inf], curve.thresholds[:-1]])
    ends = np.flatnonzero(np.diff(np.concatenate([[False], bins, [False]]).astype(np.int8)))
    return np.stack([below[ends[::2]], curve.thresholds[ends[1::2] - 1]], axis=1) if len(ends) else np.empty((0, 2))


def merged(spans: list[np.ndarray]) -> np.ndarray:
    """Spans (M, 2) each -> all of them, ascending, those that meet or overlap as one."""
    together = np.concatenate([np.empty((0, 2)), *spans])
    together = together[np.argsort(together[:, 0], kind="stable")]
    ends: list[list[float]] = []
    for low, high in together.tolist():
        if ends and low <= ends[-1][1]:
            ends[-1][1] = max(ends[-1][1], high)
        else:
            ends.append([low, high])
    return np.array(ends).reshape(-1, 2)


def pairs_within(curve: Curve, spans: np.ndarray) -> int:
    """How many pairs spans (M, 2) hold, whose ends are thresholds of the curve."""
    accepted = np.concatenate([[0], curve.false_accepts + curve.true_accepts])
    return int(np.diff(accepted[np.searchsorted(curve.thresholds, spans, side="right")], axis=1).sum())


def sharpened(curve: Curve, pairs: NearPairs) -> Curve:
    """The curve with every distance among the pairs found, all of its own in whole bins, as a threshold."""
    return counted_at(curve, pairs, pairs.distances)


def counted_at(curve: Curve, pairs: NearPairs, thresholds: np.ndarray) -> Curve:
    """The curve with more thresholds (K,), each in a bin all of whose pairs are among those found: exact there. Without
    its pairs a threshold counts as the one before it."""
    new = np.setdiff1d(thresholds, curve.thresholds)
    if not len(new):
        return curve
    bin_of = np.searchsorted(curve.thresholds, new)
    counts = [
        _between(accepted, curve.thresholds, new, bin_of, pairs.chosen(pairs.is_same == is_same))
        for accepted, is_same in ((curve.false_accepts, False), (curve.true_accepts, True))
    ]
    return replace(
        curve,
        thresholds=np.insert(curve.thresholds, bin_of, new),
        false_accepts=np.insert(curve.false_accepts, bin_of, counts[0]),
        true_accepts=np.insert(curve.true_accepts, bin_of, counts[1]),
    )


def _between(
    accepted: np.ndarray, thresholds: np.ndarray, new: np.ndarray, bin_of: np.ndarray, pairs: NearPairs
) -> np.ndarray:
    """How many pairs of one kind are accepted at new thresholds (K,) in the bins (K,) that end at a threshold (S,)."""
    order = np.argsort(pairs.distances, kind="stable")
    ascending, running = pairs.distances[order], np.concatenate([[0], np.cumsum(pairs.at_each[order])])
    below = np.concatenate([[-np.inf], thresholds])[bin_of]
    within = running[np.searchsorted(ascending, new, side="right")]
    within = within - running[np.searchsorted(ascending, below, side="right")]
    # Older snapshots were counted with rounding: never more than their next threshold has.
    return np.minimum(np.concatenate([[0], accepted])[bin_of] + within, np.append(accepted, accepted[-1])[bin_of])


def sides_of(pairs: NearPairs, protocol: str, folds: int = FOLD_COUNT) -> Iterator[tuple[NearPairs, NearPairs]]:
    """Of the pairs found: those that choose and those that report; one after the other for every fold."""
    first, second = pairs.parts
    if protocol == OTHERS:
        yield pairs.chosen((first == 0) & (second == 0)), pairs.chosen((first == 1) & (second == 1))
    elif protocol == FOLDS:
        for fold in range(folds):
            yield pairs.chosen((first != fold) & (second != fold)), pairs.chosen((first == fold) & (second == fold))
    else:
        yield pairs, pairs

"""Verification: are two points the same? Accept when the distance is at most the threshold; ties are accepted.

That rule holds in every function here. A positive pair is one of the same class, a negative pair one of different
classes. A false accept is a negative pair that is accepted, a false reject a positive pair that is not. All rates are
shares in [0, 1] of their own kind of pair. numpy alone, so that the web process may import it.
"""

from __future__ import annotations

from bisect import bisect_left
from dataclasses import dataclass
from typing import Protocol

import numpy as np


class SortedPairs(Protocol):
    """Ascending distances of the positive and of the negative pairs, (P,) each."""

    @property
    def positive(self) -> np.ndarray:
        """Distances of positive pairs, ascending."""

    @property
    def negative(self) -> np.ndarray:
        """Distances of negative pairs, ascending."""


@dataclass(frozen=True)
class Curve:
    """The pairs accepted at each of S ascending thresholds: running counts, exact at the thresholds themselves."""

    thresholds: np.ndarray
    false_accepts: np.ndarray
    true_accepts: np.ndarray
    negative_count: int
    positive_count: int

    def __post_init__(self) -> None:
        if not self.negative_count or not self.positive_count:
            raise ValueError(
                f"a verification curve needs pairs of the same and of different classes, got {self.positive_count} and "
                f"{self.negative_count}. Give at least two classes, one of them with two points."
            )

    @property
    def false_accept_rate(self) -> np.ndarray:
        """The share of negative pairs that each threshold accepts (S,)."""
        return self.false_accepts / self.negative_count

    @property
    def true_accept_rate(self) -> np.ndarray:
        """The share of positive pairs that each threshold accepts (S,)."""
        return self.true_accepts / self.positive_count

    @property
    def false_reject_rate(self) -> np.ndarray:
        """The share of positive pairs that each threshold refuses (S,)."""
        return (self.positive_count - self.true_accepts) / self.positive_count

    @property
    def accuracy(self) -> np.ndarray:
        """The share of all pairs, positive and negative, that are judged rightly."""
        right = self.true_accepts + self.negative_count - self.false_accepts
        return right / (self.positive_count + self.negative_count)


@dataclass(frozen=True)
class Verdict:
    """What one threshold does to the pairs of a curve."""

    threshold: float
    true_accepts: int
    false_accepts: int
    true_rejects: int
    false_rejects: int
    true_accept_rate: float
    false_accept_rate: float
    false_reject_rate: float
    accuracy: float


def curve_from_histogram(edges: np.ndarray, positive_counts: np.ndarray, negative_counts: np.ndarray) -> Curve:
    """(S + 1,) edges and (S,) counts in bins (edge, next edge] -> the curve at every edge but the first."""
    accepted = np.cumsum(positive_counts, dtype=np.int64)
    wrongly = np.cumsum(negative_counts, dtype=np.int64)
    return Curve(np.asarray(edges)[1:], wrongly, accepted, int(wrongly[-1]), int(accepted[-1]))


def exact_curve(pairs: SortedPairs) -> Curve:
    """The curve at every distinct distance, S of them."""
    together = np.concatenate([pairs.positive, pairs.negative])
    together.sort(kind="stable")  # merges the two ascending halves
    thresholds = together[np.concatenate([[True], together[1:] > together[:-1]])] if len(together) else together
    false_accepts = np.searchsorted(pairs.negative, thresholds, side="right")
    true_accepts = np.searchsorted(pairs.positive, thresholds, side="right")
    return Curve(thresholds.astype(np.float64), false_accepts, true_accepts, len(pairs.negative), len(pairs.positive))


def auc(pairs: SortedPairs) -> float:
    """The chance that a positive pair is closer than a negative one, over all such couples; a tie counts half."""
    closer = np.searchsorted(pairs.negative, pairs.positive, side="left").sum(dtype=np.int64)
    not_further = np.searchsorted(pairs.negative, pairs.positive, side="right").sum(dtype=np.int64)
    couples = len(pairs.positive) * len(pairs.negative)
    return 1.0 - (int(closer) + int(not_further)) / (2 * couples)


def curve_auc(curve: Curve) -> float:
    """The area under the curve by trapezoids, from (0, 0).

    It treats all pairs of one bin as tied, so it is off by at most half the sum over the bins of
    (share of the negative pairs) x (share of the positive pairs); at every distinct distance it is exact.
    """
    accepted = np.concatenate([[0.0], curve.true_accept_rate])
    wrongly = np.concatenate([[0.0], curve.false_accept_rate])
    return float((np.diff(wrongly) * (accepted[1:] + accepted[:-1])).sum() / 2)


def equal_error_rate(curve: Curve) -> tuple[float, float]:
    """The rate at which false accepts and false rejects are equally frequent, and its threshold.

    The first threshold with FAR >= FRR and the one before it bracket the crossing; both rates are taken as straight
    lines in between. Before the first threshold FAR is 0 and FRR is 1, at that same threshold.
    """
    at = int(np.argmax(curve.false_accept_rate >= curve.false_reject_rate))
    after = (curve.false_accept_rate[at], curve.false_reject_rate[at], curve.thresholds[at])
    if at == 0:
        return _crossing((0.0, 1.0, curve.thresholds[0]), after)
    before = (curve.false_accept_rate[at - 1], curve.false_reject_rate[at - 1], curve.thresholds[at - 1])
    return _crossing(before, after)


def exact_equal_error_rate(pairs: SortedPairs) -> tuple[float, float]:
    """`equal_error_rate(exact_curve(pairs))` without making the curve, which has a point for every pair."""
    kinds = [kind for kind in (pairs.positive, pairs.negative) if len(kind)]

    def rates(threshold: np.floating) -> tuple[float, float, float]:
        wrongly = int(np.searchsorted(pairs.negative, threshold, side="right"))
        missed = len(pairs.positive) - int(np.searchsorted(pairs.positive, threshold, side="right"))
        return wrongly / len(pairs.negative), missed / len(pairs.positive), float(threshold)

    def crossed(threshold: np.floating) -> bool:
        far, frr, _ = rates(threshold)
        return far >= frr

    places = [bisect_left(kind, True, key=crossed) for kind in kinds]
    after = min(kind[place] for kind, place in zip(kinds, places, strict=True))  # at the last of a kind it has crossed
    smaller = [kind[place - 1] for kind, place in zip(kinds, places, strict=True) if place > 0]
    before = rates(max(smaller)) if smaller else (0.0, 1.0, float(after))
    return _crossing(before, rates(after))


def at(curve: Curve, threshold: float) -> Verdict:
    """The verdict at the largest threshold of the curve that is not above the given one; before the first, none pass.

    Exact on the curve's own thresholds; between two of them it leaves out the pairs in between.
    """
    place = int(np.searchsorted(curve.thresholds, threshold, side="right")) - 1
    true_accepts = int(curve.true_accepts[place]) if place >= 0 else 0
    false_accepts = int(curve.false_accepts[place]) if place >= 0 else 0
    true_rejects = curve.negative_count - false_accepts
    return verdict_of(threshold, true_accepts, false_accepts, true_rejects, curve.positive_count - true_accepts)


def verdict_of(
    threshold: float, true_accepts: int, false_accepts: int, true_rejects: int, false_rejects: int
) -> Verdict:
    """Of counts, some of them of either kind of pairs, with their rates."""
    positive, negative = true_accepts + false_rejects, false_accepts + true_rejects
    return Verdict(
        threshold=float(threshold),
        true_accepts=true_accepts,
        false_accepts=false_accepts,
        true_rejects=true_rejects,
        false_rejects=false_rejects,
        true_accept_rate=true_accepts / positive,
        false_accept_rate=false_accepts / negative,
        false_reject_rate=false_rejects / positive,
        accuracy=(true_accepts + true_rejects) / (positive + negative),
    )


def _crossing(before: tuple[float, float, float], after: tuple[float, float, float]) -> tuple[float, float]:
    """Where two straight lines cross, each point being (FAR, FRR, threshold): the rate and the threshold."""
    gap_before, gap_after = before[1] - before[0], after[0] - after[1]
    if gap_after == 0:
        return float(after[0]), float(after[2])  # to the last bit: a little below it, its pairs would be refused
    share = gap_before / (gap_before + gap_after)
    rate = before[0] + share * (after[0] - before[0])
    return float(rate), float(before[2] + share * (after[2] - before[2]))

"""Which identities a threshold fails: the wrongly judged pairs of each one, and how far its rates can be trusted.

A pair of different identities counts for both. An identity's own pairs all share it, as they should: the rate is its
own, over samples of it that have not been seen and identities that have not been met. What else pairs share makes them
wrong together, genuine ones a sample, impostor ones a sample or the other identity, and an interval counts only what
they are worth (effective_pairs.py). Where no identity shows both right and wrong pairs of a kind, floor(k / 2) of
the genuine pairs of k samples count, which can be disjoint, and as many impostor pairs as there are other identities.
numpy alone, so that the web process may import it.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from core.distances import EUCLIDEAN
from core.distances.base import Distance
from core.evidence.identity_sums import identity_runs
from core.evidence.intervals import Interval, quantile, wilson
from core.statistics.checks import check_embeddings
from core.statistics.exact_distances import ROWS_AT_ONCE, ExactDistances, exact_distances
from core.thresholds.effective_pairs import effective_pairs, genuine_couples, impostor_couples


@dataclass(frozen=True)
class IdentityErrors:
    """What one threshold does to the pairs of each identity, (C,) each: its label, samples, pairs, errors among them
    and how many independent pairs they are worth."""

    identities: np.ndarray
    samples: np.ndarray
    genuine_pairs: np.ndarray
    false_rejects: np.ndarray
    genuine_worth: np.ndarray
    impostor_pairs: np.ndarray
    false_accepts: np.ndarray
    impostor_worth: np.ndarray

    @property
    def false_reject_rate(self) -> np.ndarray:
        """NaN where an identity has a single sample."""
        unknown = np.full(len(self.samples), np.nan)
        return np.divide(self.false_rejects, self.genuine_pairs, out=unknown, where=self.genuine_pairs > 0)

    @property
    def false_accept_rate(self) -> np.ndarray:
        """The share of an identity's impostor pairs that get in, for each identity."""
        return self.false_accepts / self.impostor_pairs

    @property
    def false_reject_interval(self) -> Interval:
        """Wilson's, at 95 %; 0 to 1 where an identity has a single sample."""
        return wilson(np.nan_to_num(self.false_reject_rate), self.genuine_worth, quantile())

    @property
    def false_accept_interval(self) -> Interval:
        """Wilson's, at 95 %, by Student's t of the other identities."""
        return wilson(self.false_accept_rate, self.impostor_worth, quantile(len(self.identities) - 1))


def identity_errors(
    points: np.ndarray, labels: np.ndarray, threshold: float, distance: Distance = EUCLIDEAN
) -> IdentityErrors:
    """(N, D), (N,) -> the errors of every identity, in order of the labels; a distance at the threshold is accepted."""
    check_embeddings(points, labels)
    if np.isnan(threshold):
        raise ValueError(f"threshold must be a number, got {threshold}. Choose one by a goal.")
    identities, samples = np.unique(labels, return_counts=True)
    distances = exact_distances(points[np.argsort(labels, kind="stable")], distance)
    tally = _tally(distances, samples, float(threshold))
    genuine_pairs, impostor_pairs = samples * (samples - 1) // 2, samples * (len(labels) - samples)
    false_rejects = tally.rejects // 2
    return IdentityErrors(
        identities,
        samples,
        genuine_pairs,
        false_rejects,
        _genuine_worth(samples, false_rejects, tally.reject_squares),
        impostor_pairs,
        tally.accepts,
        _impostor_worth(samples, tally),
    )


def _genuine_worth(samples: np.ndarray, false_rejects: np.ndarray, squares: np.ndarray) -> np.ndarray:
    worth, several = np.zeros(len(samples)), samples > 1
    samples, false_rejects = samples[several], false_rejects[several]
    pairs, disjoint = samples * (samples - 1) / 2, samples // 2
    couples = genuine_couples(samples, false_rejects, squares[several])
    worth[several] = effective_pairs(false_rejects / pairs, pairs, couples, disjoint, disjoint)
    return worth


def _impostor_worth(samples: np.ndarray, tally: _Tally) -> np.ndarray:
    pairs, others = samples * (samples.sum() - samples), np.full(len(samples), len(samples) - 1)
    couples = impostor_couples(samples, tally.accepts, tally.weighted, tally.accept_squares)
    # No two of min(samples, others) pairs need share a sample or the other identity.
    return effective_pairs(tally.accepts / pairs, pairs, couples, np.minimum(samples, others), others)


@dataclass(frozen=True)
class _Tally:
    """Sums over the rows of each identity, (C,) each: false rejects, each from both ends, and their squares; false
    accepts, with the size of the other identity as weight, and squares as `impostor_couples` takes them."""

    rejects: np.ndarray
    reject_squares: np.ndarray
    accepts: np.ndarray
    weighted: np.ndarray
    accept_squares: tuple[np.ndarray, np.ndarray, np.ndarray]


def _tally(distances: ExactDistances, samples: np.ndarray, threshold: float) -> _Tally:
    """Rows stand in order of identity."""
    ends, identity = np.cumsum(samples), np.repeat(np.arange(len(samples)), samples)
    starts, by_row, by_other = ends - samples, np.empty((4, len(identity)), np.int64), np.empty(len(samples), np.int64)
    for first, last in identity_runs(samples, ROWS_AT_ONCE):
        together = np.zeros((last - first, len(samples)), np.int64)
        for start in range(starts[first], ends[last - 1], ROWS_AT_ONCE):
            stop = min(start + ROWS_AT_ONCE, int(ends[last - 1]))
            own, accepted = identity[start:stop], distances.accepted(start, stop, threshold)
            rejects, accepts = _by_identity(accepted, start, own, starts, samples)
            both = np.einsum("bc,bc->b", accepts, accepts)
            by_row[:, start:stop] = rejects, accepts.sum(axis=1), accepts @ samples, both
            np.add.at(together, own - first, accepts)
        by_other[first:last] = np.einsum("bc,bc->b", together, together)
    rejects, accepts, weighted, both = by_row
    sums = np.add.reduceat([rejects, rejects**2, accepts, weighted, both, accepts**2], starts, axis=1)
    return _Tally(sums[0], sums[1], sums[2], sums[3], (sums[4], sums[5], by_other))


def _by_identity(
    accepted: np.ndarray, start: int, own: np.ndarray, starts: np.ndarray, samples: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Accepted by some rows (B, N) -> false rejects (B,) and the false accepts with each other identity (B, C)."""
    rows = np.arange(len(accepted))
    accepted[rows, rows + start] = False  # a sample and itself are no pair
    accepts = np.add.reduceat(accepted, starts, axis=1, dtype=np.int64)
    rejects = samples[own] - 1 - accepts[rows, own]
    accepts[rows, own] = 0
    return rejects, accepts

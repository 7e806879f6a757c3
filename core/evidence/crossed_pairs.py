"""The pairs that count where groups are crossed, by identity and at every threshold; numba, for workers.

Their counts are exact at every threshold. Where an identity has no pair that counts with another one, the two are no
block; a rate by identity is a mean over the blocks that there are.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from core.distances import EUCLIDEAN
from core.distances.base import Distance
from core.evidence.appraisal import Appraisal, appraisal_of
from core.evidence.calibration import calibrate
from core.evidence.dyadic_variance import IdentityPairs
from core.evidence.identity_sums import identity_runs
from core.kernels.crossed_pairs import CrossedCounts, count_crossed
from core.statistics.bin_rows import bin_rows
from core.statistics.crossing import ALL, PAIRS_ACROSS, Crossing
from core.statistics.roc import Curve
from core.verification.protocols import FOLD_COUNT, LEAST_IDENTITIES, Folds, parts

ROWS_AT_ONCE = 256


def crossed_identity_pairs(
    points: np.ndarray, crossing: Crossing, edges: np.ndarray, *, distance: Distance = EUCLIDEAN
) -> IdentityPairs:
    """Prepared points (N, D), (S + 1,) ascending edges around all distances -> the pairs that count, by identity."""
    return _identity_pairs(_counted(points, crossing, edges, distance), edges)


def crossed_appraisal(
    points: np.ndarray, crossing: Crossing, edges: np.ndarray, *, distance: Distance = EUCLIDEAN
) -> tuple[Appraisal, IdentityPairs]:
    """All that is known of thresholds on the pairs that count, and those of everyone by identity.

    Halves and folds are those of all pairs (core/verification/protocols.py), where every side has pairs of both kinds
    that count and LEAST_IDENTITIES have a genuine one. Replicates are not drawn: intervals are those over identities.
    """
    crossing.check()
    halves, folds = parts(crossing.labels, 2), parts(crossing.labels, FOLD_COUNT)
    of_identity = np.unique(crossing.labels, return_index=True)[1]
    counted = _counted(points, crossing, edges, distance, folds[of_identity])
    everyone = _identity_pairs(counted, edges)
    sides, of_folds = [everyone], None
    if everyone.genuine_identities >= LEAST_IDENTITIES:
        among = [(points[halves == side], crossing.among(halves == side)) for side in (0, 1)]
        if all(min(own.pair_counts) for _, own in among):
            sides += [crossed_identity_pairs(own, half, edges, distance=distance) for own, half in among]
            of_folds = _folds(counted, folds[of_identity], edges)
    appraisal = replace(appraisal_of(_placed(sides, halves[of_identity])), folds=of_folds)
    choosing = appraisal.choosing or appraisal.everyone
    return replace(appraisal, calibration=calibrate(choosing.curve, edges, None)), everyone


def _placed(sides: list[IdentityPairs], halves: np.ndarray) -> list[IdentityPairs]:
    """The identities of a half by their places among all."""
    return [
        sides[0],
        *(replace(side, places=np.flatnonzero(halves == half)) for half, side in enumerate(sides[1:])),
    ]


def _counted(
    points: np.ndarray, crossing: Crossing, edges: np.ndarray, distance: Distance, parts: np.ndarray | None = None
) -> CrossedCounts:
    """By identity in order of the labels, whose `parts` (C,) are told apart."""
    order = np.argsort(crossing.labels, kind="stable")
    sizes = np.unique(crossing.labels, return_counts=True)[1].astype(np.int64)
    ends, groups = np.cumsum(sizes), np.unique(crossing.groups[order], return_inverse=True)[1].reshape(-1)
    parts = np.zeros(len(sizes), np.int64) if parts is None else parts
    counts = _none(len(sizes), len(edges) - 1, int(parts.max()) + 1)
    bins, kind = bin_rows(points[order], edges, distance), (crossing.kind != ALL, crossing.kind == PAIRS_ACROSS)
    for first, last in identity_runs(sizes, ROWS_AT_ONCE):
        top, bottom = int(ends[first] - sizes[first]), int(ends[last - 1])
        found = bins.find((top, bottom), (top, len(order)))
        count_crossed(found, top, (first, last), ends, groups, parts, kind, counts)
    return counts


def _none(identities: int, steps: int, parts: int) -> CrossedCounts:
    shape = identities, steps
    return CrossedCounts(
        np.zeros(shape, np.int64),
        np.zeros(shape, np.int64),
        np.zeros(shape),
        np.zeros(steps),
        np.zeros((parts, parts, steps), np.int64),
        np.zeros(identities, np.int64),
        np.zeros(1),
    )


def _identity_pairs(counts: CrossedCounts, edges: np.ndarray) -> IdentityPairs:
    return IdentityPairs(
        edges[1:],
        np.cumsum(counts.positive.T, 0),
        np.cumsum(counts.negative.T, 0),
        np.cumsum(counts.shares.T, 0),
        np.cumsum(counts.share_squares),
        counts.blocks,
        float(counts.block_squares[0]),
        np.arange(len(counts.blocks)),
    )


def _folds(counts: CrossedCounts, parts: np.ndarray, edges: np.ndarray) -> Folds | None:
    """Each fold, and all others; None where one has no pairs of a kind."""
    negative = counts.by_parts + counts.by_parts.transpose(1, 0, 2)
    choosing: list[Curve] = []
    reporting: list[Curve] = []
    for fold in range(len(negative)):
        others, own = parts != fold, np.arange(len(negative)) == fold
        wrongly = negative[~own][:, ~own].sum(axis=(0, 1)) // 2, counts.by_parts[fold, fold]
        accepted = counts.positive[others].sum(axis=0), counts.positive[~others].sum(axis=0)
        if not all(kind.any() for kind in (*wrongly, *accepted)):
            return None
        for curves, side in ((choosing, 0), (reporting, 1)):
            false, true = np.cumsum(wrongly[side]), np.cumsum(accepted[side])
            curves.append(Curve(edges[1:], false, true, int(false[-1]), int(true[-1])))
    return Folds(choosing, reporting)

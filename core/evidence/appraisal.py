"""All that is known of the thresholds of one snapshot: evidence of all pairs, of two halves, of ten folds, replicates,
calibration.

A worker makes it (`appraise`, `deepened`), the run folder keeps it as arrays beside the histogram's edges, and pages
and the command line read it; numpy alone until it is made.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from core.distances import EUCLIDEAN
from core.distances.base import Distance
from core.evidence.calibration import Calibrated, calibrate
from core.evidence.dyadic_variance import IdentityPairs
from core.evidence.evidence import Evidence
from core.evidence.identity_sums import EVERYONE, IdentitySums
from core.evidence.replicates import Replicates
from core.verification.protocols import FOLD_COUNT, FOLDS, OTHERS, SAME, Folds, parts, protocols_for
from core.verification.weighted_curve import IDENTITIES, PAIRS, WEIGHTS

if TYPE_CHECKING:
    from core.statistics.bin_rows import HeldBins
    from core.statistics.local_auc import TwoAucs

MOST_POINTS = 10_000  # that a bootstrap goes through: it looks at every pair once for each replicate
BY_IDENTITY = "by_identity"
SIDES = ("everyone", "choosing", "reporting")
DRAWN = ("replicates", "reporting_replicates")
HALVES, TENTHS = 1, 2  # of `groupings_of` among the groupings of the sums


@dataclass(frozen=True)
class Appraisal:
    """`choosing` and `reporting` are the two halves of the identities, None for sets too small to be halved, as are
    the `folds`. `replicates` are drawn from the half that chooses, or from everyone where there are no halves, and
    `calibration` is fitted there; `reporting_replicates` are drawn from the half that reports, and older versions kept
    none. Folds, replicates and calibration are known of a run's last snapshot alone. `by_identity` is the same of rates
    in which identities count alike, without any of these three; None of pairs of nobody and of older versions."""

    everyone: Evidence
    choosing: Evidence | None = None
    reporting: Evidence | None = None
    folds: Folds | None = None
    replicates: Replicates | None = None
    reporting_replicates: Replicates | None = None
    calibration: Calibrated | None = None
    by_identity: Appraisal | None = None

    def weighing(self, weights: str) -> Appraisal:
        """With rates in which pairs, or identities, count alike.

        Raises ValueError where rates by identity are not known.
        """
        if weights not in WEIGHTS:
            raise ValueError(f"weights must be {' or '.join(WEIGHTS)}, got {weights!r}. Choose one of these.")
        if weights == PAIRS:
            return self
        if self.by_identity is None:
            raise ValueError(
                "weights by identity must have pairs whose identities are known, got pairs of nobody or a run of an "
                "older version. Name the identities, or measure again."
            )
        return self.by_identity

    @property
    def protocols(self) -> list[str]:
        """Those it can tell of, the best first."""
        there = {OTHERS: self.choosing and self.reporting, FOLDS: self.folds, SAME: self.everyone}
        return [name for name, evidence in there.items() if evidence]

    def arrays(self) -> dict[str, np.ndarray]:
        """To keep beside the snapshot's edges."""
        sides = {side: getattr(self, side) for side in SIDES}
        by_pair = {name: array for side, has in sides.items() if has for name, array in has.arrays(side).items()}
        alike = self.by_identity.arrays() if self.by_identity else {}
        return by_pair | {f"{BY_IDENTITY}_{name}": array for name, array in alike.items()} | self.deep_arrays()

    def deep_arrays(self) -> dict[str, np.ndarray]:
        """Only those that `deepened` has added."""
        kept = [part.arrays() for part in (self.folds, self.calibration) if part]
        kept += [drawn.arrays(name) for name in DRAWN if (drawn := getattr(self, name))]
        return {name: array for arrays in kept for name, array in arrays.items()}

    @classmethod
    def from_arrays(cls, edges: np.ndarray, arrays: Mapping[str, np.ndarray]) -> Appraisal | None:
        """None where a snapshot of an older version keeps nothing of it."""
        kept = [side for side in SIDES if f"{side}_accepted" in arrays]
        if not kept:
            return None
        replicates, reporting_replicates = (
            Replicates.from_arrays(name, edges, arrays) if f"{name}_negative" in arrays else None for name in DRAWN
        )
        return cls(
            **{side: Evidence.from_arrays(side, edges, arrays) for side in kept},
            folds=Folds.from_arrays(edges, arrays) if "folds_choosing" in arrays else None,
            replicates=replicates,
            reporting_replicates=reporting_replicates,
            calibration=Calibrated.from_arrays(arrays) if "calibration_probabilities" in arrays else None,
            by_identity=cls.from_arrays(edges, _without_prefix(arrays)),
        )


def _without_prefix(arrays: Mapping[str, np.ndarray]) -> dict[str, np.ndarray]:
    """The arrays of the rates by identity, under the names of those by pair."""
    prefix = f"{BY_IDENTITY}_"
    return {name.removeprefix(prefix): arrays[name] for name in arrays if name.startswith(prefix)}


def appraise(
    embeddings: np.ndarray,
    labels: np.ndarray,
    edges: np.ndarray,
    *,
    distance: Distance = EUCLIDEAN,
    with_folds: bool = False,
) -> Appraisal:
    """(N, D), (N,), (S + 1,) ascending edges around all distances -> what is cheap enough for every snapshot; with the
    ten folds where that spares `deepened` its look at all pairs."""
    from core.evidence.identity_counts import identity_sums

    points = distance.prepared(embeddings)  # all together: halves are compared as the whole is
    halves, folds = groupings_of(labels)[:1], groupings_of(labels)[1:] if with_folds else ()
    return appraised(identity_sums(points, labels, edges, groupings=halves, curves_of=folds, distance=distance))


def groupings_of(labels: np.ndarray) -> tuple[np.ndarray, ...]:
    """(N,) -> the halves and the folds of the identities in order of the labels, (C,) each; nothing where there are too
    few of them."""
    if OTHERS not in protocols_for(labels):
        return ()
    _, first = np.unique(labels, return_index=True)
    return parts(labels, 2)[first], parts(labels, FOLD_COUNT)[first]


def appraised(sums: IdentitySums, *, with_folds: bool = True) -> Appraisal:
    """From the sums of all pairs, grouped by none, one or both of `groupings_of`."""
    groups = [(EVERYONE, 0), *([(HALVES, 0), (HALVES, 1)] if len(sums.groupings) > 1 else [])]
    appraisal = appraisal_of(sums.pairs(*group) for group in groups)
    if not with_folds or len(sums.groupings) <= TENTHS:
        return appraisal
    curves = list(sums.curves(TENTHS))
    return replace(appraisal, folds=Folds([others for others, _ in curves], [own for _, own in curves]))


def appraisal_of(sides: Iterable[IdentityPairs]) -> Appraisal:
    """Of the pairs of everyone and, where there are two halves, of those that choose and those that report; rates by
    pair, and by identity. Sides are taken one after the other, since each may be large."""
    found = [[side.evidence(weights) for weights in (PAIRS, IDENTITIES)] for side in sides]
    by_pair, alike = (Appraisal(**dict(zip(SIDES, evidence, strict=False))) for evidence in zip(*found, strict=True))
    return replace(by_pair, by_identity=alike)


def deepened(
    appraisal: Appraisal,
    embeddings: np.ndarray,
    labels: np.ndarray,
    edges: np.ndarray,
    *,
    distance: Distance = EUCLIDEAN,
    aucs: TwoAucs | None = None,
) -> Appraisal:
    """With the calibration, and with the ten folds and the replicates where the set allows them (`protocols_for`,
    MOST_POINTS); more points than those have two AUCs only where these are given."""
    from core.evidence.identity_counts import identity_sums
    from core.statistics.local_auc import calibration_gap

    points = distance.prepared(embeddings)
    if appraisal.choosing and not appraisal.folds:
        halves, folds = groupings_of(labels)
        sums = identity_sums(points, labels, edges, groupings=(halves,), curves_of=(folds,), distance=distance)
        appraisal = replace(appraisal, folds=appraised(sums).folds)
    if aucs is None and len(labels) <= MOST_POINTS:
        aucs = calibration_gap(embeddings, labels, distance)
    return deepened_by(appraisal, points, labels, edges, distance=distance, aucs=aucs)


def deepened_by(
    appraisal: Appraisal,
    points: np.ndarray,
    labels: np.ndarray,
    edges: np.ndarray,
    *,
    distance: Distance,
    aucs: TwoAucs | None = None,
    bins: HeldBins | None = None,
) -> Appraisal:
    """With the calibration and the replicates, the folds being known. Prepared points (N, D); the `bins` of all pairs
    in order of class where they are at hand."""
    chosen = parts(labels, 2) == 0 if appraisal.choosing else np.ones(len(labels), bool)
    choosing, order = appraisal.choosing or appraisal.everyone, np.argsort(labels, kind="stable")

    def drawn(side: np.ndarray, seed: int) -> Replicates | None:
        among = bins and bins.among(np.flatnonzero(side[order]))
        return _replicates(points[side], labels[side], edges, seed, distance, among)

    return replace(
        appraisal,
        replicates=drawn(chosen, 0),
        reporting_replicates=drawn(~chosen, 1),  # None without halves
        calibration=calibrate(choosing.curve, edges, aucs),
    )


def _replicates(
    points: np.ndarray, labels: np.ndarray, edges: np.ndarray, seed: int, distance: Distance, bins: HeldBins | None
) -> Replicates | None:
    """Of one side; None where it has too many points or too few identities with a genuine pair."""
    from core.evidence.bootstrap import LEAST_IDENTITIES, bootstrap

    genuine_identities = (np.unique(labels, return_counts=True)[1] > 1).sum()
    if len(labels) > MOST_POINTS or genuine_identities < LEAST_IDENTITIES:
        return None
    return bootstrap(points, labels, edges, np.random.default_rng(seed), distance=distance, bins=bins)

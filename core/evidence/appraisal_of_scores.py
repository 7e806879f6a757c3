"""What pairs with scores tell of thresholds: the same as a snapshot's embeddings, as far as the pairs go."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from core.evidence.appraisal import Appraisal
from core.evidence.dyadic_variance import scored_identity_pairs
from core.evidence.evidence import Evidence
from core.statistics.roc import Curve
from core.verification.protocols import FOLD_COUNT, Folds, parts_of_pairs
from core.verification.scored_pairs import ScoredPairs
from core.verification.weighted_curve import IDENTITIES, PAIRS, IdentityCurve


def appraise_scores(pairs: ScoredPairs, edges: np.ndarray) -> Appraisal:
    """Evidence of all pairs; of two halves of the identities and of ten folds, where there are enough identities and
    every side has pairs of both kinds.

    A side has the pairs both of whose identities are on it; a pair between two sides is on neither. Folds that the
    pairs came with are kept as they are. Pairs that could not be compared are refused at every threshold.
    """
    everyone = np.ones(len(pairs.distances), bool)
    by_pair, by_identity = Appraisal(_evidence(pairs, edges, everyone)), _alike(pairs, edges, everyone)
    halves, folds = parts_of_pairs(pairs, 2), parts_of_pairs(pairs, FOLD_COUNT)
    if halves is not None:
        sides = [(halves == side).all(0) for side in (0, 1)]
        if all(_has_both(pairs, side) for side in sides):
            choosing, reporting = (_evidence(pairs, edges, side) for side in sides)
            by_pair = replace(by_pair, choosing=choosing, reporting=reporting)
            by_identity = by_identity and replace(
                by_identity,
                choosing=_evidence(pairs, edges, sides[0], IDENTITIES),
                reporting=_evidence(pairs, edges, sides[1], IDENTITIES),
            )
    if pairs.fold is not None and pairs.fold.max() > 0:
        folds = np.stack([pairs.fold, pairs.fold])
    if folds is not None:
        sides = [[(folds != number).all(0), (folds == number).all(0)] for number in range(folds.max() + 1)]
        if all(_has_both(pairs, side) for both in sides for side in both):
            choosing, reporting = ([_curve(pairs, edges, both[at]) for both in sides] for at in (0, 1))
            by_pair = replace(by_pair, folds=Folds(choosing, reporting))
    return replace(by_pair, by_identity=by_identity)


def _alike(pairs: ScoredPairs, edges: np.ndarray, rows: np.ndarray) -> Appraisal | None:
    """Of rates by identity; None of pairs of nobody."""
    return None if pairs.first is None else Appraisal(_evidence(pairs, edges, rows, IDENTITIES))


def _has_both(pairs: ScoredPairs, rows: np.ndarray) -> bool:
    return 0 < pairs.is_same[rows].sum() < rows.sum()


def _evidence(pairs: ScoredPairs, edges: np.ndarray, rows: np.ndarray, weights: str = PAIRS) -> Evidence:
    """Of some pairs (P,) bool."""
    curve = _curve(pairs, edges, rows)
    if pairs.first is not None and pairs.second is not None:
        chosen = ScoredPairs(pairs.distances[rows], pairs.is_same[rows], pairs.first[rows], pairs.second[rows])
        if np.isfinite(chosen.distances).all():
            return scored_identity_pairs(chosen, edges).evidence(weights)
        # One more edge is around those that no threshold accepts.
        return _but_the_last(scored_identity_pairs(chosen, np.append(edges, np.inf)).evidence(weights), curve)
    each = np.ones(len(edges) - 1)
    return Evidence(curve, curve.negative_count * each, curve.positive_count * each, 0, 0)


def _but_the_last(evidence: Evidence, curve: Curve) -> Evidence:
    """At all thresholds but the last, of which `curve` has the counts."""
    if isinstance(evidence.curve, IdentityCurve):
        rates = evidence.curve.accept_rate[:-1], evidence.curve.reject_rate[:-1]
        curve = IdentityCurve(**vars(curve), accept_rate=rates[0], reject_rate=rates[1])
    return replace(
        evidence,
        curve=curve,
        effective_negatives=evidence.effective_negatives[:-1],
        effective_positives=evidence.effective_positives[:-1],
        freedom=None if evidence.freedom is None else evidence.freedom[:, :-1],
    )


def _curve(pairs: ScoredPairs, edges: np.ndarray, rows: np.ndarray) -> Curve:
    genuine, impostor = (np.sort(pairs.distances[rows & kind]) for kind in (pairs.is_same, ~pairs.is_same))
    accepted, wrongly = (np.searchsorted(kind, edges[1:], side="right") for kind in (genuine, impostor))
    return Curve(edges[1:], wrongly, accepted, len(impostor), len(genuine))

from __future__ import annotations

import numpy as np
import pytest

from core.evidence.appraisal import appraise
from core.evidence.crossed_pairs import crossed_appraisal, crossed_identity_pairs
from core.evidence.dyadic_variance import IdentityPairs, scored_identity_pairs
from core.statistics.crossed import crossed_distances
from core.statistics.crossing import ALL, CROSSINGS, PAIRS_ACROSS, POSITIVES_ACROSS, Crossing
from core.statistics.roc import Curve
from core.statistics.threshold_grid import threshold_grid
from core.verification.protocols import FOLD_COUNT, Folds, parts
from core.verification.scored_pairs import ScoredPairs
from core.verification.weighted_curve import IDENTITIES, PAIRS
from tests.core.crossings import Pair, listed, tied_set

KINDS = list(CROSSINGS)


def edges_of(points: np.ndarray, labels: np.ndarray) -> np.ndarray:
    return threshold_grid(crossed_distances(points, Crossing(ALL, labels, labels)))


def scored(pairs: list[Pair], labels: np.ndarray) -> ScoredPairs:
    columns = list(zip(*pairs, strict=True))
    first, second = (labels[list(rows)].astype(np.int64) for rows in columns[:2])
    return ScoredPairs(np.array(columns[2]), np.array(columns[3]), first, second)


def assert_alike(found: IdentityPairs, expected: IdentityPairs) -> None:
    """`found` may have identities without any pair."""
    there = found.blocks > 0
    there |= found.positive[-1] > 0
    for name in ("positive", "negative", "shares"):
        np.testing.assert_allclose(getattr(found, name)[:, there], getattr(expected, name), rtol=1e-12, err_msg=name)
    np.testing.assert_allclose(found.share_squares, expected.share_squares, rtol=1e-12)
    np.testing.assert_array_equal(found.blocks[there], expected.blocks)
    assert found.block_squares == expected.block_squares


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("seed", range(4))
def test_counts_by_identity_are_those_of_the_pairs_listed_one_by_one(kind: str, seed: int) -> None:
    points, labels, groups = tied_set(seed)
    crossing, edges = Crossing(kind, labels, groups), edges_of(points, labels)
    found = crossed_identity_pairs(points, crossing, edges)
    pairs = listed(points, crossing)
    assert_alike(found, scored_identity_pairs(scored(pairs, labels), edges))
    distances, is_same = np.array([pair.distance for pair in pairs]), np.array([pair.is_same for pair in pairs])
    for place, threshold in enumerate(found.thresholds):
        assert found.curve.true_accepts[place] == (distances[is_same] <= threshold).sum()
        assert found.curve.false_accepts[place] == (distances[~is_same] <= threshold).sum()


def test_identities_of_many_points_are_counted_alike() -> None:
    generator = np.random.default_rng(0)
    labels = np.repeat(np.arange(4), [300, 20, 1, 3])  # more than a stripe, and couples beyond the list of few
    points, groups = generator.integers(0, 9, (len(labels), 2)).astype(float), generator.integers(2, size=len(labels))
    edges = edges_of(points, labels)
    for kind in KINDS:
        crossing = Crossing(kind, labels, groups)
        found = crossed_identity_pairs(points, crossing, edges)
        assert_alike(found, scored_identity_pairs(scored(listed(points, crossing), labels), edges))


def test_with_all_pairs_the_evidence_is_the_usual_one() -> None:
    points, labels, groups = tied_set(3, identities=60)
    edges = edges_of(points, labels)
    found, _ = crossed_appraisal(points, Crossing(ALL, labels, groups), edges)
    usual = appraise(points, labels, edges, with_folds=True)
    for weights in (PAIRS, IDENTITIES):
        for side in ("everyone", "choosing", "reporting"):
            one, other = getattr(found.weighing(weights), side), getattr(usual.weighing(weights), side)
            np.testing.assert_array_equal(one.curve.false_accepts, other.curve.false_accepts)
            np.testing.assert_array_equal(one.curve.true_accepts, other.curve.true_accepts)
            np.testing.assert_allclose(one.effective_negatives, other.effective_negatives, rtol=1e-4)
            np.testing.assert_allclose(one.effective_positives, other.effective_positives, rtol=1e-4)
            assert one.vouching == pytest.approx(other.vouching)
    assert found.folds is not None and usual.folds is not None
    for one, other in zip(found.folds.choosing + found.folds.reporting, _curves(usual.folds), strict=True):
        np.testing.assert_array_equal(one.false_accepts, other.false_accepts)
        np.testing.assert_array_equal(one.true_accepts, other.true_accepts)


def _curves(folds: Folds) -> list[Curve]:
    return folds.choosing + folds.reporting


@pytest.mark.parametrize("kind", [POSITIVES_ACROSS, PAIRS_ACROSS])
def test_halves_and_folds_have_the_pairs_within_them(kind: str) -> None:
    points, labels, groups = tied_set(11, identities=60)
    crossing, edges = Crossing(kind, labels, groups), edges_of(points, labels)
    appraisal, _ = crossed_appraisal(points, crossing, edges)
    assert appraisal.choosing and appraisal.reporting and appraisal.folds and appraisal.calibration
    pairs = listed(points, crossing)
    halves, folds = parts(labels, 2), parts(labels, FOLD_COUNT)
    for side, evidence in enumerate((appraisal.choosing, appraisal.reporting)):
        own = [pair for pair in pairs if halves[pair.first] == halves[pair.second] == side]
        assert evidence.curve.positive_count == sum(pair.is_same for pair in own)
        assert evidence.curve.negative_count == sum(not pair.is_same for pair in own)
    for fold in range(FOLD_COUNT):
        inside = [pair for pair in pairs if folds[pair.first] == folds[pair.second] == fold]
        outside = [pair for pair in pairs if folds[pair.first] != fold != folds[pair.second]]
        for curve, own in ((appraisal.folds.reporting[fold], inside), (appraisal.folds.choosing[fold], outside)):
            assert curve.positive_count == sum(pair.is_same for pair in own)
            assert curve.negative_count == sum(not pair.is_same for pair in own)
            threshold = float(np.median([pair.distance for pair in own]))
            place = int(np.searchsorted(curve.thresholds, threshold, side="right")) - 1
            limit = curve.thresholds[place]
            assert curve.false_accepts[place] == sum(p.distance <= limit and not p.is_same for p in own)


def test_few_identities_are_not_halved_and_what_leaves_nothing_is_refused() -> None:
    points, labels, groups = tied_set(1, identities=10)
    appraisal, _ = crossed_appraisal(points, Crossing(PAIRS_ACROSS, labels, groups), edges_of(points, labels))
    assert appraisal.choosing is None and appraisal.folds is None
    with pytest.raises(ValueError, match="pairs of both kinds"):
        crossed_appraisal(points, Crossing(PAIRS_ACROSS, labels, labels), edges_of(points, labels))

"""The fits are of the side that chooses, the AUCs of everyone; another share of genuine pairs is Bayes' rule."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.testing import assert_allclose, assert_array_equal
from sklearn.metrics import roc_auc_score

from core.distances import DISTANCES
from core.distances.base import Distance
from core.evidence import appraisal
from core.evidence.appraisal import Appraisal, appraise, deepened
from core.evidence.calibration import Calibrated, pair_counts, probability_at, reweighted
from core.evidence.calibration_fits import isotonic, platt
from core.statistics.distance_blocks import distance_matrix
from core.statistics.local_auc import TwoAucs
from core.statistics.summary import summarise
from core.verification.protocols import parts
from tests.core.evidence.test_appraisal import points_of
from tests.core.evidence.test_calibration_fits import histogram

EVERY_DISTANCE = pytest.mark.parametrize("distance", [kind() for kind in DISTANCES.values()], ids=list(DISTANCES))


def counts_by_hand(distances: np.ndarray, labels: np.ndarray, edges: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Every pair put into the bin (edge, next edge] that it lies in, one at a time."""
    counts = np.zeros((2, len(edges) - 1), np.int64)
    for first in range(len(labels)):
        for second in range(first):
            place = next(at for at, edge in enumerate(edges[1:]) if distances[first, second] <= edge)
            counts[int(labels[first] != labels[second]), place] += 1
    return counts[0], counts[1]


@EVERY_DISTANCE
def test_fits_are_of_the_half_that_chooses_and_aucs_of_everyone(distance: Distance) -> None:
    points, labels, _ = points_of(20, samples=2)
    edges = summarise(points, labels, margin=0.2, bins=32, distance=distance).edges
    found = deepened(appraise(points, labels, edges, distance=distance), points, labels, edges, distance=distance)
    told, distances = found.calibration, distance_matrix(distance.prepared(points), distance)
    assert told is not None and found.choosing is not None
    half = parts(labels, 2) == 0
    within = distance_matrix(distance.prepared(points)[half], distance)
    counts = counts_by_hand(within, labels[half], edges)
    assert counts[0].sum() == 10 and np.count_nonzero(counts[1]) > 4
    assert_allclose(told.platt, platt(edges, *counts))
    assert_allclose(told.isotonic, isotonic(edges, *counts))
    first, second = np.triu_indices(len(labels), 1)
    expected = roc_auc_score(labels[first] == labels[second], -distances[first, second])
    assert told.overall_auc == pytest.approx(expected) and 0 < expected < 1
    anchors = [
        roc_auc_score(np.delete(labels == labels[anchor], anchor), -np.delete(distances[anchor], anchor))
        for anchor in range(len(labels))
    ]
    assert told.local_auc == pytest.approx(np.mean(anchors)) and told.local_auc != told.overall_auc


def test_few_identities_are_fitted_all_together() -> None:
    points, labels, edges = points_of(6)
    found = deepened(appraise(points, labels, edges), points, labels, edges)
    assert found.choosing is None and found.calibration is not None
    assert_array_equal(found.calibration.platt, platt(edges, *pair_counts(found.everyone.curve)))


def test_it_comes_back_from_its_arrays() -> None:
    points, labels, edges = points_of(6)
    found = deepened(appraise(points, labels, edges), points, labels, edges)
    again = Appraisal.from_arrays(edges, found.arrays())
    assert again and again.calibration and found.calibration
    assert_array_equal(again.calibration.platt, found.calibration.platt)
    assert_array_equal(again.calibration.isotonic, found.calibration.isotonic)
    assert again.calibration.local_auc == found.calibration.local_auc is not None
    assert again.calibration.overall_auc == found.calibration.overall_auc is not None
    older = {name: array for name, array in found.arrays().items() if not name.startswith("calibration")}
    without = Appraisal.from_arrays(edges, older)
    assert without is not None and without.calibration is None and without.replicates is not None


def test_too_many_points_have_only_given_aucs(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(appraisal, "MOST_POINTS", 17)
    points, labels, edges = points_of(6)
    found = appraise(points, labels, edges)
    told = deepened(found, points, labels, edges).calibration
    assert told is not None and told.local_auc is told.overall_auc is None
    assert Calibrated.from_arrays(told.arrays()).local_auc is None
    assert_array_equal(Calibrated.from_arrays(told.arrays()).isotonic, told.isotonic)
    told = deepened(found, points, labels, edges, aucs=TwoAucs(0.75, 0.5)).calibration
    assert told is not None and (told.local_auc, told.overall_auc) == (0.75, 0.5)
    monkeypatch.setattr(appraisal, "MOST_POINTS", 18)
    told = deepened(found, points, labels, edges).calibration
    assert told is not None and told.local_auc is not None


@pytest.mark.parametrize("share", [0.5, 0.01, 0.9])
def test_another_share_is_bayes_rule(share: float) -> None:
    """Of so many attempts out of a million, how many of those at each distance are genuine."""
    likely, unlikely = np.array([0.9, 0.3, 0.0]), np.array([0.1, 0.3, 0.4])
    genuine, impostor = 1e6 * share * likely, 1e6 * (1 - share) * unlikely
    assert_allclose(reweighted(likely / (likely + unlikely), share), genuine / (genuine + impostor))


@pytest.mark.parametrize("share", [0.02, 0.7])
def test_another_share_is_what_isotonic_would_have_fitted_for_it(share: float) -> None:
    """Its pools depend on the order of the odds alone, which no share changes."""
    edges, positive, negative = histogram(0)
    filled = positive + negative > 0
    expected = isotonic(edges, positive, negative, share)[filled]
    assert_allclose(reweighted(isotonic(edges, positive, negative), share)[filled], expected, atol=1e-12)
    assert len(np.unique(expected)) > 4


def test_certainty_stays_certain() -> None:
    assert_array_equal(reweighted(np.array([0.0, 1.0]), 0.001), [0.0, 1.0])


@pytest.mark.parametrize("share", [0.0, 1.0, np.nan])
def test_a_share_without_one_kind_has_no_odds(share: float) -> None:
    with pytest.raises(ValueError, match=r"genuine_share must be between 0 and 1, got .*Give 0.5"):
        reweighted(np.array([0.5]), share)


def test_between_two_middles_a_probability_is_on_the_line() -> None:
    edges, probabilities = np.array([0.0, 1.0, 2.0, 4.0]), np.array([0.9, 0.5, 0.1])
    found = [probability_at(edges, probabilities, distance) for distance in (-1, 0.5, 1.0, 1.5, 2.25, 9)]
    assert_allclose(found, [0.9, 0.9, 0.7, 0.5, 0.3, 0.1])

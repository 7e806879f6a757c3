"""An appraisal is put together of the right rows, and comes back from its arrays."""

import numpy as np
import pytest
from numpy.testing import assert_allclose, assert_array_equal

from core.distances import DISTANCES
from core.evidence import appraisal
from core.evidence.appraisal import Appraisal, appraise, deepened
from core.evidence.bootstrap import bootstrap
from core.statistics.pair_distances import default_edges, histogram, pair_distances
from core.verification.protocols import FOLDS, OTHERS, SAME, parts
from core.verification.weighted_curve import IDENTITIES, PAIRS
from tests.core.identity_pairs import identity_pairs


def points_of(identities: int, samples: int = 3, seed: int = 0) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    generator = np.random.default_rng(seed)
    labels = generator.permutation(np.repeat(np.arange(identities), samples))
    centres = 2 * generator.normal(size=(identities, 4))
    points = centres[labels] + generator.normal(size=(len(labels), 4))
    return points, labels, default_edges(pair_distances(points, labels), 128)


@pytest.fixture(scope="module")
def large() -> tuple[np.ndarray, np.ndarray, np.ndarray, Appraisal]:
    points, labels, edges = points_of(24)
    return points, labels, edges, deepened(appraise(points, labels, edges), points, labels, edges)


def test_everyone_has_the_pairs_of_the_histogram(large: tuple[np.ndarray, np.ndarray, np.ndarray, Appraisal]) -> None:
    points, labels, edges, found = large
    positive, negative = histogram(pair_distances(points, labels), edges)
    assert_array_equal(found.everyone.curve.true_accepts, np.cumsum(positive))
    assert_array_equal(found.everyone.curve.false_accepts, np.cumsum(negative))


def test_halves_and_folds_have_the_pairs_of_their_identities(
    large: tuple[np.ndarray, np.ndarray, np.ndarray, Appraisal],
) -> None:
    points, labels, edges, found = large
    half, fold = parts(labels, 2), parts(labels, 10)
    sides = [(found.choosing.curve, half == 0), (found.reporting.curve, half == 1)]
    sides += [(found.folds.reporting[number], fold == number) for number in range(10)]
    sides += [(found.folds.choosing[number], fold != number) for number in range(10)]
    for curve, rows in sides:
        expected = identity_pairs(points[rows], labels[rows], edges).curve
        assert_array_equal(curve.false_accepts, expected.false_accepts)
        assert_array_equal(curve.true_accepts, expected.true_accepts)
        assert curve.positive_count > 0
    assert sum(curve.positive_count for curve in found.folds.reporting) == found.everyone.curve.positive_count


def test_folds_are_the_same_in_the_first_look_at_all_pairs(
    large: tuple[np.ndarray, np.ndarray, np.ndarray, Appraisal],
) -> None:
    points, labels, edges, found = large
    at_once = appraise(points, labels, edges, with_folds=True)
    for name, array in at_once.folds.arrays().items():
        assert_array_equal(array, found.folds.arrays()[name])
    assert deepened(at_once, points, labels, edges).folds is at_once.folds


def test_appraisals_come_back_from_their_arrays(large: tuple[np.ndarray, np.ndarray, np.ndarray, Appraisal]) -> None:
    *_, edges, found = large
    again = Appraisal.from_arrays(edges, found.arrays())
    for name, array in found.arrays().items():
        assert_array_equal(again.arrays()[name], array)
    assert again.folds and again.replicates and again.reporting_replicates and again.reporting


def test_rates_by_identity_come_from_the_same_pairs() -> None:
    """Of every side, and back from the arrays; identities of unequal sizes have other rates by pair."""
    generator = np.random.default_rng(1)
    sizes = generator.integers(2, 9, 24)
    labels = np.repeat(np.arange(24), sizes)
    points = 2 * generator.normal(size=(24, 4))[labels] + np.exp(generator.normal(size=(24, 1)))[labels] * (
        generator.normal(size=(len(labels), 4))
    )
    edges = default_edges(pair_distances(points, labels), 64)
    found = appraise(points, labels, edges)
    alike = found.weighing(IDENTITIES)
    assert found.weighing(PAIRS) is found and alike.protocols == [OTHERS, SAME]
    place, half = 12, parts(labels, 2)
    apart = np.sqrt(np.square(points[:, None] - points[None]).sum(2)) <= edges[place + 1]
    for evidence, rows in ((alike.everyone, half < 2), (alike.choosing, half == 0), (alike.reporting, half == 1)):
        names = np.unique(labels[rows])
        of_block = [apart[np.ix_(labels == a, labels == b)].mean() for a in names for b in names if a < b]
        own = [apart[np.ix_(labels == a, labels == a)][np.triu_indices(sizes[a], 1)].mean() for a in names]
        assert_allclose(evidence.curve.false_accept_rate[place], np.mean(of_block), rtol=1e-5)
        assert_allclose(evidence.curve.false_reject_rate[place], 1 - np.mean(own), atol=1e-12)
        assert evidence.is_vouched and evidence.weights == IDENTITIES
        assert_allclose(evidence.vouching[1].effective_identities, len(names))
    by_pair = found.everyone.curve
    assert abs(by_pair.false_reject_rate[place] - alike.everyone.curve.false_reject_rate[place]) > 0.01
    again = Appraisal.from_arrays(edges, found.arrays()).weighing(IDENTITIES)
    assert_array_equal(again.reporting.curve.false_accept_rate, alike.reporting.curve.false_accept_rate)
    assert again.choosing.vouching == alike.choosing.vouching


def test_weights_that_are_not_known_are_refused(large: tuple[np.ndarray, np.ndarray, np.ndarray, Appraisal]) -> None:
    *_, edges, found = large
    with pytest.raises(ValueError, match=r"weights must be pairs or identities, got 'votes'. Choose one of these."):
        found.weighing("votes")
    older = {name: array for name, array in found.arrays().items() if not name.startswith("by_identity")}
    with pytest.raises(
        ValueError, match="weights by identity must have pairs whose identities are known, got pairs of"
    ):
        Appraisal.from_arrays(edges, older).weighing(IDENTITIES)


def test_each_half_has_replicates_of_its_own(large: tuple[np.ndarray, np.ndarray, np.ndarray, Appraisal]) -> None:
    points, labels, edges, found = large
    for seed, drawn in enumerate([found.replicates, found.reporting_replicates]):
        rows = parts(labels, 2) == seed
        expected = bootstrap(points[rows], labels[rows], edges, np.random.default_rng(seed))
        assert_array_equal(drawn.false_accepts, expected.false_accepts)
        assert_array_equal(drawn.true_accepts, expected.true_accepts)
    assert (found.replicates.false_accepts != found.reporting_replicates.false_accepts).any()


def test_appraisals_of_older_versions_have_no_replicates_of_those_who_report(
    large: tuple[np.ndarray, np.ndarray, np.ndarray, Appraisal],
) -> None:
    *_, edges, found = large
    kept = {name: array for name, array in found.arrays().items() if not name.startswith("reporting_replicates")}
    assert len(kept) == len(found.arrays()) - 2
    again = Appraisal.from_arrays(edges, kept)
    assert again.replicates and again.reporting and again.reporting_replicates is None


def test_few_identities_are_not_halved() -> None:
    points, labels, edges = points_of(19)
    found = deepened(appraise(points, labels, edges), points, labels, edges)
    assert found.choosing is found.reporting is found.folds is None
    assert found.replicates is not None and found.reporting_replicates is None
    assert Appraisal.from_arrays(edges, found.arrays()).choosing is None


def test_too_few_identities_have_no_replicates() -> None:
    points, labels, edges = points_of(4)
    assert deepened(appraise(points, labels, edges), points, labels, edges).replicates is None


def test_too_many_points_have_no_replicates(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(appraisal, "MOST_POINTS", 50)
    points, labels, edges = points_of(19)
    assert len(labels) > 50
    assert deepened(appraise(points, labels, edges), points, labels, edges).replicates is None


def test_halves_may_have_replicates_where_all_together_are_too_many(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(appraisal, "MOST_POINTS", 36)
    points, labels, edges = points_of(24)
    found = deepened(appraise(points, labels, edges), points, labels, edges)
    assert len(labels) > 36 and found.replicates and found.reporting_replicates


def test_snapshots_of_older_versions_have_none() -> None:
    assert Appraisal.from_arrays(np.linspace(0, 1, 5), {"edges": np.linspace(0, 1, 5)}) is None


@pytest.mark.parametrize("kind", ["mahalanobis", "standardised-euclidean"])
def test_halves_are_compared_as_the_whole_is(kind: str) -> None:
    """By what all points together are measured with, not each half by its own."""
    points, labels, _ = points_of(24)
    distance = DISTANCES[kind]()
    prepared, half = distance.prepared(points), parts(labels, 2)
    edges = default_edges(pair_distances(prepared, labels, distance=distance), 128)
    found = appraise(points, labels, edges, distance=distance)
    expected = identity_pairs(prepared[half == 1], labels[half == 1], edges, distance).curve
    assert_array_equal(found.reporting.curve.false_accepts, expected.false_accepts)
    alone = identity_pairs(distance.prepared(points[half == 1]), labels[half == 1], edges, distance).curve
    assert (alone.false_accepts != expected.false_accepts).any()


def test_protocols_are_those_it_can_tell_of() -> None:
    points, labels, edges = points_of(40, samples=4)
    found = appraise(points, labels, edges)
    assert found.protocols == [OTHERS, SAME], "folds are known of the last snapshot alone"
    assert deepened(found, points, labels, edges).protocols == [OTHERS, FOLDS, SAME]
    assert appraise(points[:20], labels[:20], edges).protocols == [SAME]

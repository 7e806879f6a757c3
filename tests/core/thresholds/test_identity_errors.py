"""The errors of every identity against a loop over all pairs, and what its pairs are worth."""

from __future__ import annotations

import subprocess
import sys

import numpy as np
import pytest

from core.distances import EUCLIDEAN, SQUARED_EUCLIDEAN, Cosine, Manhattan
from core.distances.base import Distance
from core.evidence.intervals import quantile, wilson
from core.statistics.distance_blocks import distance_matrix
from core.thresholds.effective_pairs import effective_pairs, genuine_couples, impostor_couples
from core.thresholds.identity_errors import IdentityErrors, identity_errors
from tests.imports import ROOT


def lattice(count: int = 90, seed: int = 0) -> tuple[np.ndarray, np.ndarray]:
    """Points at whole numbers, in identities of unequal size and in no order, one of a single sample."""
    generator = np.random.default_rng(seed)
    labels = np.concatenate([[2], generator.choice([7, 3, 9, 4, 11], size=count - 1, p=[0.4, 0.3, 0.1, 0.1, 0.1])])
    points = generator.integers(0, 4, size=(count, 3)) + (labels % 3)[:, None]
    return points.astype(np.float32), labels


def by_hand(distances: np.ndarray, labels: np.ndarray, threshold: float) -> dict[int, dict[str, int]]:
    """For each identity the pairs and errors, one ordered pair of rows at a time; a genuine pair once."""
    found = {
        label: dict.fromkeys(["genuine_pairs", "false_rejects", "impostor_pairs", "false_accepts"], 0)
        for label in sorted(set(labels.tolist()))
    }
    for row, label in enumerate(labels.tolist()):
        for other, other_label in enumerate(labels.tolist()):
            accepted = distances[row, other] <= threshold
            if label != other_label:
                found[label]["impostor_pairs"] += 1
                found[label]["false_accepts"] += accepted
            elif row < other:
                found[label]["genuine_pairs"] += 1
                found[label]["false_rejects"] += not accepted
    return found


def worth_by_hand(distances: np.ndarray, labels: np.ndarray, threshold: float) -> tuple[np.ndarray, np.ndarray]:
    """What the pairs are worth, by sums from the tables of single pairs."""
    identities = np.unique(labels)
    accepted = (distances <= threshold).astype(np.float64)
    genuine, impostor = [], []
    for label in identities:
        own = labels == label
        rejects = 1 - accepted[np.ix_(own, own)]
        np.fill_diagonal(rejects, 0)
        genuine.append([own.sum(), rejects.sum() / 2, (rejects.sum(axis=1) ** 2).sum()])
        table = np.array([accepted[np.ix_(own, labels == other)].sum(axis=1) for other in identities]).T
        table[:, identities == label] = 0
        sizes = np.array([(labels == other).sum() for other in identities])
        squares = (table**2).sum(), (table.sum(axis=1) ** 2).sum(), (table.sum(axis=0) ** 2).sum()
        impostor.append([own.sum(), table.sum(), (table * sizes).sum(), *squares])
    samples, rejects, of_samples = (column[np.array(genuine)[:, 0] > 1] for column in np.array(genuine).T)
    pairs, half = samples * (samples - 1) / 2, samples // 2
    couples = genuine_couples(samples, rejects, of_samples)
    genuine_worth = np.zeros(len(identities))
    genuine_worth[np.array(genuine)[:, 0] > 1] = effective_pairs(rejects / pairs, pairs, couples, half, half)
    sizes, accepts, weighted, *squares = np.array(impostor).T
    others = np.full(len(identities), len(identities) - 1)
    couples = impostor_couples(sizes, accepts, weighted, (squares[0], squares[1], squares[2]))
    pairs = sizes * (len(labels) - sizes)
    return genuine_worth, effective_pairs(accepts / pairs, pairs, couples, np.minimum(sizes, others), others)


@pytest.mark.parametrize("distance", [EUCLIDEAN, SQUARED_EUCLIDEAN, Manhattan(), Cosine()], ids=str)
def test_counts_are_those_of_the_loop_with_ties(distance: Distance) -> None:
    points, labels = lattice()
    distances = distance_matrix(distance.prepared(points), distance)
    threshold = float(np.quantile(distances, 0.3, method="nearest"))
    expected = by_hand(distances, labels, threshold)
    found = identity_errors(distance.prepared(points), labels, threshold, distance)
    assert (distances == threshold).sum() > 20 or isinstance(distance, Cosine), "there must be ties"
    assert found.identities.tolist() == list(expected)
    for name in ("genuine_pairs", "false_rejects", "impostor_pairs", "false_accepts"):
        assert getattr(found, name).tolist() == [of_label[name] for of_label in expected.values()]
    assert 0 < found.false_rejects.sum() < found.genuine_pairs.sum() and (found.false_accepts > 0).all()


@pytest.mark.parametrize("count", [90, 700])
def test_worth_is_that_of_the_tables(count: int) -> None:
    """With 700 points an identity fills more than one block of rows and a block holds several identities."""
    points, labels = lattice(count, seed=1)
    distances = distance_matrix(points)
    found = identity_errors(points, labels, 2.0)
    assert count == 90 or 256 < found.samples.max()
    genuine, impostor = worth_by_hand(distances, labels, 2.0)
    np.testing.assert_allclose(found.genuine_worth, genuine, rtol=1e-9)
    np.testing.assert_allclose(found.impostor_worth, impostor, rtol=1e-9)
    assert (found.genuine_worth <= found.genuine_pairs).all()
    assert (found.impostor_worth < found.impostor_pairs).any()
    assert found.false_accepts.sum() % 2 == 0, "each false accept counts for both"


def test_rates_and_intervals_are_those_of_the_counts() -> None:
    found = identity_errors(*lattice(), 2.0)
    assert found.samples[0] == 1 and np.isnan(found.false_reject_rate[0])
    assert (found.false_reject_interval.low[0], found.false_reject_interval.high[0]) == (0.0, 1.0)
    rejects = found.false_rejects[1:] / found.genuine_pairs[1:]
    low, high = wilson(rejects, found.genuine_worth[1:], quantile())
    assert found.false_reject_interval.low[1:].tolist() == low.tolist()
    assert found.false_reject_interval.high[1:].tolist() == high.tolist()
    accepts = found.false_accepts / found.impostor_pairs
    low, high = wilson(accepts, found.impostor_worth, quantile(5))
    assert found.false_accept_interval.low.tolist() == low.tolist()
    assert (low < accepts).all() and (accepts < high).all()


def test_where_nothing_is_wrong_disjoint_pairs_and_other_identities_count() -> None:
    points = np.repeat(np.arange(6.0), [5, 5, 4, 3, 2, 2])[:, None] * 10
    labels = np.repeat(np.arange(6), [5, 5, 4, 3, 2, 2])
    found = identity_errors(points, labels, 0.0)
    assert not found.false_rejects.any() and not found.false_accepts.any()
    assert found.genuine_worth.tolist() == [2, 2, 2, 1, 1, 1]
    assert found.impostor_worth.tolist() == [5] * 6
    assert (found.false_accept_interval.low == 0).all() and (found.false_accept_interval.high > 0.3).all()


def test_one_without_errors_is_known_no_worse_than_one_with_errors() -> None:
    points, labels = alike(0, 0.0)
    found = identity_errors(points, labels, 1.95, SQUARED_EUCLIDEAN)
    for errors, high in (
        (found.false_accepts, found.false_accept_interval.high),
        (found.false_rejects, found.false_reject_interval.high),
    ):
        assert 0 < (errors == errors.min()).sum() < len(errors)
        assert high[errors == errors.min()].max() <= high[errors > errors.min()].min()
    assert found.false_accepts.min() == 0


def test_two_identities_are_enough() -> None:
    found = identity_errors(np.array([[0.0], [1.0], [0.5], [3.0]]), np.array([0, 0, 1, 1]), 0.7)
    assert found.false_accepts.tolist() == [2, 2] and found.false_rejects.tolist() == [1, 1]
    assert found.impostor_pairs.tolist() == [4, 4] and found.impostor_worth.tolist() == [1.0, 1.0]


@pytest.mark.parametrize("spread", [0.0, 0.3])
def test_the_intervals_hold_the_true_rates(spread: float) -> None:
    """Identities that differ by their samples alone share one true rate; 95 of 100 intervals are to hold it."""
    found = [identity_errors(*alike(seed, spread), 2.1, SQUARED_EUCLIDEAN) for seed in range(12)]
    for errors, pairs, interval in (
        ("false_rejects", "genuine_pairs", IdentityErrors.false_reject_interval),
        ("false_accepts", "impostor_pairs", IdentityErrors.false_accept_interval),
    ):
        true = sum(getattr(of, errors).sum() for of in found) / sum(getattr(of, pairs).sum() for of in found)
        bands = [interval.fget(of) for of in found]
        held = np.mean([(band.low <= true) & (true <= band.high) for band in bands])
        naive = [wilson(getattr(of, errors) / getattr(of, pairs), getattr(of, pairs), quantile()) for of in found]
        held_by_naive = np.mean([(band.low <= true) & (true <= band.high) for band in naive])
        assert held_by_naive < 0.9 < 0.94 < held and true > 0.002


def alike(seed: int, spread: float) -> tuple[np.ndarray, np.ndarray]:
    """32 identities of 8 samples, all equally far from each other, with samples of unequal quality."""
    generator = np.random.default_rng(seed)
    labels = np.repeat(np.arange(32), 8)
    quality = 0.13 * np.exp(spread * generator.normal(size=len(labels)))
    return np.eye(32, 48)[labels] + quality[:, None] * generator.normal(size=(len(labels), 48)), labels


def test_a_threshold_that_is_no_number_is_refused() -> None:
    with pytest.raises(ValueError, match="threshold must be a number, got nan"):
        identity_errors(*lattice(), np.nan)
    with pytest.raises(ValueError, match="labels must name at least two classes"):
        identity_errors(np.eye(3), np.zeros(3, int), 1.0)


def test_the_web_process_may_import_and_run() -> None:
    code = (
        "import sys, numpy, core.thresholds.identity_errors, core.thresholds.doddington;"
        "import core.thresholds.identity_thresholds;"
        "found = core.thresholds.identity_errors.identity_errors(numpy.eye(4), numpy.array([0, 0, 1, 1]), 1.0);"
        "core.thresholds.doddington.animals(found);"
        "core.thresholds.identity_thresholds.best_thresholds(numpy.eye(4), numpy.array([0, 0, 1, 1]));"
        "heavy = {'numba', 'sklearn', 'faiss', 'torch', 'scipy.stats'} & set(sys.modules); assert not heavy, heavy"
    )
    subprocess.run([sys.executable, "-c", code], cwd=ROOT, check=True, timeout=60)

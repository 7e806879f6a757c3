from __future__ import annotations

import numpy as np
import pytest
from scipy.linalg import eigh
from sklearn.covariance import ledoit_wolf
from sklearn.decomposition import PCA
from sklearn.discriminant_analysis import LinearDiscriminantAnalysis

from core.statistics.scatter import covariance, lda, pca_whitening, wccn, within_classes

SIZES = (12, 7, 5, 2, 1)


def classes(rng: np.random.Generator, dimension: int, times: int = 1) -> tuple[np.ndarray, np.ndarray]:
    """Points whose classes differ along some axes and whose spread is another along each; unequal classes, in no
    order."""
    labels = rng.permutation(np.repeat(np.arange(len(SIZES)), SIZES).repeat(times))
    spread = np.linspace(0.2, 3.0, dimension)
    centres = rng.normal(size=(len(SIZES), dimension)) * np.linspace(3.0, 0.5, dimension)
    return centres[labels] + spread * rng.normal(size=(len(labels), dimension)), labels


@pytest.mark.parametrize("count, dimension", [(10, 40), (40, 40), (2000, 5)])
def test_the_share_is_that_of_scikit_learn(rng: np.random.Generator, count: int, dimension: int) -> None:
    points = rng.normal(size=(count, dimension)) * np.linspace(1, 4, dimension)
    centred = points - points.mean(axis=0)
    theirs, share = ledoit_wolf(centred, assume_centered=True)
    ours = covariance(centred)
    assert ours.share == pytest.approx(share) and 0 < share < 1
    np.testing.assert_allclose(ours.regularised, theirs, rtol=1e-9, atol=1e-12)


def test_with_many_points_hardly_anything_is_added(rng: np.random.Generator) -> None:
    shares = [covariance(rng.normal(size=(count, 6)) * np.arange(1, 7)).share for count in (20, 200, 20_000)]
    assert shares[0] > 5 * shares[1] and shares[2] < 0.001


def test_points_that_scatter_alike_in_all_directions_are_given_nothing() -> None:
    alike = np.concatenate([np.eye(3), -np.eye(3)])
    assert covariance(alike).share == 0.0
    assert covariance(np.zeros((4, 3))).share == 0.0


def test_deviations_within_classes_are_from_each_class_mean(rng: np.random.Generator) -> None:
    points, labels = classes(rng, 4)
    found = within_classes(points, labels)
    for label in np.unique(labels):
        rows = labels == label
        np.testing.assert_allclose(found[rows], points[rows] - points[rows].mean(axis=0), atol=1e-12)


def test_whitening_is_that_of_scikit_learn_where_nothing_is_added(
    rng: np.random.Generator, monkeypatch: pytest.MonkeyPatch
) -> None:
    points = rng.normal(size=(50, 6)) * np.arange(1, 7)
    _without_a_share(monkeypatch)
    theirs = PCA(3, whiten=True).fit_transform(points) * np.sqrt(50 / 49)  # it divides by T - 1
    ours = (points - points.mean(axis=0)) @ pca_whitening(points, 3).T
    np.testing.assert_allclose(np.abs(ours), np.abs(theirs), rtol=1e-8, atol=1e-10)


@pytest.mark.parametrize("dimension", [1, 3, 4, 9])
def test_lda_is_that_of_scikit_learn_where_nothing_is_added(
    rng: np.random.Generator, monkeypatch: pytest.MonkeyPatch, dimension: int
) -> None:
    points, labels = classes(rng, 6, times=2)  # it warns of a class of one
    _without_a_share(monkeypatch)
    theirs = LinearDiscriminantAnalysis(solver="eigen", n_components=min(dimension, 4)).fit_transform(points, labels)
    ours = points @ lda(points, labels, dimension).T
    assert ours.shape == theirs.shape == (len(points), min(dimension, 4))
    ours, theirs = (each - each.mean(axis=0) for each in (ours, theirs))
    np.testing.assert_allclose(np.abs(ours), np.abs(theirs), rtol=1e-6, atol=1e-8)


def test_lda_of_few_points_solves_the_regularised_problem(rng: np.random.Generator) -> None:
    """27 points in 40 dimensions: the generalised eigenvectors of scipy, of between and regularised within."""
    points, labels = classes(rng, 40)
    within = covariance(within_classes(points, labels))
    means = np.stack([points[labels == label].mean(axis=0) for label in labels])
    between = (means - points.mean(axis=0)).T @ (means - points.mean(axis=0)) / len(points)
    theirs = eigh(between, within.regularised)[1].T[::-1][:4]
    ours = lda(points, labels, 10)
    assert 0.01 < within.share < 1
    np.testing.assert_allclose(np.abs(ours @ points.T), np.abs(theirs @ points.T), rtol=1e-6, atol=1e-6)


@pytest.mark.parametrize("dimension, times", [(5, 20), (40, 1)], ids=["many points", "fewer points than dimensions"])
def test_after_wccn_classes_scatter_alike_in_every_direction(
    rng: np.random.Generator, dimension: int, times: int
) -> None:
    points, labels = classes(rng, dimension, times)
    within, rows = covariance(within_classes(points, labels)), wccn(points, labels)
    np.testing.assert_allclose(rows @ within.regularised @ rows.T, np.eye(dimension), atol=1e-9)
    # Hatch's kernel is x^T W^-1 y.
    np.testing.assert_allclose(rows.T @ rows, np.linalg.inv(within.regularised), rtol=1e-7, atol=1e-9)


def test_single_samples_leave_no_direction_within_classes(rng: np.random.Generator) -> None:
    points = rng.normal(size=(6, 4))
    assert wccn(points, np.arange(6)).shape == (0, 4) and lda(points, np.arange(6), 3).shape == (0, 4)


def _without_a_share(monkeypatch: pytest.MonkeyPatch) -> None:
    plain = covariance
    monkeypatch.setattr("core.statistics.scatter.covariance", lambda points: plain(points)._replace(share=0.0))

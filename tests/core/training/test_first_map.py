from __future__ import annotations

import numpy as np
import pytest
from scipy.spatial.distance import cdist

from core.encoders.linear import PRINCIPAL_AXES, RANDOM, WITHIN_CLASSES
from core.statistics.scatter import wccn
from core.training.first_map import first_map
from tests.core.heads import vectors


def test_all_principal_axes_keep_every_distance() -> None:
    points = vectors().values
    rows = first_map(PRINCIPAL_AXES, points, vectors().labels, 16)
    assert rows is not None and rows.shape == (12, 12) and rows.dtype == np.float32
    np.testing.assert_allclose(cdist(points @ rows.T, points @ rows.T), cdist(points, points), rtol=1e-4, atol=1e-4)


@pytest.mark.parametrize("dimension", [2, 12, 64])
def test_within_classes_all_axes_together_are_the_metric_of_wccn(dimension: int) -> None:
    points, labels = vectors().values.astype(np.float64), vectors().labels
    rows, plain = first_map(WITHIN_CLASSES, points, labels, dimension), wccn(points, labels)
    assert rows is not None and rows.shape == (min(dimension, 12), 12)
    assert (rows**2).sum() / len(rows) == pytest.approx(1)
    if dimension >= 12:
        theirs = plain.T @ plain
        np.testing.assert_allclose(rows.T @ rows / np.trace(rows.T @ rows), theirs / np.trace(theirs), atol=1e-6)


def test_the_first_axes_are_those_that_part_the_classes() -> None:
    """Of twelve numbers the first six tell identities apart, and the others only scatter."""
    rows = first_map(WITHIN_CLASSES, vectors().values, vectors().labels, 2)
    assert rows is not None
    shares = (rows**2)[:, :6].sum(1) / (rows**2).sum(1)
    assert shares.min() > 0.9


def test_with_fewer_points_than_numbers_it_stays_where_points_are(rng: np.random.Generator) -> None:
    points, labels = rng.normal(size=(10, 30)), np.arange(10) // 2
    rows = first_map(WITHIN_CLASSES, points, labels, 64)
    assert rows is not None and rows.shape == (9, 30) and np.isfinite(rows).all()
    centred = points - points.mean(axis=0)
    inside = rows @ np.linalg.pinv(centred) @ centred
    np.testing.assert_allclose(inside, rows, atol=1e-5)


def test_at_random_nothing_is_said() -> None:
    assert first_map(RANDOM, vectors().values, vectors().labels, 4) is None


def test_single_samples_have_no_axes_within_classes(rng: np.random.Generator) -> None:
    with pytest.raises(ValueError, match="begins must be principal axes or random where no class has two different"):
        first_map(WITHIN_CLASSES, rng.normal(size=(6, 4)), np.arange(6), 4)

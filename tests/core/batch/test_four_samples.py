"""The four samples of a card lie where they are said to, and slopes are those of what is drawn."""

from __future__ import annotations

import numpy as np
import pytest

from core.batch.four_samples import (
    NEGATIVE,
    POSITIVE,
    FourSamples,
    at,
    curves_over_distance,
    log_sum,
    mean_of_pairs,
    softplus,
)


def test_four_samples_lie_as_they_are_said_to() -> None:
    samples = at(np.array([0.0, 1.0]), np.array([0.5, 1.2]))
    points = [
        np.array([[1, 0, 0], [np.cos(own), np.sin(own), 0], *[[np.cos(other), 0, np.sin(other)]] * 2])
        for own, other in ((0.0, 0.5), (1.0, 1.2))
    ]
    for cosines, distances, batch in zip(samples.cosines, samples.distances, points, strict=True):
        np.testing.assert_allclose(cosines, batch @ batch.T, atol=1e-12)
        np.testing.assert_allclose(distances, np.linalg.norm(batch[:, None] - batch[None], axis=2), atol=2e-8)
    assert POSITIVE.sum() == 4


def test_the_slope_is_by_the_distance_of_the_pair_that_moves() -> None:
    curves = curves_over_distance(lambda samples: samples.distances[:, 0, 1] ** 2 + 3 * samples.distances[:, 0, 2])
    np.testing.assert_allclose(curves["pull"], curves["distance"] ** 2 + 3)
    np.testing.assert_allclose(curves["pull_gradient"], 2 * curves["distance"], atol=1e-7)
    np.testing.assert_allclose(curves["push_gradient"], 3, atol=1e-7)


def test_weights_that_are_held_do_not_move_with_the_step() -> None:
    curves = curves_over_distance(lambda samples: samples.held.distances[:, 0, 1] * samples.distances[:, 0, 1])
    np.testing.assert_allclose(curves["pull"], curves["distance"] ** 2)
    np.testing.assert_allclose(curves["pull_gradient"], curves["distance"], atol=1e-7)


def test_sums_take_what_their_mask_takes() -> None:
    values = np.arange(16.0).reshape(1, 4, 4)
    by_hand = [np.log(np.exp(values[0, row][POSITIVE[row]]).sum()) for row in range(4)]
    np.testing.assert_allclose(log_sum(values, POSITIVE)[0], by_hand)
    assert softplus(np.array([-1000.0, 0.0, 1000.0])).tolist() == [0.0, pytest.approx(np.log(2)), 1000.0]
    pulls, pushes = np.full((1, 4, 4), 3.0), np.full((1, 4, 4), 6.0)
    assert mean_of_pairs(pulls, pushes).tolist() == [(4 * 3 + 8 * 6) / 12] and NEGATIVE.sum() == 8


def test_own_and_other_class_are_those_of_the_labels() -> None:
    samples = FourSamples(np.arange(16.0).reshape(1, 4, 4))
    assert samples.to_own_class.tolist() == [[0, 4, 10, 14]] and samples.to_other_class.tolist() == [[2, 6, 8, 12]]

from __future__ import annotations

import numpy as np
import pytest
import torch

from core.distances import Mahalanobis


@pytest.mark.parametrize("ridge", [0.0001, 0.5])
def test_equals_the_form_of_the_inverse_covariance(ridge: float) -> None:
    points = np.random.default_rng(0).normal(size=(30, 4)) @ np.diag([1.0, 2.0, 0.1, 5.0])
    covariance = np.cov(points.T)
    inverse = np.linalg.inv(covariance + ridge * np.trace(covariance) / 4 * np.eye(4))
    expected = [[np.sqrt((x - y) @ inverse @ (x - y)) for y in points] for x in points]
    ours = Mahalanobis(ridge)
    np.testing.assert_allclose(ours.between(*[ours.prepared(points)] * 2), expected, rtol=1e-9, atol=1e-7)
    np.testing.assert_allclose(ours.matrix(torch.from_numpy(points)).numpy(), expected, rtol=1e-9, atol=1e-7)

from __future__ import annotations

import numpy as np
from scipy.spatial.distance import cdist, pdist, squareform

from core.distances import StandardisedEuclidean


def test_the_standardised_distance_divides_as_pdist_does_and_cdist_does_not() -> None:
    """A dialect that its card names: cdist(x, x) divides the squares of 2 N points by 2 N - 1."""
    points = np.random.default_rng(0).normal(size=(7, 3))
    ours = StandardisedEuclidean()
    found = ours.between(*[ours.prepared(points)] * 2)
    np.testing.assert_allclose(found, squareform(pdist(points, "seuclidean")), rtol=1e-12, atol=1e-7)
    np.testing.assert_allclose(found * np.sqrt(6.5 / 6), cdist(points, points, "seuclidean"), rtol=1e-12, atol=1e-7)

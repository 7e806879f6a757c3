from __future__ import annotations

import numpy as np
import pytest

from core.kernels.nearest import distances_to
from tests.core.spreads import KINDS, spread


@pytest.mark.parametrize("kind", [kind for kind in KINDS if kind not in ("tiny", "vanishing", "huge")])
def test_distances_to_chosen_rows_are_those_of_the_definition(kind: str) -> None:
    """Of float32, as a map gives them."""
    points = spread(kind, 60)[0].astype(np.float32)
    rows = np.random.default_rng(1).integers(60, size=(60, 5))
    found = distances_to(points, rows)
    assert found.dtype == np.float64
    for own in range(60):
        expected = [np.linalg.norm(points[own].astype(float) - points[row].astype(float)) for row in rows[own]]
        np.testing.assert_allclose(found[own], expected, rtol=1e-13)


def test_a_point_is_no_distance_from_itself_and_from_its_copies() -> None:
    points = np.full((3, 4), np.float32(0.1))
    assert not distances_to(points, np.array([[0, 1], [1, 2], [0, 2]])).any()

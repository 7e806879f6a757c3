from __future__ import annotations

import numpy as np
import pytest

from core.statistics.learned_metric import effective_directions, metric_of, spectrum_of


@pytest.mark.parametrize("rows", [2, 5, 9])
def test_the_spectrum_is_that_of_the_metric(rng: np.random.Generator, rows: int) -> None:
    linear_map = rng.normal(size=(rows, 5)).astype(np.float32)
    matrix = metric_of(linear_map)
    assert np.array_equal(matrix, matrix.T)
    first, second = rng.normal(size=(2, 5))
    length = np.linalg.norm(linear_map @ (first - second)) ** 2
    assert (first - second) @ matrix @ (first - second) == pytest.approx(length)
    found = spectrum_of(linear_map)
    np.testing.assert_allclose(found, np.linalg.eigvalsh(matrix)[::-1], atol=1e-9)
    assert len(found) == 5 and (found[rows:] == 0).all()


def test_equal_eigenvalues_are_as_many_directions_and_one_is_one() -> None:
    assert effective_directions(np.array([3.0, 3, 3, 3, 0])) == pytest.approx(4)
    assert effective_directions(np.array([2.0, 0, 0])) == pytest.approx(1)
    assert effective_directions(np.zeros(3)) == 0

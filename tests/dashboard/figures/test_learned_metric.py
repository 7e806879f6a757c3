from __future__ import annotations

import numpy as np
import pytest

from dashboard import palette
from dashboard.figures.learned_metric import FEW, metric_picture
from dashboard.palette import Theme


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_cells_have_colours_that_part_at_zero(rng: np.random.Generator, theme: Theme) -> None:
    matrix = rng.normal(size=(4, 4))
    cells, _ = metric_picture(matrix, np.array([3.0, 2, 1, 0]), theme).data
    np.testing.assert_array_equal(cells.z, matrix.astype(np.float32))
    assert cells.zmax == -cells.zmin == pytest.approx(np.abs(matrix).max())
    assert cells.colorscale[1] == (0.5, palette.PAPER[theme])


def test_eigenvalues_are_shares_of_the_largest_in_their_order() -> None:
    _, line = metric_picture(np.eye(3), np.array([4.0, 2.0, 0.0]), "light").data
    assert list(line.x) == [1, 2, 3] and list(line.y) == [1.0, 0.5, 0.0] and line.mode == "lines+markers"
    assert metric_picture(np.eye(3), np.ones(FEW + 1), "light").data[1].mode == "lines"


def test_a_matrix_of_nothing_is_drawn() -> None:
    cells, line = metric_picture(np.zeros((2, 2)), np.zeros(2), "light").data
    assert cells.zmax > 0 and list(line.y) == [0, 0]

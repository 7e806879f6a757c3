"""What is drawn of distances is computed from them."""

from __future__ import annotations

import math

import numpy as np
import pytest

from dashboard.glossary.pictures.spaces import CENTRE, DRAWINGS, PAIR, WEIGHTS
from tests.dashboard.glossary.pictures.shapes import areas, dots, drawn, lines


@pytest.mark.parametrize(("line", "power"), [(0, 1.0), (1, 2.0), (2, 6.0)])
def test_all_points_of_a_ball_are_as_far_from_its_centre(line: int, power: float) -> None:
    for x, y in lines(drawn(DRAWINGS["minkowski"]))[line]:
        away = (abs(x - CENTRE[0]) ** power + abs(y - CENTRE[1]) ** power) ** (1 / power)
        assert away == pytest.approx(40, abs=0.15)


def test_the_way_along_streets_is_the_sum_of_both_differences() -> None:
    (way,) = lines(drawn(DRAWINGS["manhattan"]), "accent")
    length = sum(math.dist(*pair) for pair in zip(way, way[1:], strict=False))
    (left, low), (right, high) = PAIR
    assert length == pytest.approx(right - left + low - high, abs=0.5)
    assert all(x == other or y == level for (x, y), (other, level) in zip(way, way[1:], strict=False))


def test_the_square_stands_on_the_straight_line() -> None:
    (corners,) = areas(drawn(DRAWINGS["squared_euclidean"]), "accent")
    sides = [math.dist(*pair) for pair in zip(corners, [*corners[1:], corners[0]], strict=True)]
    assert sides == pytest.approx([sides[0]] * 4, abs=0.2)


def test_the_foot_of_the_cosine_is_at_a_right_angle() -> None:
    root = drawn(DRAWINGS["dot_product"])
    (start, foot), (second, other) = lines(root, "accent")[0], lines(root, "muted")[0]
    assert foot == other
    assert (foot[0] - start[0]) * (second[0] - foot[0]) + (foot[1] - start[1]) * (second[1] - foot[1]) == pytest.approx(
        0, abs=30
    )


def test_the_matrix_and_the_eigenvalues_are_of_one_metric() -> None:
    cells, bars = areas(drawn(DRAWINGS["learned_metric"])), areas(drawn(DRAWINGS["eigenvalue"]))
    values = sorted(np.linalg.eigvalsh(WEIGHTS.T @ WEIGHTS), reverse=True)
    assert len(cells) == 25 and len(bars) == 5
    heights = [bar[2][1] - bar[0][1] for bar in bars]
    assert heights[1] / heights[0] == pytest.approx(values[1] / values[0], abs=0.01)
    assert np.linalg.matrix_rank(WEIGHTS) == 3


def test_normalised_points_lie_on_the_circle() -> None:
    on_circle = dots(drawn(DRAWINGS["unit_length"]), "accent")
    assert len(on_circle) == 6 and all(math.dist(at, CENTRE) == pytest.approx(36, abs=0.1) for at in on_circle)


def test_a_low_temperature_leaves_little_to_all_but_the_nearest() -> None:
    bars = areas(drawn(DRAWINGS["temperature"]))
    heights = [bar[2][1] - bar[0][1] for bar in bars]
    assert sum(heights[:6]) == pytest.approx(92, abs=0.5) == sum(heights[6:])
    assert heights[0] > 0.7 * 92 and heights[6] < 0.3 * 92

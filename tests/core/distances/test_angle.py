from __future__ import annotations

from math import acos, hypot, pi

import numpy as np
import pytest
import torch

from core.distances import Angle
from tests.core.pairwise import Point, assert_equals_loop


def by_hand(first: Point, second: Point) -> float:
    """A right angle to the zero vector, none from it to itself."""
    if first == second:
        return 0.0
    lengths = hypot(*first) * hypot(*second)
    return acos(sum(a * b for a, b in zip(first, second, strict=True)) / lengths) if lengths else pi / 2


def test_equals_the_inverse_cosine() -> None:
    assert_equals_loop(Angle(), by_hand)


@pytest.mark.parametrize("angle", [1e-5, 1e-3, 1.0, 3.0])
def test_close_directions_keep_their_digits_in_float32(angle: float) -> None:
    """There the cosine of 0.0001 is 1."""
    turned = torch.polar(torch.tensor([1.0, 3.0]), torch.tensor([0.0, angle]))
    assert Angle().matrix(torch.view_as_real(turned))[0, 1].item() == pytest.approx(angle, rel=1e-5, abs=0)


@pytest.mark.parametrize("gap", [1e-3, 1e-6, 1e-9])
def test_close_and_opposite_directions_keep_their_digits_in_float64(gap: float) -> None:
    """There the inverse cosine is exact to 1e-8 at best."""
    points = Angle().prepared(np.array([[1.0, 0.0], [3.0, 3 * gap], [-2.0, 2 * gap]]))
    close, opposite = Angle().between(points[:1], points[1:])[0]
    assert close == pytest.approx(np.arctan(gap), rel=1e-12, abs=0)
    assert pi - opposite == pytest.approx(np.arctan(gap), abs=1e-15)


def test_the_way_over_a_third_direction_is_never_shorter() -> None:
    """And as long where the third lies between; by 1 - cos it is shorter there."""
    points = np.random.default_rng(0).normal(size=(40, 3))
    points[2] = points[0] + points[1]
    found = Angle().between(*[Angle().prepared(points)] * 2)
    detours = found[:, :, None] + found[None] - found[:, None]
    assert detours.min() > -1e-12 and abs(found[0, 2] + found[2, 1] - found[0, 1]) < 1e-12 < found[0, 2]

from __future__ import annotations

from math import hypot

import pytest
import torch

from core.distances import Cosine
from tests.core.pairwise import Point, assert_equals_loop


def by_hand(first: Point, second: Point) -> float:
    """Half a unit from the zero vector, none from it to itself."""
    lengths = hypot(*first) * hypot(*second)
    if not lengths:
        return 0.0 if hypot(*first) == hypot(*second) else 0.5
    return 1 - sum(a * b for a, b in zip(first, second, strict=True)) / lengths


def test_equals_one_minus_the_cosine() -> None:
    assert_equals_loop(Cosine(), by_hand)


def test_cosine_keeps_the_digits_of_close_directions() -> None:
    points = torch.tensor([[1.0, 0.0], [1.0, 1e-5]])
    assert Cosine().matrix(points)[0, 1].item() == pytest.approx(0.5e-10, rel=1e-4)


def test_the_zero_vector_is_half_a_unit_from_every_direction() -> None:
    found = Cosine().matrix(torch.tensor([[0.0, 0.0], [3.0, 4.0], [0.0, 0.0]]))
    assert found[0].tolist() == [0.0, pytest.approx(0.5), 0.0]

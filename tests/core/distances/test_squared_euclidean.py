from __future__ import annotations

from core.distances import SquaredEuclidean
from tests.core.pairwise import assert_equals_loop


def test_equals_the_sum_of_squared_differences() -> None:
    assert_equals_loop(SquaredEuclidean(), lambda x, y: sum((a - b) ** 2 for a, b in zip(x, y, strict=True)))

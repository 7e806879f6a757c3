from __future__ import annotations

from math import dist

from core.distances import Euclidean
from tests.core.pairwise import assert_equals_loop


def test_equals_the_length_of_the_difference() -> None:
    assert_equals_loop(Euclidean(), dist)

from __future__ import annotations

from core.distances import DotProduct
from tests.core.pairwise import assert_equals_loop


def test_equals_minus_the_sum_of_products() -> None:
    assert_equals_loop(DotProduct(), lambda x, y: -sum(a * b for a, b in zip(x, y, strict=True)))

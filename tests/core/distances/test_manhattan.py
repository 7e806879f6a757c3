from __future__ import annotations

from core.distances import Manhattan
from tests.core.pairwise import assert_equals_loop


def test_equals_the_sum_of_absolute_differences() -> None:
    assert_equals_loop(Manhattan(), lambda x, y: sum(abs(a - b) for a, b in zip(x, y, strict=True)))

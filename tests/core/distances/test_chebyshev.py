from __future__ import annotations

from core.distances import Chebyshev
from tests.core.pairwise import assert_equals_loop


def test_equals_the_largest_absolute_difference() -> None:
    assert_equals_loop(Chebyshev(), lambda x, y: max(abs(a - b) for a, b in zip(x, y, strict=True)))

from __future__ import annotations

import pytest

from core.distances import Minkowski
from tests.core.pairwise import assert_equals_loop


@pytest.mark.parametrize("p", [1.0, 1.5, 2.0, 3.0, 10.0])
def test_equals_the_root_of_the_sum_of_powers(p: float) -> None:
    assert_equals_loop(Minkowski(p), lambda x, y: sum(abs(a - b) ** p for a, b in zip(x, y, strict=True)) ** (1 / p))

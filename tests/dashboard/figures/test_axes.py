from __future__ import annotations

import pytest

from core.distances import DISTANCES, EUCLIDEAN
from core.distances.base import Distance
from dashboard.figures.axes import axis_name

OTHERS = [kind() for kind in DISTANCES.values() if kind() != EUCLIDEAN]


def test_the_euclidean_distance_needs_no_name() -> None:
    assert axis_name(EUCLIDEAN) == ""


@pytest.mark.parametrize("distance", OTHERS, ids=str)
def test_every_other_distance_is_named_in_brackets(distance: Distance) -> None:
    assert axis_name(distance) == f" ({distance.title})" and len(distance.title) > 3

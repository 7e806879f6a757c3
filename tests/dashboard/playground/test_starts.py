"""Where points lie at first: an address of its own that can be read, in every space, and enough of each class."""

from __future__ import annotations

from collections import Counter
from math import hypot

import pytest

from core.losses import LOSSES
from dashboard.playground.situation import POINTS_LIMITS, points_of
from dashboard.playground.starts import CLASSED, PAIRED, SPACES, STARTS, points_at, start_for


@pytest.mark.parametrize("space", SPACES)
@pytest.mark.parametrize("start", STARTS)
def test_a_start_can_be_read_and_lies_in_its_space(start: str, space: str) -> None:
    points, labels = points_of(points_at(start, space), space)
    assert POINTS_LIMITS[0] <= len(points) <= POINTS_LIMITS[1] and len(set(points)) == len(points)
    assert labels == tuple("abc".index(label) for label, *_ in STARTS[start])
    if space != "plane":
        assert all(abs(hypot(*point) - 1) < 0.02 for point in points)


@pytest.mark.parametrize("loss", LOSSES)
def test_a_loss_starts_with_points_that_it_can_compare(loss: str) -> None:
    counts = Counter(label for label, *_ in STARTS[start_for(loss)])
    assert max(counts.values()) >= 2 and len(counts) >= 2
    if loss in PAIRED:
        assert all(count >= 2 for count in counts.values())
    if loss in CLASSED:
        assert len(counts) >= 3

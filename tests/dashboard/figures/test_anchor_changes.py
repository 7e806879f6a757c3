"""The map of what one strategy improved and another did not: by shape, by size and in words."""

from __future__ import annotations

import numpy as np
import pytest

from core.comparison.anchor_changes import Changes
from dashboard import palette
from dashboard.figures.anchor_changes import LEAST, MOST, difference_map, ring_around
from dashboard.palette import Theme

NAN = float("nan")
CHANGES = Changes(
    (0, 1),
    np.array([[0.5, 0.5, 0.5, 0.5, 0.9, NAN]] * 2),
    np.array([0.2, 0.1, 0.1, -0.1, 0.0, NAN]),
    np.array([0.1, -0.3, 0.0, 0.2, 0.0, NAN]),
    1.0,
)
LAYOUT = np.arange(12.0).reshape(6, 2)


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_each_kind_has_a_mark_of_its_own(theme: Theme) -> None:
    figure = difference_map(LAYOUT, CHANGES, ("a<b", "c"), [f"class {n}" for n in range(6)], theme)
    alike, alone, ring = figure.data
    assert not ring.x
    assert alike.customdata.tolist() == [0, 4, 5] and list(alike.marker.symbol) == ["circle", "x", "circle"]
    assert alone.customdata.tolist() == [1, 2, 3]
    assert list(alone.marker.symbol) == ["triangle-up", "triangle-up", "triangle-down"]
    first, second = palette.POSITIVE[theme], palette.NEGATIVE[theme]
    assert list(alone.marker.color) == [first, first, second] and set(alike.marker.color) == {palette.MUTED[theme]}
    assert alone.x.tolist() == LAYOUT[1:4, 0].tolist()


def test_the_more_the_two_differ_the_larger_the_mark() -> None:
    alone = difference_map(LAYOUT, CHANGES, ("a", "b"), ["x"] * 6, "light").data[1]
    larger, least, middle = alone.marker.size  # differences of 0.4, 0.1 and 0.3
    assert MOST == larger > middle > least > LEAST


def test_words_on_hover_name_all_three_shares() -> None:
    alike, alone, _ = difference_map(LAYOUT, CHANGES, ("a<b", "c"), [f"class {n}" for n in range(6)], "light").data
    assert alone.text[0] == "class 1\nin right order 50.0%\na<b 60.0%\nc 20.0%"
    assert alike.text[-1] == "class 5\nno other of its class"


def test_words_on_hover_name_each_share_before_where_they_differ() -> None:
    before = np.array([[0.6], [0.8]])
    apart = Changes((0,), before, np.array([0.3]), np.array([0.05]), None)
    alike, *_ = difference_map(LAYOUT[:1], apart, ("a<b", "c"), ["class 1"], "light").data
    assert alike.text[0] == "class 1\nin right order\na<b 60.0%, then 90.0%\nc 80.0%, then 85.0%"


def test_where_the_two_do_the_same_no_triangle_is_drawn() -> None:
    same = Changes((0,), CHANGES.before, CHANGES.first, CHANGES.first, None)
    figure = difference_map(LAYOUT, same, ("a", "b"), ["x"] * 6, "light")
    assert len(figure.data[0].x) == 6 and len(figure.data[1].x) == 0


def test_a_ring_stands_around_the_sample_that_was_clicked() -> None:
    figure = difference_map(LAYOUT, CHANGES, ("a", "b"), ["x"] * 6, "light")
    frame = ring_around(LAYOUT, 4)
    (place,), (trace,) = frame["data"], frame["traces"]
    assert (place["x"], place["y"]) == ([8.0], [9.0]) and figure.data[trace].name == "clicked"

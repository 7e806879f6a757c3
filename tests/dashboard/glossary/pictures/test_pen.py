"""Shapes are where they are said to be, in the colours of the theme."""

from __future__ import annotations

import math
from xml.etree import ElementTree

import pytest

from dashboard import palette
from dashboard.glossary.pictures.pen import HEIGHT, WIDTH, Pen, arc, around, away, axes, curve, grid, placed
from tests.dashboard.glossary.pictures.shapes import SPACE, areas, drawn, lines


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_a_colour_is_that_of_the_palette_in_its_theme(theme: palette.Theme) -> None:
    pen = Pen(theme)
    for at, name in enumerate(("positive", "negative", "easy", "semi-hard", "hard")):
        pen.dot((10 * at, 0), name)
    root = ElementTree.fromstring(pen.svg())
    assert [one.get("fill") for one in root] == [
        palette.POSITIVE[theme],
        palette.NEGATIVE[theme],
        *palette.HARDNESS[theme].values(),
    ]


@pytest.mark.parametrize("shape", ["circle", "diamond", "triangle-up", "square", "star", "cross"])
def test_every_shape_can_be_drawn_hollow_or_filled(shape: str) -> None:
    for hollow in (True, False):
        root = drawn(lambda pen, hollow=hollow: pen.dot((50, 50), "hard", 5, shape, hollow))
        assert len(root) == (2 if shape == "cross" else 1)
    assert all(math.dist(corner, (50, 50)) < 9 for corners in areas(root) for corner in corners)


def test_an_arrow_ends_with_its_head() -> None:
    root = drawn(lambda pen: pen.arrow((10, 10), (40, 50), "ink"))
    assert areas(root)[0][0] == (40, 50) and lines(root)[0][0] == (10, 10)
    assert math.dist(lines(root)[0][1], (40, 50)) == pytest.approx(6, abs=0.1)


def test_a_band_is_a_disc_with_a_hole() -> None:
    root = drawn(lambda pen: pen.disc((50, 50), 30, "easy", without=20))
    assert root[0].get("fill-rule") == "evenodd" and root[0].get("d", "").count("M") == 2


def test_letters_stand_in_the_middle() -> None:
    (text,) = drawn(lambda pen: pen.text((20, 30), "a")).iter(f"{SPACE}text")
    assert (text.text, text.get("text-anchor"), text.get("x")) == ("a", "middle", "20.0")


def test_points_lie_as_they_are_asked_for() -> None:
    assert away((0, 0), (3, 4), 5) == pytest.approx((6, 8))
    assert all(math.dist(at, (5, 6)) <= 10 for at in around((5, 6), 20, 10)) and len(set(around((5, 6), 20, 10))) == 20
    assert arc((0, 0), 2, 0, 90)[-1] == pytest.approx((0, -2))
    assert grid(2, 2, 10, (1, 1)) == [(1, 1), (11, 1), (1, 11), (11, 11)]


def test_a_curve_is_placed_between_its_axes_and_cut_beyond_them() -> None:
    points = placed(curve(lambda x: 2 * x, 0, 1, 4), (0, 1), (0, 1))
    assert (
        points[0] == (14, HEIGHT - 14) and points[2] == (14 + (WIDTH - 24) / 2, 10) and points[-1] == (WIDTH - 10, 10)
    )
    assert len(lines(drawn(axes))) == 1

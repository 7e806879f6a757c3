"""Every term has one picture: well-formed, small, of its own, and in the colours of either theme."""

from __future__ import annotations

from xml.etree import ElementTree

import pytest

from dashboard import palette
from dashboard.glossary.pictures.album import SCENES, digest, find, picture
from dashboard.glossary.pictures.pen import HEIGHT, WIDTH
from dashboard.glossary.terms import TERMS
from tests.dashboard.glossary.pictures.shapes import SPACE

MOST_LETTERS = 12_000
KNOWN = {f"{SPACE}{name}" for name in ("circle", "polygon", "polyline", "path", "text")}


def test_every_term_has_one_picture_and_every_picture_a_term() -> None:
    drawn = [term for drawings in SCENES.values() for term in drawings]
    assert sorted(drawn) == sorted(TERMS)


@pytest.mark.parametrize("term", TERMS)
@pytest.mark.parametrize("theme", ["light", "dark"])
def test_a_picture_is_an_svg_of_a_few_shapes_in_the_colours_of_the_palette(term: str, theme: palette.Theme) -> None:
    svg = picture(term, theme)
    root = ElementTree.fromstring(svg)
    assert root.tag == f"{SPACE}svg" and root.get("viewBox") == f"0 0 {WIDTH} {HEIGHT}"
    assert {one.tag for one in root} <= KNOWN and len(root) > 1 and len(svg) < MOST_LETTERS
    other = "dark" if theme == "light" else "light"
    assert palette.INK[other] not in svg and palette.MUTED[other] not in svg


@pytest.mark.parametrize("term", TERMS)
def test_nothing_is_cut_off_at_the_border(term: str) -> None:
    root = ElementTree.fromstring(picture(term, "light"))
    for one in root:
        for pair in one.get("points", "").split():
            x, y = map(float, pair.split(","))
            assert -2 <= x <= WIDTH + 2 and -2 <= y <= HEIGHT + 2, pair


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_no_two_pictures_are_the_same(theme: palette.Theme) -> None:
    assert len({picture(term, theme) for term in TERMS}) == len(TERMS)


def test_an_address_is_found_by_theme_and_term() -> None:
    assert find("dark", "margin") == picture("margin", "dark") != find("light", "margin")
    assert find("blue", "margin") is None and find("dark", "flux") is None
    assert len(digest()) == 16 and digest() == digest()

"""A strategy looks on a page as it does taken home, and beside words as in a figure."""

from __future__ import annotations

from urllib.parse import unquote
from xml.etree import ElementTree

import pytest

from core.handover import strategy_looks
from core.losses import LOSSES
from dashboard import palette
from dashboard.figures.strategy_looks import CORNERS, looks_of
from dashboard.palette import Theme


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_they_are_those_of_what_is_taken_home(theme: Theme) -> None:
    names = ["0.5", *LOSSES]
    assert looks_of(names, theme) == strategy_looks.looks_of(names, theme)


@pytest.mark.parametrize("name", list(LOSSES)[:10])
def test_the_image_in_words_is_the_symbol_in_its_colour(name: str) -> None:
    look = looks_of([name], "light")[name]
    assert look.image.startswith("![](data:image/svg+xml,")
    picture = ElementTree.fromstring(unquote(look.image.split(",", 1)[1][:-1]))
    assert picture.attrib["fill"] == look.colour and picture[0].attrib.get("points", "") == CORNERS.get(look.symbol, "")
    assert (
        look.faint
        == f"rgba({int(look.colour[1:3], 16)}, {int(look.colour[3:5], 16)}, {int(look.colour[5:], 16)}, 0.16)"
    )


def test_every_symbol_has_an_outline() -> None:
    assert {*CORNERS, "circle"} == set(palette.STRATEGY_SYMBOLS)

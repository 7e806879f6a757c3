"""A strategy looks the same wherever it is drawn, and no two of a comparison look alike."""

from __future__ import annotations

from collections.abc import Iterable
from urllib.parse import unquote
from xml.etree import ElementTree

import pytest

from core.losses import LOSSES
from core.miners import MINERS
from core.samplers import SAMPLERS
from dashboard import palette
from dashboard.figures.strategy_looks import CORNERS, looks_of


@pytest.mark.parametrize("family", [MINERS, LOSSES, SAMPLERS, [f"{share:.2f}" for share in range(40)]])
def test_no_two_strategies_look_alike(family: Iterable[str]) -> None:
    looks = looks_of(list(family), "light")
    assert len(set(looks.values())) == len(looks)
    assert len({look.colour for look in looks.values()}) == min(len(looks), 10), "colours repeat once all are taken"


def test_a_miner_has_one_colour_in_all_comparisons() -> None:
    two, four = (looks_of(names, "dark") for names in (["random", "semi-hard"], list(MINERS)[:4]))
    assert two["random"] == four["random"] and two["semi-hard"] == four["semi-hard"]


def test_one_that_is_added_last_changes_no_other() -> None:
    names = ["0.2", "semi-hard", "0.5", *LOSSES]
    for size in range(1, len(names)):
        assert looks_of(names, "light") | looks_of(names[:size], "light") == looks_of(names, "light")


def test_who_comes_second_to_a_colour_takes_a_free_one() -> None:
    first, other = "semi-hard", list(MINERS)[10]
    looks = looks_of([first, other], "light")
    assert looks[first] == looks_of([first], "light")[first]
    assert looks[other].colour != looks[first].colour


def test_themes_differ_by_colour_alone() -> None:
    light, dark = (looks_of(list(LOSSES), theme) for theme in ("light", "dark"))
    assert all(light[name][1:] == dark[name][1:] and light[name] != dark[name] for name in LOSSES)


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

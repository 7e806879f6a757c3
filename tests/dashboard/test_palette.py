"""Colours that mean something stand out from the ground, and never speak alone."""

from __future__ import annotations

import tomllib
from itertools import combinations

import pytest

from core.thresholds.doddington import NAMES
from dashboard import palette
from dashboard.palette import Theme
from tests.dashboard.colour_vision import apart
from tests.imports import ROOT

CONFIG = tomllib.loads((ROOT / ".streamlit" / "config.toml").read_text())
MEANINGFUL = [
    (theme, name, colour)
    for theme in ("light", "dark")
    for name, colour in [
        *palette.HARDNESS[theme].items(),
        *palette.ANIMALS[theme].items(),
        ("positive", palette.POSITIVE[theme]),
        ("negative", palette.NEGATIVE[theme]),
        ("accent", palette.ACCENT[theme]),
        ("muted", palette.MUTED[theme]),
        *(("strategy", colour) for colour in palette.STRATEGIES[theme]),
    ]
]


def luminance(colour: str) -> float:
    """Relative luminance of #RRGGBB after WCAG 2.2."""
    channels = [int(colour[start : start + 2], 16) / 255 for start in (1, 3, 5)]
    linear = [value / 12.92 if value <= 0.04045 else ((value + 0.055) / 1.055) ** 2.4 for value in channels]
    return sum(weight * value for weight, value in zip((0.2126, 0.7152, 0.0722), linear, strict=True))


@pytest.mark.parametrize(("theme", "name", "colour"), MEANINGFUL)
def test_contrast_with_the_ground_is_at_least_three(theme: Theme, name: str, colour: str) -> None:
    ground = luminance(CONFIG["theme"][theme]["backgroundColor"])
    lighter, darker = sorted((luminance(colour), ground), reverse=True)
    assert (lighter + 0.05) / (darker + 0.05) >= 3


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_hardness_and_kinds_of_pairs_are_told_apart_by_all_eyes(theme: Theme) -> None:
    kinds = palette.POSITIVE[theme], palette.NEGATIVE[theme]
    assert min(apart(*pair) for pair in (*combinations(palette.HARDNESS[theme].values(), 2), kinds)) >= 20


def test_every_hardness_has_a_shape_of_its_own() -> None:
    assert set(palette.SYMBOLS) == set(palette.HARDNESS["light"]) == set(palette.HARDNESS["dark"])
    assert len(set(palette.SYMBOLS.values())) == 3


def test_every_animal_has_a_colour_and_a_shape_of_its_own() -> None:
    names = set(NAMES.values())
    assert set(palette.ANIMAL_SYMBOLS) == set(palette.ANIMALS["light"]) == set(palette.ANIMALS["dark"]) == names
    for looks in (palette.ANIMAL_SYMBOLS, palette.ANIMALS["light"], palette.ANIMALS["dark"]):
        assert len(set(looks.values())) == 4


def test_strategies_are_told_apart_by_symbols_as_well() -> None:
    for looks in (*palette.STRATEGIES.values(), palette.STRATEGY_SYMBOLS, palette.STRATEGY_DASHES):
        assert len(set(looks)) == len(looks)
    assert len(palette.STRATEGIES["light"]) == len(palette.STRATEGIES["dark"]) == len(palette.STRATEGY_SYMBOLS)


def test_class_colours_repeat_beyond_ten() -> None:
    colours = palette.class_colours([0, 9, 10], "light")
    assert colours[0] == colours[2] != colours[1]

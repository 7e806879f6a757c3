"""Every colour and mark with a meaning, once; the same on every page.

Hardness: smallest difference between two of the three, in CIEDE2000, is 36 on white and 31 on the dark ground, for
normal vision, protanopia, deuteranopia and tritanopia alike; contrast with the ground is at least 3:1. Shape says it
again, since colour never speaks alone. Animals: a goat has the colour of genuine pairs, because these are refused, a
wolf or lamb that of impostor pairs; the smallest difference between two of the four is 19 on white and 20 on the dark
ground.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Literal

from core.thresholds.doddington import NAMES

Theme = Literal["light", "dark"]

HARDNESS: Mapping[Theme, Mapping[str, str]] = MappingProxyType(
    {
        "light": {"easy": "#0090D9", "semi-hard": "#CC8100", "hard": "#590034"},
        "dark": {"easy": "#B2D9FF", "semi-hard": "#FFE74D", "hard": "#D95777"},
    }
)
SYMBOLS = MappingProxyType({"easy": "circle", "semi-hard": "diamond", "hard": "triangle-up"})

POSITIVE: Mapping[Theme, str] = MappingProxyType({"light": "#0068C9", "dark": "#83C9FF"})
NEGATIVE: Mapping[Theme, str] = MappingProxyType({"light": "#B35900", "dark": "#FFB35C"})
ACCENT: Mapping[Theme, str] = MappingProxyType({"light": "#0F766E", "dark": "#5EC4B6"})
MUTED: Mapping[Theme, str] = MappingProxyType({"light": "#8A8F98", "dark": "#8F949C"})
# Numbers from low to high: darker on white, lighter on the dark ground, for every kind of colour vision.
SCALE: Mapping[Theme, tuple[str, str]] = MappingProxyType(
    {"light": ("#7A90AE", "#0B1F3A"), "dark": ("#5F7391", "#F7F3E8")}
)
# Around words that stand on points.
RIM: Mapping[Theme, str] = MappingProxyType({"light": "rgba(255, 255, 255, 0.75)", "dark": "rgba(20, 20, 20, 0.7)"})
# The ground of a page (.streamlit/config.toml), for a colour that is to say nothing.
PAPER: Mapping[Theme, str] = MappingProxyType({"light": "#FFFFFF", "dark": "#171614"})
INK: Mapping[Theme, str] = MappingProxyType({"light": "#262730", "dark": "#F2F2F2"})

ANIMALS: Mapping[Theme, Mapping[str, str]] = MappingProxyType(
    {
        theme: {
            NAMES[False, False]: MUTED[theme],
            NAMES[True, False]: POSITIVE[theme],
            NAMES[False, True]: NEGATIVE[theme],
            NAMES[True, True]: INK[theme],
        }
        for theme in ("light", "dark")
    }
)
ANIMAL_SYMBOLS = MappingProxyType(
    {
        NAMES[False, False]: "circle",
        NAMES[True, False]: "triangle-up",
        NAMES[False, True]: "diamond",
        NAMES[True, True]: "star",
    }
)

CLASSES: Mapping[Theme, tuple[str, ...]] = MappingProxyType(
    {
        "light": (
            "#4477AA", "#EE6677", "#228833", "#B8A000", "#3AA7D8",
            "#AA3377", "#7F7F7F", "#E07B00", "#5B3FA8", "#00796B",
        ),
        "dark": (
            "#77AADD", "#FF8FA0", "#66C27A", "#DDCC77", "#88CCEE",
            "#DD88BB", "#BBBBBB", "#FFB066", "#AA99EE", "#44BBAA",
        ),
    }
)  # fmt: skip

# Lines of strategies, of which each is told from the next without its colour by its dash and its symbol, too.
STRATEGIES: Mapping[Theme, tuple[str, ...]] = MappingProxyType(
    {
        "light": (
            "#4477AA", "#D6455B", "#228833", "#947F00", "#1F8FC2",
            "#AA3377", "#6F6F6F", "#C96A00", "#5B3FA8", "#00796B",
        ),
        "dark": CLASSES["dark"],
    }
)  # fmt: skip
STRATEGY_DASHES = ("solid", "dash", "dot", "dashdot", "longdash", "longdashdot")
STRATEGY_SYMBOLS = (
    "circle", "diamond", "square", "triangle-up", "triangle-down",
    "cross", "x", "star", "pentagon", "hexagram",
)  # fmt: skip


def class_colours(labels: list[int], theme: Theme) -> list[str]:
    """One colour per label; beyond ten classes the colours repeat, and the names on the map tell classes apart."""
    colours = CLASSES[theme]
    return [colours[label % len(colours)] for label in labels]

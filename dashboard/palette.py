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

from core.handover import colours
from core.handover.colours import Theme
from core.thresholds.doddington import NAMES

HARDNESS: Mapping[Theme, Mapping[str, str]] = MappingProxyType(
    {
        "light": {"easy": "#0090D9", "semi-hard": "#CC8100", "hard": "#590034"},
        "dark": {"easy": "#B2D9FF", "semi-hard": "#FFE74D", "hard": "#D95777"},
    }
)
SYMBOLS = MappingProxyType({"easy": "circle", "semi-hard": "diamond", "hard": "triangle-up"})

# Those of figures that are taken home, too.
POSITIVE, NEGATIVE, MUTED = colours.POSITIVE, colours.NEGATIVE, colours.MUTED
PAPER, INK, CLASSES = colours.PAPER, colours.INK, colours.CLASSES
STRATEGIES, STRATEGY_DASHES = colours.STRATEGIES, colours.STRATEGY_DASHES
STRATEGY_SYMBOLS = colours.STRATEGY_SYMBOLS
ACCENT: Mapping[Theme, str] = MappingProxyType({"light": "#0F766E", "dark": "#5EC4B6"})
# Numbers from low to high: darker on white, lighter on the dark ground, for every kind of colour vision.
SCALE: Mapping[Theme, tuple[str, str]] = MappingProxyType(
    {"light": ("#7A90AE", "#0B1F3A"), "dark": ("#5F7391", "#F7F3E8")}
)
# Around words that stand on points.
RIM: Mapping[Theme, str] = MappingProxyType({"light": "rgba(255, 255, 255, 0.75)", "dark": "rgba(20, 20, 20, 0.7)"})

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


def class_colours(labels: list[int], theme: Theme) -> list[str]:
    """One colour per label; beyond ten classes the colours repeat, and the names on the map tell classes apart."""
    colours = CLASSES[theme]
    return [colours[label % len(colours)] for label in labels]

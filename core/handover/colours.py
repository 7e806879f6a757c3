"""The colours of figures to take home, the same as on the pages, on a light ground and on a dark one."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Literal

Theme = Literal["light", "dark"]

POSITIVE: Mapping[Theme, str] = MappingProxyType({"light": "#0068C9", "dark": "#83C9FF"})
NEGATIVE: Mapping[Theme, str] = MappingProxyType({"light": "#B35900", "dark": "#FFB35C"})
MUTED: Mapping[Theme, str] = MappingProxyType({"light": "#8A8F98", "dark": "#8F949C"})
# The ground of a page (.streamlit/config.toml), for a colour that is to say nothing.
PAPER: Mapping[Theme, str] = MappingProxyType({"light": "#FFFFFF", "dark": "#171614"})
INK: Mapping[Theme, str] = MappingProxyType({"light": "#262730", "dark": "#F2F2F2"})

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

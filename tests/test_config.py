"""What the Streamlit configuration promises; some of its keys are hidden, and a release may drop them."""

from __future__ import annotations

import re
import tomllib
from typing import Any

import pytest
from streamlit import config

from tests.imports import ROOT

SHIPPED = tomllib.loads((ROOT / ".streamlit" / "config.toml").read_text())


def keys_of(table: dict[str, Any], prefix: str = "") -> dict[str, object]:
    keys: dict[str, object] = {}
    for name, value in table.items():
        keys |= keys_of(value, f"{prefix}{name}.") if isinstance(value, dict) else {f"{prefix}{name}": value}
    return keys


@pytest.mark.parametrize("key", keys_of(SHIPPED))
def test_streamlit_knows_every_key(key: str) -> None:
    assert key in config.get_config_options()


def test_the_dashboard_listens_on_this_machine_only() -> None:
    assert SHIPPED["server"]["address"] == "127.0.0.1"


def test_a_rerun_does_not_collect_all_garbage() -> None:
    assert SHIPPED["runner"]["postScriptGC"] is False


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("colour", ["textColor", "linkColor", "primaryColor"])
def test_text_and_accent_stand_out_from_their_ground(theme: str, colour: str) -> None:
    shown = SHIPPED["theme"][theme]
    least = 3.0 if colour == "primaryColor" else 4.5  # WCAG 2.2: 3 for controls (1.4.11), 4.5 for text (1.4.3)
    for ground in ("backgroundColor", "secondaryBackgroundColor"):
        assert contrast(shown[colour], shown[ground]) >= least


def contrast(first: str, second: str) -> float:
    """The WCAG 2.2 contrast ratio of two #RRGGBB colours, from 1 to 21."""
    bright, dark = sorted((luminance(first), luminance(second)), reverse=True)
    return (bright + 0.05) / (dark + 0.05)


def luminance(colour: str) -> float:
    channels = [int(colour[start : start + 2], 16) / 255 for start in (1, 3, 5)]
    linear = [value / 12.92 if value <= 0.04045 else ((value + 0.055) / 1.055) ** 2.4 for value in channels]
    return sum(weight * value for weight, value in zip((0.2126, 0.7152, 0.0722), linear, strict=True))


def test_figures_and_pages_are_laid_out_for_the_font_of_the_theme() -> None:
    scale = (ROOT / "dashboard/components/figure/scale.js").read_text()
    style = (ROOT / "dashboard/pages.css").read_text()
    size = SHIPPED["theme"]["baseFontSize"]
    assert f"const LAID_OUT_FOR = {size}\n" in scale and f"clamp({size}px, " in style


def test_no_rule_for_every_window_has_the_browser_look_through_the_page() -> None:
    """A rule with :has() does at each change of the page; one for narrow windows is not looked at in others."""
    for path in sorted((ROOT / "dashboard").rglob("*.css")):
        text = re.sub(r"/\*.*?\*/", "", path.read_text(), flags=re.DOTALL)
        outside = re.sub(r"@media[^{]*\{(?:[^{}]*\{[^{}]*\})*\s*\}", "", text)
        assert "@media" not in outside and ":has(" not in outside, path.name

"""Figures that are taken home have the colours of the pages."""

from __future__ import annotations

import re

from core.handover import colours
from dashboard import palette


def test_pages_and_figures_have_the_same_and_no_two_are_alike() -> None:
    for name in ("POSITIVE", "NEGATIVE", "MUTED", "PAPER", "INK", "CLASSES"):
        assert getattr(palette, name) is getattr(colours, name)
    lights = [of["light"] for of in (colours.POSITIVE, colours.NEGATIVE, colours.MUTED, colours.PAPER, colours.INK)]
    lights += colours.CLASSES["light"]
    assert len({one.lower() for one in lights}) == 15 and all(re.fullmatch("#[0-9A-F]{6}", one) for one in lights)

"""Settings in words: their values, and what stands in place of which."""

from __future__ import annotations

from typing import Any

from core.experiment.setting_changes import Difference
from dashboard.core_words import named, value_named
from dashboard.wording import joined, say


def spoken(value: Any) -> str:
    """A value as the menus and fields show it."""
    if isinstance(value, bool):
        return value_named(value)
    return named(value.replace("-", " ")) if isinstance(value, str) else f"{value:g}"


def titled(difference: Difference) -> str:
    """The setting with a capital, behind its family where that has more than one member."""
    title = joined("things", map(named, difference.title.split(", ")))
    return title[0].upper() + title[1:]


def moves_in_words(shift: int, mirror: bool) -> list[str]:
    """What the schedule does to images, by up to so many pixels and whether half of them are mirrored."""
    moved = [say("train.examples.moved", pixels=shift)] if shift else []
    return [*moved, *([say("train.examples.mirrored")] if mirror else [])]

"""What is sent to the playground in the browser, and what comes back; tests/browser looks at it there."""

from __future__ import annotations

from dashboard import palette
from dashboard.components.loss_playground import PARTS, SWITCHES, THEMES, Told, _colours, _words


def test_told_texts_are_those_of_an_address() -> None:
    told = Told("triplet", "plane", "a0_0", "margin-1", "", value=0.5, active=1, count=2)
    assert told.state == {"space": "plane", "points": "a0_0", "values": "margin-1", "parts": ""}


def test_words_are_of_every_kind_that_the_browser_asks_for() -> None:
    words = _words()
    assert set(words["hardness"]) == set(words["kind"]) == {"hard", "semi-hard", "easy"}
    assert set(words["toggle"]) == set(words["toggle_help"]) == set(SWITCHES) and set(words["part"]) == set(PARTS)
    assert "{far}" in words["hardness"]["hard"], "filled in there"


def test_colours_are_those_of_the_palette() -> None:
    for theme in THEMES:
        assert _colours(theme)["hardness"] == dict(palette.HARDNESS[theme])

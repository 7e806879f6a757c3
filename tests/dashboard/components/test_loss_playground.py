"""What is sent to the playground in the browser, and what comes back; tests/browser looks at it there."""

from __future__ import annotations

import re

from dashboard import palette
from dashboard.components.loss_playground import IN_FORMULAS, PARTS, SWITCHES, THEMES, Told, _colours, _words
from dashboard.wording import speaking
from tests.imports import ROOT


def test_told_texts_are_those_of_an_address() -> None:
    told = Told("triplet", "plane", "a0_0", "margin-1", "", value=0.5, active=1, count=2)
    assert told.state == {"space": "plane", "points": "a0_0", "values": "margin-1", "parts": ""}


def test_words_are_of_every_kind_that_the_browser_asks_for() -> None:
    words = _words()
    assert set(words["hardness"]) == set(words["kind"]) == {"hard", "semi-hard", "easy"}
    assert set(words["toggle"]) == set(words["toggle_help"]) == set(SWITCHES) and set(words["part"]) == set(PARTS)
    assert "{far}" in words["hardness"]["hard"], "filled in there"


def test_words_of_formulas_are_those_of_the_scripts_in_the_language_of_the_reader() -> None:
    scripts = (ROOT / "dashboard" / "components" / "playground").glob("*.js")
    written = [text for script in scripts for text in re.findall(r"\\text\{([^}]*)\}", script.read_text())]
    assert {text.strip() for text in written} == set(IN_FORMULAS)
    assert _words()["in_formulas"] == {word: word for word in IN_FORMULAS}
    with speaking("zh"):
        assert _words()["in_formulas"]["with"] == "其中"


def test_colours_are_those_of_the_palette() -> None:
    for theme in THEMES:
        assert _colours(theme)["hardness"] == dict(palette.HARDNESS[theme])

"""What the controls of Explore say, and what a click does."""

from __future__ import annotations

import pytest

from dashboard.explore import controls
from dashboard.lookups.point_colours import OF_NEIGHBOURS, offered
from dashboard.settings import QUERY
from tests.dashboard.pages import opened


@pytest.fixture
def name(run: object, own_store: None) -> str:
    return run.folder.name


def test_every_colour_has_a_name_and_a_key(name: str) -> None:
    for by in offered(name, 3):
        told = controls.key_in_words(by, is_known=True, classes=10)
        assert controls.colour_in_words(by) and told.startswith(("Colour", "Circle"))
    assert controls.colour_in_words("column:session") == "session"
    assert controls.key_in_words("column:session", is_known=True, classes=40) == "Colour: session."


def test_a_colour_that_is_not_known_yet_says_so() -> None:
    for by in OF_NEIGHBOURS:
        assert "once all points are compared" in controls.key_in_words(by, is_known=False, classes=10)


def test_what_a_search_has_found_is_counted(name: str) -> None:
    assert controls.found_in_words(name, "row 117") == "The search finds 1 point; all others step back."
    assert controls.found_in_words(name, " nobody ") == (
        "No class and no point is called “nobody”, or has it in its name."
    )


def test_longer_names_are_counted_where_one_is_called_exactly_so(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(controls.point_maps, "left_aside", lambda name, words: 12)
    assert controls.found_in_words(name, "7").endswith(
        "step back. Called exactly so; 12 more have it in a longer name."
    )


def test_many_classes_share_colours_and_the_key_says_so() -> None:
    told = controls.key_in_words("class", is_known=True, classes=40)
    assert told == "Colour: the class. 40 classes share 10 colours: point at one to read its name."


def test_a_click_keeps_the_query_in_the_address(monkeypatch: pytest.MonkeyPatch) -> None:
    kept: list[int] = []
    monkeypatch.setattr(type(QUERY), "keep", lambda setting, value: kept.append(value))
    controls.make_query(17)
    assert kept == [17]


def test_controls_show_what_the_address_asks_for(name: str) -> None:
    app = opened("explore", run=name, epoch="1", query="17", colour="hubs", search="7")
    assert app.select_slider[0].value == "1" and app.number_input[0].value == 17
    assert app.selectbox(key="colour").value == "hubs" and app.text_input(key="search").value == "7"

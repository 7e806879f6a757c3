"""The drawer of words on every page: by its button, by the address, and what it shows."""

from __future__ import annotations

import re
from html import escape

import pytest
from streamlit.testing.v1 import AppTest

from dashboard.glossary.entries import entry
from dashboard.glossary.panel import CHOICE, card, listed
from dashboard.glossary.terms import TERMS, of_page
from dashboard.wording import ENGLISH, catalogue, speaking
from tests.dashboard.pages import notes, opened

VIEWS = [key.split(".")[1] for key in catalogue(ENGLISH) if key.startswith("pages.") and key.endswith(".icon")]

pytestmark = pytest.mark.usefixtures("empty_store")


def drawn(app: AppTest) -> str:
    """The HTML of the drawer."""
    return "".join(
        one.proto.body for one in app.get("html") if "word-" in one.proto.body and "<style>" not in one.proto.body
    )


@pytest.mark.parametrize("page", VIEWS)
def test_every_page_has_its_words_behind_a_button(page: str) -> None:
    app = opened(page)
    assert not drawn(app)
    app.button(key="words.button").click().run()
    assert not app.exception
    shown = drawn(app)
    names = [term.name for terms in of_page(page).values() for term in terms]
    assert "word-card" not in shown and shown.count("<li>") == len(names) > 2
    assert all(escape(entry(name).sentence) in shown for name in names)


@pytest.mark.parametrize("page", VIEWS)
@pytest.mark.parametrize("lang", ["en", "zh"])
def test_an_address_opens_a_word_on_any_page(page: str, lang: str) -> None:
    shown = drawn(opened(page, word="semi-hard", lang=lang))
    with speaking(lang):
        assert f"<h3>{entry('semi_hard').name}</h3>" in shown and entry("semi_hard").sentence in shown


@pytest.mark.parametrize("asked", ["Semi-Hard", "semi_hard", " semi hard "])
def test_an_address_may_be_written_as_one_says_the_word(asked: str) -> None:
    assert "<h3>Semi-hard triplet</h3>" in drawn(opened("mine", word=asked))


def test_a_word_that_is_none_falls_back_with_a_note() -> None:
    app = opened("mine", word="flux")
    assert not drawn(app)
    assert notes(app) == [
        "The address asks for the word “flux”, which is no such word. Shown instead: the page without a word."
    ]


def test_a_choice_in_the_search_opens_a_word_and_empties_the_field() -> None:
    app = opened("mine")
    app.button(key="words.button").click().run()
    app.selectbox(key=CHOICE).set_value("eer").run()
    assert not app.exception and "<h3>EER</h3>" in drawn(app) and app.session_state[CHOICE] is None
    assert app.session_state["url.kept"]["word"] == "eer"


def test_the_search_finds_a_word_by_all_its_names() -> None:
    app = opened("mine", word="far")
    assert "FAR · false accept rate" in app.selectbox(key=CHOICE).options
    assert len(app.selectbox(key=CHOICE).options) == len(TERMS)


def test_a_card_has_a_named_picture_and_leads_on_with_what_the_address_says() -> None:
    app = opened("mine", word="margin", run="digits-semi-hard", margin="0.3")
    shown = drawn(app)
    (picture,) = re.findall(r'<article[^>]*><img src="([^"]*)" alt="([^"]*)"', shown)
    assert picture[0].endswith("/light/margin.svg") and "Margin" in picture[1]
    (leads,) = re.findall(r'<a href="([^"]*)">Triplet</a>', shown.partition("</article>")[0])
    assert {"word=triplet", "margin=0.3", "run=digits-semi-hard"} <= set(re.split(r"\?|&amp;", leads))


def test_what_is_written_is_no_html() -> None:
    assert card(entry("unit_length"), "dark").count("<h3>") == 1
    assert listed("mine", "dark").count("/dark/") == listed("mine", "light").count("/light/")

"""Terms in a text become links that keep what the address says."""

from __future__ import annotations

import re
import unicodedata

import pytest
from streamlit.testing.v1 import AppTest

from dashboard.glossary.marks import linked
from dashboard.wording import catalogue, languages, speaking


def marked() -> None:
    import streamlit as st

    from dashboard.glossary.marks import linked

    st.markdown(linked("A **triplet** has an *anchor*, and the anchor has a margin. Nothing hard."))
    st.markdown(linked("Nothing of the kind."))


def test_each_term_is_a_link_once_and_the_rest_of_the_text_stays() -> None:
    app = AppTest.from_function(marked)
    app.query_params["run"] = "a b"
    text, without = (one.value for one in app.run().markdown)
    assert not app.exception and without == "Nothing of the kind."
    assert "[**triplet**](?run=a+b&word=triplet) has" in text
    assert "[*anchor*](?run=a+b&word=anchor), and the anchor" in text
    assert text.count("](") == 3 and text.endswith("Nothing hard.")


def unread_stars(text: str) -> list[str]:
    """The stars of a text that are no emphasis by the rules of CommonMark for what stands beside them."""
    unread: list[str] = []
    for found in re.finditer(r"\*+", text):
        before, after = text[found.start() - 1 : found.start()] or " ", text[found.end() : found.end() + 1] or " "
        is_letter = [not one.isspace() and unicodedata.category(one)[0] not in "PS" for one in (before, after)]
        opens = not after.isspace() and (is_letter[1] or not is_letter[0])
        closes = not before.isspace() and (is_letter[0] or not is_letter[1])
        if closes and unread and unread[-1] == found[0]:
            unread.pop()
        elif opens or closes:
            unread.append(found[0])
    return unread


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("一个**三元组**是", "一个[**三元组**](?word=triplet)是"),
        ("**三元组损失**要求", "[**三元组损失**](?word=triplet-loss)要求"),
        ("点上的**三元组甲**：", "点上的[**三元组**](?word=triplet)**甲**："),
        ("点上的**甲三元组**要", "点上的**甲**[**三元组**](?word=triplet)要"),
    ],
)
def test_stars_beside_a_term_come_into_its_link(text: str, told: str) -> None:
    assert marked_in("zh", text) == told and not unread_stars(told)
    assert unread_stars("一个**[三元组](?word=triplet)**是") == ["**"] * 2


@pytest.mark.parametrize("spoken", languages())
def test_no_text_of_a_lesson_shows_its_stars(spoken: str) -> None:
    texts = {key: text for key, text in catalogue(spoken).items() if key.startswith("lessons.") and "*" in text}
    assert len(texts) > 20
    assert not {key: told for key, text in texts.items() if unread_stars(told := marked_in(spoken, text))}


def marked_in(spoken: str, text: str) -> str:
    """A text with its terms as links, in an address that says nothing."""
    with speaking(spoken):
        return linked(text)

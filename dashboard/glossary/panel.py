"""The drawer of words beside a page: those of the page with picture and sentence, and one of all of them open."""

from __future__ import annotations

from html import escape

import streamlit as st

from dashboard.components.word_links import follow_words
from dashboard.glossary.entries import Entry, entries, entry
from dashboard.glossary.terms import TERMS, of_page
from dashboard.palette import Theme
from dashboard.runs import state
from dashboard.settings import WORD
from dashboard.wording import joined, say

OPEN, CHOICE = "words.open", "words.choice"
WIDTH = 480


def offer(page: str) -> None:
    """A button for the bar of pages, and the drawer where the button or the address asks for it."""
    WORD.value("", TERMS, say("address.note.no_such", kind=say("address.kind.word")), say("glossary.list.none"))
    _bar(page)


@st.fragment
def _bar(page: str) -> None:
    """Drawn by itself, so that no page is drawn again because a word is looked up."""
    with st.container(key="words", width="content"):
        label, hint = say("glossary.list.button"), say("glossary.list.hint")
        st.button(label, icon=":material/menu_book:", key="words.button", type="tertiary", help=hint, on_click=_open)
    follow_words(_choose, key="word.links.page", inside=False)
    if _chosen() or st.session_state.get(OPEN):
        title = say("glossary.list.title")
        st.dialog(title, width=WIDTH, position="right", icon=":material/menu_book:", on_dismiss=_close)(_drawer)(page)


def _drawer(page: str) -> None:
    """The search, the word that is open, and the words of the page."""
    all_entries = {one.term: one for one in entries()}
    st.selectbox(
        say("glossary.list.search", count=len(all_entries)),
        list(all_entries),
        None,
        key=CHOICE,
        format_func=lambda term: " · ".join(all_entries[term].forms),
        placeholder=say("glossary.list.search", count=len(all_entries)),
        label_visibility="collapsed",
        on_change=_take_choice,
    )
    theme, word = state.theme(), _chosen()
    if word:
        st.html(card(entry(word), theme))
    st.html(listed(page, theme))
    follow_words(_choose, key="word.links.drawer", inside=True, word=word)


def card(shown: Entry, theme: Theme) -> str:
    """One word in full."""
    related = joined("things", [_link(entry(other)) for other in TERMS[shown.term].related])
    others = f'<p class="word-others">{escape(joined("things", shown.others))}</p>' if shown.others else ""
    return (
        f'<article class="word-card" data-word="{shown.term}">{_image(shown, theme)}'
        f"<h3>{escape(shown.name)}</h3>{others}<p>{escape(shown.sentence)}</p>"
        f'<p class="word-others">{say("glossary.list.related", words=related)}</p></article>'
    )


def listed(page: str, theme: Theme) -> str:
    """The words of a page in their parts."""
    parts = [f"<h3>{escape(say('glossary.list.here'))}</h3>"]
    for part, terms in of_page(page).items():
        lines = [
            f"<li>{_image(one, theme)}<div>{_link(one)}<br>{escape(one.sentence)}</div></li>"
            for one in (entry(term.name) for term in terms)
        ]
        parts.append(f"<h4>{escape(say(f'glossary.part.{part}'))}</h4><ul>{''.join(lines)}</ul>")
    return f'<section class="word-list">{"".join(parts)}</section>'


def _image(shown: Entry, theme: Theme) -> str:
    return f'<img src="{shown.picture(theme)}" alt="{escape(shown.alt)}" loading="lazy" width="160" height="100">'


def _link(shown: Entry) -> str:
    return f'<a href="{escape(WORD.link(shown.term))}">{escape(shown.name)}</a>'


def _chosen() -> str:
    """The word that the address names; what is none has a note already."""
    asked = WORD.read(WORD.text) if WORD.text is not None else ""
    return asked if asked in TERMS else ""


def _open() -> None:
    st.session_state[OPEN] = True


def _choose(asked: str) -> None:
    if (word := WORD.read(asked)) in TERMS:
        st.session_state[OPEN] = True
        WORD.keep(word)


def _take_choice() -> None:
    if chosen := st.session_state[CHOICE]:
        _choose(chosen)
    st.session_state[CHOICE] = None


def _close() -> None:
    st.session_state[OPEN] = False
    WORD.keep(None)

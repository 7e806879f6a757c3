"""What looks suspicious: label errors, duplicates, hubs and outliers, each list with reasons; a click asks."""

from __future__ import annotations

from typing import NamedTuple

import streamlit as st

from dashboard.components import scroll
from dashboard.explore import query_panel
from dashboard.explore.controls import make_query
from dashboard.lookups import neighbourhoods, point_images, runs, suspect_lists
from dashboard.markdown import plain
from dashboard.settings import SUSPECTS
from dashboard.wording import count, joined, say

KINDS = ("label-errors", "duplicates", "hubs", "outliers")
AT_ONCE, ACROSS = 8, 4


class Card(NamedTuple):
    """A suspect: the rows of its points, and why it is one."""

    rows: tuple[int, ...]
    reason: str


def show(name: str, step: int) -> None:
    """Draw the list that is chosen, or say that it is being looked for."""
    kind = st.segmented_control(
        say("explore.suspects.label"),
        KINDS,
        required=True,
        format_func=_title,
        label_visibility="collapsed",
        **SUSPECTS.widget(SUSPECTS.among(KINDS, shown=_title)),
    )
    if neighbourhoods.found(name, step) is None:
        st.caption(say("explore.suspects.waiting"))
        return
    cards, notes = LISTS[kind](name, step)
    st.caption(joined("sentences", notes))
    if not cards:
        st.caption(say(f"explore.suspects.none.{kind.replace('-', '_')}"))
        return
    key = f"explore.more.{name}.{kind}"
    shown = st.session_state.get(key, AT_ONCE)
    with st.container(key="explore-suspects"):
        for start in range(0, min(shown, len(cards)), ACROSS):
            for column, card in zip(st.columns(ACROSS, gap="small"), cards[start : start + ACROSS], strict=False):
                with column:
                    _card(name, card, f"{kind}.{start}")
    if len(cards) > shown:
        label = say("explore.suspects.more", more=min(AT_ONCE, len(cards) - shown), number=len(cards))
        st.button(label, key=f"{key}.button", type="tertiary", on_click=_show_more, args=(key, shown))


def _title(kind: str) -> str:
    return say(f"explore.suspects.title.{kind.replace('-', '_')}")


def _card(name: str, card: Card, key: str) -> None:
    called = runs.point_names(name)
    with st.container(border=True, gap="xxsmall"):
        if image := point_images.image(name, *card.rows):
            with st.container(width="content", key=f"explore-card-{len(card.rows)}-{key}-{card.rows[0]}"):
                st.image(image, width="stretch", alt=" | ".join(called[row] for row in card.rows))
        st.caption(card.reason)
        with st.container(horizontal=True, gap="xxsmall"):
            for row in card.rows:
                st.button(
                    plain(called[row]),
                    key=f"explore.suspect.{key}.{card.rows[0]}.{row}",
                    icon=":material/search:",
                    help=say("explore.suspects.ask"),
                    type="tertiary",
                    on_click=_ask,
                    args=(row,),
                )


def _ask(row: int) -> None:
    """With this point: its answers stand further up, where a reader of the list does not see them."""
    make_query(row)
    scroll.bring_into_view(query_panel.KEY)


def _label_errors(name: str, step: int) -> tuple[list[Card], list[str]]:
    classes, labels = runs.class_names(name), runs.labels(name)
    cards = [
        Card(
            (one.row,),
            say(
                "explore.suspects.reason.label",
                own=plain(classes[labels[one.row]]),
                other=plain(classes[one.other]),
                doubt=one,
            ),
        )
        for one in suspect_lists.label_errors(name, step)
    ]
    planted = neighbourhoods.planted(name, step)
    notes = [count("explore.suspects.note.label", len(cards))]
    if planted is not None:
        swapped, base = 100 * neighbourhoods.SWAPPED, 100 * planted.base_rate
        notes.append(say("explore.suspects.note.planted", share=swapped, planted=planted, base=base))
    return cards, notes


def _duplicates(name: str, step: int) -> tuple[list[Card], list[str]]:
    pairs, classes, labels = suspect_lists.copies(name, step), runs.class_names(name), runs.labels(name)
    cards = []
    for one in pairs:
        how = say("explore.suspects.reason.equal" if one.is_exact else "explore.suspects.reason.near", apart=one.apart)
        first, second = (plain(classes[labels[row]]) for row in (one.first, one.second))
        key = "explore.suspects.reason.conflict" if one.is_conflict else "explore.suspects.reason.same"
        cards.append(Card((one.first, one.second), joined("sentences", [how, say(key, first=first, second=second)])))
    conflicts = sum(one.is_conflict for one in pairs)
    return cards, [say("explore.suspects.note.duplicates", number=len(pairs), conflicts=conflicts)]


def _hubs(name: str, step: int) -> tuple[list[Card], list[str]]:
    listed, skew, orphans = suspect_lists.hubs_of(name, step)
    k = suspect_lists.asked_neighbours(name, step)
    cards = [Card((one.row,), say("explore.suspects.reason.hub", hub=one, k=k)) for one in listed]
    return cards, [say("explore.suspects.note.hubs", number=len(cards), skew=skew, orphans=orphans)]


def _outliers(name: str, step: int) -> tuple[list[Card], list[str]]:
    listed, k = suspect_lists.outliers_of(name, step), suspect_lists.asked_neighbours(name, step)
    cards = [Card((one.row,), say("explore.suspects.reason.outlier", outlier=one, k=k)) for one in listed]
    return cards, [say("explore.suspects.note.outliers", number=len(cards), k=k)]


def _show_more(key: str, shown: int) -> None:
    st.session_state[key] = shown + AT_ONCE


LISTS = dict(zip(KINDS, (_label_errors, _duplicates, _hubs, _outliers), strict=True))

"""Which column of a set says who, where and when: what was recognised and why, what else it may be, and what a split
would have on both of its sides."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import streamlit as st

from core.admission.column_meaning import KNOWN, NONE
from core.datasets.admitted import DataCard
from dashboard.core_words import named
from dashboard.markdown import plain, table
from dashboard.wording import joined, say

ASKED = ("label", "group", "session", "time")
EXCHANGED = ("label", "group", "session")
LEAKS = ("identity", "group", "session", "copies")


def ask() -> None:
    """Fields for the names of columns, where they are called otherwise than is recognised."""
    with st.expander(say("data.roles.ask")):
        st.caption(say("data.roles.ask_help"))
        for place, role in zip(st.columns(len(ASKED), gap="small"), ASKED, strict=True):
            place.text_input(
                say(f"data.roles.role.{role}"),
                key=f"data.column.{role}",
                placeholder=KNOWN[role].split()[0],
                help=say("data.roles.recognised", names=joined("things", KNOWN[role].split())),
            )


def asked() -> dict[str, str]:
    """The columns that were named, by role."""
    typed = {role: str(st.session_state.get(f"data.column.{role}") or "").strip() for role in ASKED}
    return {role: column for role, column in typed.items() if column}


def show(card: DataCard, give: Callable[[str, dict[str, str]], None] | None) -> None:
    """What each role comes from, and a choice of others, which asks `give` for the set with them, where there is
    one."""
    st.caption(in_words(card))
    if leaks := card.found.get("leaks"):
        st.markdown(leaks_table(leaks))
        st.caption(say("data.roles.leaks_help"))
    there = [role for role, count in _counts(card).items() if count]
    if there == ["label"] or give is None:
        return
    with st.expander(say("data.roles.change")):
        chosen: dict[str, str] = {}
        for place, role in zip(st.columns(len(EXCHANGED), gap="small"), EXCHANGED, strict=True):
            offered = [*there, *([NONE] if role != "label" else [])]
            now = role if role in there else NONE
            chosen[role] = place.selectbox(
                say(f"data.roles.role.{role}"),
                offered,
                index=offered.index(now),
                format_func=lambda column: _column(card, column),
                key=f"data.role.{card.id}.{role}",
            )
        st.button(
            say("data.roles.give"),
            key="data.give",
            on_click=give,
            args=(card.id, chosen),
            disabled=all(column == (role if role in there else NONE) for role, column in chosen.items()),
        )


def in_words(card: DataCard) -> str:
    """A sentence for each role: which column it comes from, and how many values that has."""
    told = [
        say("data.roles.comes", role=say(f"data.roles.role.{role}"), column=_column(card, role), count=count)
        for role, count in _counts(card).items()
        if count
    ]
    if "time" in card.origin.get("columns", {}):
        told.append(say("data.roles.time", column=_column(card, "time")))
    missing = [say(f"data.roles.role.{role}").lower() for role, count in _counts(card).items() if not count]
    return joined("sentences", [*told, *([say("data.roles.none", roles=joined("things", missing))] if missing else [])])


def leaks_table(leaks: Mapping[str, Mapping[str, Any]]) -> str:
    """A row for each split: what of it is on both sides."""
    shown = [what for what in LEAKS if any(what in one for one in leaks.values())]
    head = [say("data.roles.split"), *(say(f"data.roles.leak.{what}") for what in shown)]
    rows = [[named(name.replace("-", " ")), *(_shared(one, what) for what in shown)] for name, one in leaks.items()]
    return table(head, rows)


def _shared(leaks: Mapping[str, Any], what: str) -> str:
    return f"{leaks[what]:,}" if what in leaks else "–"


def _counts(card: DataCard) -> dict[str, int]:
    return {
        "label": len(card.class_names),
        "group": len(card.group_names),
        "session": len(card.session_names),
    }


def _column(card: DataCard, role: str) -> str:
    """The column of a role as the file calls it; the role itself where it was made otherwise, as of folders."""
    if role == NONE:
        return say("data.roles.nothing")
    named = card.origin.get("columns", {}).get(role)
    return plain(str(named)) if named else say(f"data.roles.role.{role}").lower()

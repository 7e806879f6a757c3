"""One place above every page for notes on what an address asked for in vain."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from dashboard.markdown import plain
from dashboard.wording import say

AREA = "notices.area"


@dataclass
class Area:
    """The place, how all of its notes are closed, and the settings that they are about."""

    place: DeltaGenerator
    close: Callable[[list[str]], None]
    names: list[str] = field(default_factory=list)
    lines: DeltaGenerator | None = None


def begin(close: Callable[[list[str]], None]) -> None:
    """Make the place for the notes of this run of the page; `close` is told whose notes were read."""
    st.session_state[AREA] = Area(st.container(horizontal=True, gap="small", key="notices"), close)


def add(name: str, sentence: str) -> None:
    """Show a note, once for each name; one button closes all."""
    area: Area | None = st.session_state.get(AREA)
    if area is None or name in area.names:
        return
    area.names.append(name)
    if area.lines is None:
        with area.place:
            area.lines = st.container(gap=None, width="stretch")
            st.button(
                "",
                icon=":material/close:",
                key="notices.close",
                help=say("address.note.close"),
                type="tertiary",
                on_click=area.close,
                args=(area.names,),
            )
    area.lines.caption(f":material/info: {plain(sentence)}")

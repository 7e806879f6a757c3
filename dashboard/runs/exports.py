"""What is made beside a page to be taken home: begun by a button, watched, cancelled, downloaded."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import streamlit as st

from core.jobs.export_apart import cancel, standing
from dashboard.components.page_end import guarded
from dashboard.core_words import plain_words
from dashboard.markdown import plain
from dashboard.wording import say

LOOK_SECONDS = 1.0
REFUSED = "take_home.refused"
LOOKS = "take_home.looks"  # whether the part that watches an export is drawn again by itself


class Made(NamedTuple):
    """An export: its folder (`export_apart`), what begins it, what the browser is to call the zip, and what is said
    once it is there."""

    folder: Path
    begin: Callable[[], None]
    file_name: str
    done: str


def offer_made(made: Made) -> None:
    """The button that has it made, how far it is, and the download; one of them on a page."""
    looks = st.session_state[LOOKS] = bool(standing(made.folder).doing)
    st.fragment(guarded(_watch), run_every=LOOK_SECONDS if looks else None)(made)


def _watch(made: Made) -> None:
    """How the export stands, and what can be done about it."""
    stands = standing(made.folder)
    if bool(stands.doing) != st.session_state[LOOKS]:
        st.rerun()  # the whole page, which says whether this part looks again
    if stands.doing:
        with st.container(horizontal=True, vertical_alignment="center"):
            seconds = round(time.time() - stands.since)
            told = say("sections.take_home.doing", doing=plain(stands.doing), seconds=seconds)
            st.caption(f":material/hourglass_top: {told}")
            st.button(say("sections.take_home.cancel"), key="take_home.cancel", on_click=cancel, args=(made.folder,))
        st.caption(say("sections.take_home.slow"))
        return
    if problem := st.session_state.pop(REFUSED, "") or stands.problem:
        st.error(plain_words(problem))
    archive = stands.archive
    with st.container(horizontal=True, vertical_alignment="center"):
        if archive is not None:
            st.download_button(
                say("sections.take_home.download", size=_size(archive)),
                archive.read_bytes,
                file_name=made.file_name,
                mime="application/zip",
                icon=":material/download:",
                type="primary",
                on_click="ignore",
            )
        st.button(
            say("sections.take_home.make" if archive is None else "sections.take_home.again"),
            key="take_home.make",
            icon=":material/package_2:",
            on_click=_begin,
            args=(made,),
        )
    if archive is not None:
        st.caption(made.done)


def _begin(made: Made) -> None:
    try:
        made.begin()
    except ValueError as problem:
        st.session_state[REFUSED] = str(problem)


def _size(archive: Path) -> str:
    size = archive.stat().st_size
    return f"{size / 1e6:.1f} MB" if size >= 1e5 else f"{size / 1e3:.0f} kB"

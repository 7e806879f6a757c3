"""What a page is about: the run or the runs that are chosen and stand in its address, and the theme."""

from __future__ import annotations

from typing import Literal

import streamlit as st

from dashboard.lookups import runs
from dashboard.settings import RUN, RUNS


def choose_run(*, only_trained: bool = True) -> str:
    """The run that the page shows, chosen in a menu and kept in the address."""
    titles = runs.choosable(only_trained=only_trained)
    if not titles:
        st.info("No run has been kept yet. Start one on the Train page, or make the lessons: `python -m core record`.")
        st.stop()
    return st.selectbox(
        "Run",
        list(titles),
        format_func=lambda name: titles.get(name, name),
        label_visibility="collapsed",
        **RUN.widget(RUN.among(list(titles))),
    )


def choose_runs(label: str, most: int) -> list[str]:
    """Several runs, chosen in a menu and kept in the address; at first the recorded lessons."""
    titles = runs.choosable()
    known = [name for name in RUNS.value(runs.lessons()) if name in titles]
    return st.multiselect(
        label,
        list(titles),
        format_func=lambda name: titles.get(name, name),
        max_selections=most,
        placeholder="Choose two to four runs",
        label_visibility="collapsed",
        **RUNS.widget(known[:most]),
    )


def theme() -> Literal["light", "dark"]:
    """What the reader's browser shows."""
    return "dark" if st.context.theme.type == "dark" else "light"

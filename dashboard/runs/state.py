"""What a page is about: the run or the runs that are chosen and stand in its address, and the theme."""

from __future__ import annotations

from typing import Any, Literal

import streamlit as st

from dashboard.lookups import runs
from dashboard.settings import FRAME, RUN, RUNS


def choose_run(*, only_trained: bool = True) -> str:
    """The run that the page shows, chosen in a menu and kept in the address, which names the newest one at first.

    Empty where the address names one that this page cannot show: see refusal.py.
    """
    titles = runs.choosable(only_trained=only_trained)
    if not titles:
        st.info("No run has been kept yet. Start one on the Train page, or make the lessons: `python -m core record`.")
        st.stop()
    RUN.keep_in_place(next(iter(titles)))
    named = RUN.text
    chosen = named if named in titles else None
    shown = st.selectbox(
        "Run",
        list(titles),
        index=None if chosen is None else 0,
        format_func=lambda name: titles.get(name, name),
        placeholder="Choose a run",
        label_visibility="collapsed",
        **RUN.widget(chosen, without=(FRAME,)),
    )
    return shown or ""


def choose_runs(label: str, most: int) -> list[str]:
    """Several runs, chosen in a menu and kept in the address; at first the recorded lessons."""
    titles = runs.choosable()
    named = RUNS.value(runs.lessons())
    known = [name for name in dict.fromkeys(named) if name in titles]
    if gone := [name for name in named if name not in titles]:
        shown = ", ".join(titles[name] for name in known[:most]) or "nothing"
        RUNS.refuse(f"of which {', '.join(name[:40] for name in gone)} cannot be shown here", shown)
    elif len(known) > most:
        RUNS.refuse(f"which are more than {most}", ", ".join(titles[name] for name in known[:most]))
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


def fresh(what: str, value: Any) -> Any:
    """The value where it differs from the last time, otherwise None: what a reader did counts once."""
    before, st.session_state[what] = st.session_state.get(what), value
    return value if value != before else None

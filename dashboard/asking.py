"""A question about a label that dwarfs the others, with the two answers that change what is counted."""

from __future__ import annotations

from collections.abc import Callable

import streamlit as st

from core.brought.role_uploads import answered
from core.brought.uploads import keep
from core.engine import ensure_engine
from dashboard import cached, scored, state
from dashboard.plain import plain

PROBLEM, ONE = "asking.problem", "asking.answered"


def offer(name: str) -> None:
    """One question at a time, above what the run tells; as long as nobody answers, the label counts as one identity."""
    for asked in cached.run_of(name).result().get("questions", []):
        label = asked["label"]
        if (name, label) in st.session_state.get(ONE, set()):
            continue
        with st.container(horizontal=True, vertical_alignment="center", gap="small", border=True):
            st.caption(
                f":material/help: {plain(asked['question'][:1].upper() + asked['question'][1:])}.", width="stretch"
            )
            st.button("It does", key="asking.one", on_click=_keep, args=(name, label))
            st.button("Leave it out", key="asking.junk", on_click=_answer, args=(name, "junk", label))
            st.button(
                "Only strangers",
                key="asking.distractors",
                on_click=_answer,
                args=(name, "distractors", label),
                help="Distractors: never asked for and never right, but in the way.",
            )
        break
    if PROBLEM in st.session_state:
        st.error(plain(st.session_state.pop(PROBLEM)))


def offer_to_turn(name: str, turn: Callable[[str], None]) -> None:
    """That scores look turned round, and one click to read them the other way."""
    with st.container(horizontal=True, vertical_alignment="center", gap="small", border=True):
        st.caption(
            ":material/help: These scores look turned round: genuine pairs are further apart than impostors. Is the "
            f"{'smaller' if scored.is_similarity(name) else 'larger'} score the closer one?",
            width="stretch",
        )
        st.button("Turn them round", key="asking.turn", icon=":material/swap_vert:", on_click=turn, args=(name,))


def _keep(name: str, label: str) -> None:
    st.session_state[ONE] = {*st.session_state.get(ONE, ()), (name, label)}


def _answer(name: str, kind: str, label: str) -> None:
    try:
        row = keep(state.store(), answered(cached.run_of(name), **{kind: [label]}))
    except ValueError as problem:
        st.session_state[PROBLEM] = str(problem)
        return
    ensure_engine(state.store().root)
    st.query_params["run"] = row.id

"""What was started a second time: the same settings and seed are one run, so that one is played, and another seed
offered."""

from __future__ import annotations

from collections.abc import Callable

import streamlit as st

from core.experiment.experiment import Experiment
from core.runs.store import Row
from dashboard.lookups import runs
from dashboard.wording import say

REPEATED, COUNT = "repeated.run", "repeated.count"


def note(row: Row | None) -> None:
    """Remember that what is started now was there before, if it was; call it with the row of before."""
    is_there = row is not None and (row.state == "finished" or row.state in ("running", "queued"))
    st.session_state[REPEATED] = row.id if row is not None and is_there else ""
    st.session_state[COUNT] = st.session_state.get(COUNT, 0) + is_there


def replay_of(name: str) -> int:
    """How often this reader started something that was there, where this run is the last such one; otherwise 0."""
    return st.session_state.get(COUNT, 0) if st.session_state.get(REPEATED) == name else 0


def show(name: str, start: Callable[[Experiment], None]) -> None:
    """Say that the run was there, and offer its settings with the next seed that nobody has trained."""
    row = runs.row_of(name)
    if not replay_of(name) or row is None:
        return
    experiment = Experiment.from_described(row.experiment)
    seed = experiment.schedule.seed
    known = {"seed": seed, "day": row.ended_at[:10]}
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        st.caption(
            say("runs.repeated.finished" if row.state == "finished" else "runs.repeated.under_way", **known),
            width="content",
        )
        other = next_seed(experiment)
        st.button(
            say("runs.repeated.another", seed=other.schedule.seed),
            icon=":material/casino:",
            key="repeated.seed",
            on_click=start,
            args=(other,),
        )


def next_seed(experiment: Experiment) -> Experiment:
    """These settings with the first higher seed that the store does not have."""
    other = experiment
    while runs.row_of(other.run_id()) is not None:
        other = other.changed({"schedule": {"seed": other.schedule.seed + 1}})
    return other

"""Several mining strategies at once: the same experiment with each of them, started with one click and compared."""

from __future__ import annotations

import streamlit as st

from core.experiment.experiment import Experiment
from core.experiment.presets import PRESETS
from core.miners import MINERS
from dashboard.lookups import runs
from dashboard.markdown import plain
from dashboard.runs import submit
from dashboard.settings import RUNS
from dashboard.wording import count, say

USUAL = ("random", "semi-hard", "batch-hard", "distance-weighted")
BASES = [name for name, preset in PRESETS.items() if preset.experiment.miner == Experiment().miner]
MENU, BASE, CHOSEN, PROBLEM = (f"strategies.{what}" for what in ("menu", "base", "chosen", "problem"))


def offer(most: int) -> None:
    """The button, and behind it what is trained by which strategies."""
    button = say("compare.strategies.button")
    with st.popover(button, icon=":material/splitscreen_right:", key=MENU, on_change="rerun") as menu:
        if not menu.open:
            return
        base = st.selectbox(
            say("compare.strategies.base"), BASES, key=BASE, format_func=lambda name: PRESETS[name].title
        )
        st.caption(PRESETS[base].why)
        st.session_state.setdefault(CHOSEN, list(USUAL[:most]))
        chosen = st.multiselect(say("compare.strategies.chosen"), list(MINERS), key=CHOSEN, max_selections=most)
        planned = experiments(base, chosen)
        there = sum(runs.row_of(one.run_id()) is not None for one in planned)
        if there:
            st.caption(count("compare.strategies.there", there))
        st.button(
            count("compare.strategies.start", new) if (new := len(chosen) - there) else say("compare.strategies.show"),
            type="primary",
            icon=":material/play_arrow:",
            disabled=len(chosen) < 2,
            on_click=_start,
            args=(planned,),
        )
        if problem := st.session_state.pop(PROBLEM, ""):
            st.error(plain(problem))


def experiments(base: str, miners: list[str]) -> list[Experiment]:
    """The experiment of a preset with each of the miners, and all else the same."""
    return [PRESETS[base].experiment.changed({"miner": {"kind": miner}}) for miner in miners]


def _start(planned: list[Experiment]) -> None:
    try:
        names = [submit.ask_for(one).id for one in planned]
    except ValueError as problem:
        st.session_state[PROBLEM] = str(problem)
        return
    submit.keep_engine()
    st.session_state[MENU] = False
    RUNS.keep(names)

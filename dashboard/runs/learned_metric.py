"""The matrix that a linear head has learned, behind a button below the curves of its run."""

from __future__ import annotations

import streamlit as st

from core.encoders import Linear
from core.runs.run_folder import Run
from core.statistics.learned_metric import MOST_NUMBERS
from dashboard.components.live_figure import live_figure
from dashboard.figures.maps import in_words
from dashboard.lookups.learned_metric import learned_metric
from dashboard.runs import state
from dashboard.wording import joined, say

HEIGHT = 300


def show(name: str, run: Run) -> None:
    """The matrix after the last map, or why there is none; nothing where the encoder is not linear."""
    if run.record().experiment.get("encoder", {}).get("kind") != Linear.name or not (maps := run.maps()):
        return
    last = maps[-1]
    with st.popover(say("runs.metric.button"), icon=":material/grid_on:", width="content"):
        found = learned_metric(name, last.step, last.seconds, state.theme())
        if found is None:
            st.caption(say("runs.metric.too_large", most=MOST_NUMBERS))
            return
        live_figure(found.picture, key="running.metric", height=HEIGHT, alt=say("runs.metric.alt"))
        caption = say(
            "runs.metric.caption", numbers=found.numbers, moment=in_words(last.epoch), directions=found.directions
        )
        is_of_angles = run.experiment().encoder.normalise
        st.caption(joined("sentences", [caption, *([say("runs.metric.angles")] if is_of_angles else [])]))

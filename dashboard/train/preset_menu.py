"""The menu of presets, which says a preset only while the settings are that preset's."""

from __future__ import annotations

import streamlit as st

from core.experiment.presets import PRESETS
from dashboard.train.widget_state import ORIGIN, adopt, chosen_experiment
from dashboard.wording import say

KEY = "train.preset"


def show() -> None:
    """The menu; where the settings are nobody's it says so, and from which preset they come."""
    settings = chosen_experiment()
    named = next((name for name, preset in PRESETS.items() if preset.experiment == settings), None)
    st.session_state[KEY] = named
    if named:
        st.session_state[ORIGIN] = named
    origin = st.session_state.get(ORIGIN)
    st.selectbox(
        say("train.preset.menu"),
        list(PRESETS),
        index=0 if named else None,  # without a value nothing can be cleared
        key=KEY,
        format_func=lambda preset: PRESETS[preset].title,
        placeholder=say("train.preset.own_from", title=PRESETS[origin].title) if origin else say("train.preset.own"),
        on_change=_adopt,
        help="\n".join(f"- **{preset.title}**: {preset.why}" for preset in PRESETS.values()),
    )


def _adopt() -> None:
    chosen = st.session_state[KEY]
    if chosen:
        adopt(PRESETS[chosen].experiment, chosen)

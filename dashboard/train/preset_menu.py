"""The menu of presets, which says a preset only while the settings are that preset's."""

from __future__ import annotations

import streamlit as st

from core.experiment.presets import PRESETS
from dashboard.core_words import named, translated
from dashboard.train.widget_state import ORIGIN, adopt, chosen_experiment
from dashboard.wording import say

KEY = "train.preset"


def show() -> None:
    """The menu; where the settings are nobody's it says so, and from which preset they come."""
    settings = chosen_experiment()
    chosen = next((name for name, preset in PRESETS.items() if preset.experiment == settings), None)
    st.session_state[KEY] = chosen
    if chosen:
        st.session_state[ORIGIN] = chosen
    origin = st.session_state.get(ORIGIN)
    st.selectbox(
        say("train.preset.menu"),
        list(PRESETS),
        index=0 if chosen else None,  # without a value nothing can be cleared
        key=KEY,
        format_func=_title,
        placeholder=say("train.preset.own_from", title=_title(origin)) if origin else say("train.preset.own"),
        on_change=_adopt,
        help="\n".join(
            say("train.preset.why", title=_title(name), why=translated(preset.why)) for name, preset in PRESETS.items()
        ),
    )


def _title(name: str) -> str:
    return named(PRESETS[name].title)


def _adopt() -> None:
    chosen = st.session_state[KEY]
    if chosen:
        adopt(PRESETS[chosen].experiment, chosen)

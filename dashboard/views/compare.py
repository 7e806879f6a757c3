"""Compare: runs side by side on one scrub bar, and only what differs between them."""

import streamlit as st

from dashboard.compare import panel
from dashboard.runs import state

MOST_RUNS = 4

heading, menu = st.container(key="head").columns([1, 7], vertical_alignment="center")
heading.subheader("Compare", anchor=False)
with menu:
    chosen = state.choose_runs("Runs", MOST_RUNS)
if len(chosen) < 2:
    st.info("Choose at least two runs: trained ones, running ones or recorded lessons.", icon=":material/compare:")
else:
    panel.watch(tuple(chosen))

"""Compare: runs side by side on one scrub bar, and only what differs between them."""

import streamlit as st

from dashboard.compare import matrix, panel, strategies
from dashboard.runs import run_list, submit
from dashboard.wording import say

MOST_RUNS = 4

submit.wake_engine()
matrix.name_its_runs()
heading, menu, start = st.container(key="head").columns([1, 6, 1.2], vertical_alignment="center")
heading.subheader(say("pages.compare.name"), anchor=False)
with menu:
    chosen = run_list.choose_runs(MOST_RUNS)
with start:
    strategies.offer(MOST_RUNS)
matrix.show_chosen()
panel.watch(chosen)

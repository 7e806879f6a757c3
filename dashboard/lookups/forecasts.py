"""About when the runs that are at work and those that wait begin and end."""

from __future__ import annotations

import streamlit as st

from core.engine.overview import slots_of
from core.runs.forecast import Expected, forecast
from core.runs.states import ACTIVE
from dashboard.lookups import runs
from dashboard.lookups.estimates import estimates

HORIZON = 300  # runs that wait, from the first one
KEPT_SECONDS = 4


def expected() -> dict[str, Expected]:
    """By the ids of runs; of those that wait the first three hundred."""
    return _expected(str(runs.store().root))


@st.cache_data(ttl=KEPT_SECONDS, max_entries=4, show_spinner=False)
def _expected(root: str) -> dict[str, Expected]:
    store = runs.store()
    return forecast(estimates(), store.in_states(*ACTIVE), store.next_queued(HORIZON), slots_of(store.root))

"""How long runs take, by what earlier runs of the store took."""

from __future__ import annotations

import streamlit as st

from core.runs.durations import Duration, Estimates, durations
from dashboard.lookups import runs

KEPT_SECONDS = 20  # in which the store is not looked through anew


def estimates() -> Estimates:
    """Those of the store of this installation."""
    return Estimates(runs.store(), _durations(str(runs.store().root)))


@st.cache_data(ttl=KEPT_SECONDS, max_entries=4, show_spinner=False)
def _durations(root: str) -> tuple[Duration, ...]:
    return durations(runs.store())

"""The arrays of the snapshots of a run."""

from __future__ import annotations

import numpy as np
import streamlit as st

from core.maps.snapshot_layout import snapshot_layout
from dashboard.lookups.runs import distance_of, run_of

NO_MAP = "none"  # the method of the map of a snapshot that has none


@st.cache_data(max_entries=64, show_spinner=False)
def layout(name: str, step: int) -> np.ndarray:
    """(N, 2) places on the map."""
    return run_of(name).snapshot(step, "map")["map"]


@st.cache_data(max_entries=64, show_spinner=False)
def threshold_edges(name: str, step: int) -> np.ndarray:
    """(S + 1,) edges of the thresholds that a snapshot's pairs were counted at."""
    return run_of(name).threshold_edges(step)


@st.cache_data(max_entries=16, show_spinner=False)
def snapshot(name: str, step: int) -> dict[str, np.ndarray]:
    """All arrays of one snapshot, which never change once written."""
    return run_of(name).snapshot(step)


@st.cache_data(max_entries=8, show_spinner=False)
def points(name: str, step: int) -> np.ndarray:
    """What the run's distance compares (N, D), made of all embeddings of a snapshot together."""
    return distance_of(name).prepared(snapshot(name, step)["embeddings"])


@st.cache_data(max_entries=64, show_spinner=False)
def shown_layout(name: str, step: int) -> np.ndarray:
    """(N, 2) places on the map, which is made here where the snapshot has none because of many points."""
    line = next(line for line in run_of(name).snapshots() if line.step == step)
    return snapshot_layout(snapshot(name, step)) if line.map == NO_MAP else layout(name, step)

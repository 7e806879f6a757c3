"""Embeddings that a reader brings: taken from the browser, checked at once, measured by the engine."""

from __future__ import annotations

import tempfile
from pathlib import Path

import streamlit as st

from core.distances import DISTANCES
from core.embeddings_file import load_embeddings
from core.engine import ensure_engine
from core.states import RESTING
from core.uploads import Upload, keep
from dashboard import state

LOOK_SECONDS = 0.5
FORMAT = """An `.npz` with the arrays `embeddings` (points, dimensions) and `labels` (points):

    numpy.savez("embeddings.npz", embeddings=embeddings, labels=labels)

It stays on the machine that Metric Lab runs on."""


def offer() -> None:
    """A button that takes a file; what is wrong with the last one is said below it."""
    with st.popover("Your data", icon=":material/upload_file:"):
        st.caption(FORMAT)
        st.selectbox(
            "Compare by",
            list(DISTANCES),
            format_func=lambda kind: DISTANCES[kind].title,
            key="upload.distance",
        )
        st.file_uploader("Embeddings", type="npz", key="upload.file", on_change=_take, label_visibility="collapsed")
        if "upload.problem" in st.session_state:
            st.error(st.session_state["upload.problem"])


def wait_for(name: str) -> bool:
    """Whether a brought file is still being measured; shows how far that is, and looks again."""
    row = state.row_of(name)
    if row is None or "upload" not in row.experiment or row.state == "finished":
        return False
    if row.state in RESTING:
        st.error(f"{row.name} could not be measured. {row.message}")
        return True
    st.fragment(_watch, run_every=LOOK_SECONDS)(name)
    return True


def _watch(name: str) -> None:
    row = state.row_of(name)
    if row is None or row.state in (*RESTING, "finished"):
        st.rerun()
    ensure_engine(state.store().root)
    doing = ("is waiting", "is drawn on a map", "has its pairs counted", "has its identities drawn again")
    step = row.epoch + 1 if row.state == "running" else 0
    st.progress(step / len(doing), f"**{row.name}** {doing[min(step, len(doing) - 1)]}")


def _take() -> None:
    file = st.session_state["upload.file"]
    st.session_state.pop("upload.problem", None)
    if file is None:
        return
    try:
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / (Path(file.name).name or "embeddings.npz")
            path.write_bytes(file.getvalue())
            embeddings, labels, names = load_embeddings(path)
        distance = DISTANCES[st.session_state["upload.distance"]]()
        row = keep(state.store(), Upload(file.name, embeddings, labels, names, distance))
    except ValueError as problem:
        st.session_state["upload.problem"] = str(problem)
        return
    ensure_engine(state.store().root)
    st.query_params["run"] = row.id

"""What is selected, by a lasso or by the search: its images, its classes, and the files to take away."""

from __future__ import annotations

import io

import numpy as np
import streamlit as st

from core.handover.csv_table import csv_of
from dashboard.lookups import point_colours, point_images, runs, snapshot_arrays
from dashboard.markdown import plain, table
from dashboard.wording import count, joined, say

GESTURES = "explore.gestures"  # the lasso and the search as they were, and which of them came last
MOST_IMAGES, MOST_CLASSES, MOST_NAMES = 200, 12, 40


def last_selected(lassoed: list[int], searched: list[int], words: str) -> list[int]:
    """Of a lasso and of what a search has found what came last; the other one where nothing is in that."""
    now, before = {"lasso": lassoed, "search": words}, st.session_state.get(GESTURES, {})
    changed = [what for what in now if now[what] and now[what] != before.get(what)]
    last = changed[-1] if changed else before.get("last", "lasso")
    st.session_state[GESTURES] = {**now, "last": last}
    return (searched or lassoed) if last == "search" else (lassoed or searched)


def show(name: str, step: int, rows: list[int], *, is_search: bool) -> None:
    """Draw the images, the counts by class and the buttons; a sentence on how to select where nothing is."""
    if not rows:
        st.caption(say("explore.selection.none"))
        return
    number = len(rows)
    left, right = st.columns([2.2, 1], gap="medium")
    with left:
        st.markdown(count("explore.selection.by_search" if is_search else "explore.selection.by_lasso", number))
        _images(name, rows)
    with right:
        _classes(name, rows)
        _downloads(name, step, rows)


def csv_file(name: str, rows: list[int]) -> str:
    """A line for each row: its number, its name, its class, and the columns that a reader brought beside them."""
    own, probe = point_colours.own_columns(name), runs.run_of(name).probe()
    classes, labels, names = runs.class_names(name), runs.labels(name), runs.point_names(name)
    lines = [[row, names[row], classes[labels[row]], *(probe[column][row].item() for column in own)] for row in rows]
    return csv_of(["row", "name", "label", *own], lines)


def npz_file(name: str, step: int, rows: list[int]) -> bytes:
    """Rows, names, labels by their names, embeddings and map of the selected points."""
    arrays, classes = snapshot_arrays.snapshot(name, step), np.array(runs.class_names(name))
    chosen, content = np.array(rows), io.BytesIO()
    np.savez_compressed(
        content,
        allow_pickle=False,
        rows=chosen,
        names=np.array(runs.point_names(name))[chosen],
        labels=classes[runs.labels(name)[chosen]],
        embeddings=arrays["embeddings"][chosen],
        map=snapshot_arrays.shown_layout(name, step)[chosen],
    )
    return content.getvalue()


def _images(name: str, rows: list[int]) -> None:
    if not point_images.has_images(name):
        called = [plain(runs.point_names(name)[row]) for row in rows[:MOST_NAMES]]
        st.caption(
            joined("things", called)
            + (say("explore.selection.more", more=len(rows) - MOST_NAMES) if len(rows) > MOST_NAMES else "")
        )
        return
    shown = tuple(rows[:MOST_IMAGES])
    st.image(point_images.gallery(name, shown), alt=say("explore.selection.alt", number=len(shown)))
    if len(rows) > MOST_IMAGES:
        st.caption(say("explore.selection.first", shown=MOST_IMAGES, number=len(rows)))


def _classes(name: str, rows: list[int]) -> None:
    kinds, counts = np.unique(runs.labels(name)[rows], return_counts=True)
    order = np.lexsort((kinds, -counts))
    classes = runs.class_names(name)
    lines = [[plain(classes[kinds[one]]), f"{counts[one]:,}"] for one in order[:MOST_CLASSES].tolist()]
    st.markdown(table([say("explore.selection.class"), say("explore.selection.points")], lines))
    if len(kinds) > MOST_CLASSES:
        st.caption(say("explore.selection.classes", shown=MOST_CLASSES, number=len(kinds)))


def _downloads(name: str, step: int, rows: list[int]) -> None:
    with st.container(horizontal=True, gap="small"):
        st.download_button(
            say("explore.selection.csv"),
            lambda: csv_file(name, rows),
            file_name=f"selection-{name[:12]}-{step}.csv",
            mime="text/csv",
            icon=":material/download:",
            on_click="ignore",
        )
        st.download_button(
            say("explore.selection.npz"),
            lambda: npz_file(name, step, rows),
            file_name=f"selection-{name[:12]}-{step}.npz",
            mime="application/octet-stream",
            icon=":material/download:",
            on_click="ignore",
        )

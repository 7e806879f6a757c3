"""What the Verify page looks up, and how its goal and its handle agree.

The goal stands in the widgets `goal`, `far` and `threshold`, and in the URL under these names. Letting go of the handle
sets them to "by hand"; choosing a goal moves the handle. The handle's name counts those moves, so that what the reader
did before the last move is never taken for something new.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import streamlit as st
from PIL import Image

from core.nearest_pairs import nearest_pairs
from core.splits import ByIdentity, BySample
from core.threshold_card import HAND, Goal
from core.verification import Curve, curve_from_histogram
from dashboard import cached
from dashboard.components.live_figure import Packed, pack
from dashboard.figures import error_curves, thresholds
from dashboard.figures.image_pairs import pair_image
from dashboard.palette import Theme

FIGURE = "verify.distances"
SHOWN_PAIRS = 5
PROTOCOLS = {
    BySample.protocol: "new images of classes known from training",
    ByIdentity.protocol: "images of classes never seen in training",
}
GOALS = {"far": "FAR at most", "eer": "EER", "accuracy": "Most accurate", "hand": "By hand"}


class WrongPair(NamedTuple):
    """Two images beside each other, and what to say under them."""

    image: np.ndarray
    caption: str


class Figures(NamedTuple):
    distances: Packed
    roc: Packed
    det: Packed


def handle_name(name: str, step: int) -> str:
    return f"threshold {st.session_state.get('verify.moves', 0)} of {name} at {step}"


def adopt_release(name: str, step: int) -> None:
    """Take over where the reader let go of the handle; call it before the widgets are drawn."""
    reported = st.session_state.get(FIGURE, {}).get("handles") or {}
    released = reported.get(handle_name(name, step))
    if released is not None:
        st.session_state["goal"] = HAND
        st.session_state["threshold"] = float(released)


def move_handle() -> None:
    """A goal was chosen: the handle goes where it says. "By hand" starts where the handle stands."""
    st.session_state["verify.moves"] = st.session_state.get("verify.moves", 0) + 1
    if st.session_state["goal"] == HAND and "verify.stands" in st.session_state:
        st.session_state.setdefault("threshold", st.session_state["verify.stands"])


def chosen_goal(curve: Curve) -> Goal:
    """The goal of the widgets, drawn here: which one, and its limit or the threshold itself."""
    kind = st.segmented_control(
        "Goal",
        list(GOALS),
        default="far",
        required=True,
        format_func=GOALS.__getitem__,
        key="goal",
        bind="query-params",
        on_change=move_handle,
        label_visibility="collapsed",
    )
    if kind == "far":
        percent = st.number_input(
            "False accept rate in percent",
            0.0,
            100.0,
            1.0,
            step=0.1,
            format="%g",
            key="far",
            bind="query-params",
            on_change=move_handle,
            icon=":material/percent:",
            label_visibility="collapsed",
            width=130,
        )
        return Goal(kind, percent / 100)
    if kind != HAND:
        return Goal(kind)
    highest = float(curve.thresholds[-1])
    if "threshold" in st.session_state:
        st.session_state["threshold"] = min(max(float(st.session_state["threshold"]), 0.0), highest)
    threshold = st.number_input(
        "Largest distance that is accepted",
        0.0,
        highest,
        Goal("eer").threshold(curve),
        step=float(curve.thresholds[1] - curve.thresholds[0]),
        format="%.3f",
        key="threshold",
        bind="query-params",
        on_change=move_handle,
        label_visibility="collapsed",
        width=150,
    )
    return Goal(HAND, threshold)


@st.cache_data(max_entries=64, show_spinner=False)
def curve(name: str, step: int) -> Curve:
    """The verification curve at the edges of a snapshot's histogram, where it is exact."""
    return curve_from_histogram(*cached.histogram(name, step))


@st.cache_data(max_entries=32, show_spinner=False)
def figures(name: str, step: int, theme: Theme) -> Figures:
    """Histogram, ROC and DET of a snapshot, ready to send."""
    shown = curve(name, step)
    return Figures(
        pack(thresholds.distances(shown, theme)),
        pack(error_curves.roc(shown, theme)),
        pack(error_curves.det(shown, theme)),
    )


@st.cache_data(max_entries=8, show_spinner=False)
def sheet(name: str) -> np.ndarray:
    """(H, W) picture with the images of the probe set as tiles."""
    with Image.open(cached.run_of(name).folder / "probe.png") as picture:
        return np.asarray(picture.convert("L"))


@st.cache_data(max_entries=64, show_spinner=False)
def wrong_pairs(name: str, step: int, threshold: float, is_same: bool) -> list[WrongPair]:
    """Images of the false rejects (`is_same`) or false accepts nearest to a threshold, nearest first."""
    embeddings, labels = cached.snapshot(name, step)["embeddings"], cached.labels(name)
    found = nearest_pairs(embeddings, labels, threshold, SHOWN_PAIRS, is_same=is_same)
    tiles, names = cached.sprite(name), cached.class_names(name)
    return [
        WrongPair(
            pair_image(sheet(name), (tiles.tile_height, tiles.tile_width), tiles.columns, (first, second)),
            f"{names[labels[first]]} · {names[labels[second]]} at {distance:.3f}",
        )
        for first, second, distance in zip(*(column.tolist() for column in found), strict=True)
    ]

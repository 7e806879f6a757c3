"""What the Verify page looks up, and how its goal and its handle agree.

The goal is kept in the session and repeated in the URL as `goal`, `far` and `threshold`. Letting go of the handle makes
it "by hand"; choosing a goal moves the handle. Two counters keep late messages of a quick reader harmless: the handle's
name counts the moves that goals made, so that an older release is nothing new, and the chooser's key counts how often
the handle took over, so that what the chooser said before is not taken for a choice.
"""

from __future__ import annotations

from math import isfinite
from typing import Any, NamedTuple

import numpy as np
import streamlit as st
from PIL import Image

from core.goals import FAR, HAND, Goal
from core.nearest_pairs import nearest_pairs
from core.splits import ByIdentity, BySample
from core.verification import Curve, curve_from_histogram
from dashboard import cached
from dashboard.components.live_figure import Packed, pack
from dashboard.figures import error_curves, thresholds
from dashboard.figures.axes import axis_name
from dashboard.figures.image_pairs import as_data_url, pair_image
from dashboard.palette import Theme

FIGURE = "verify.distances"
SHOWN_PAIRS = 5
PROTOCOLS = {
    BySample.protocol: "new images of classes known from training",
    ByIdentity.protocol: "images of classes never seen in training",
}
GOALS = {"far": "FAR at most", "eer": "EER", "accuracy": "Most accurate", "hand": "By hand"}


class WrongPair(NamedTuple):
    """Two images beside each other as a data URL, its width in pixels, and what to say under it."""

    image: str
    width: int
    caption: str


class Figures(NamedTuple):
    distances: Packed
    roc: Packed
    det: Packed


def handle_name(name: str, step: int) -> str:
    return f"threshold {_kept('moves', 0)} of {name} at {step}"


def adopt_release(name: str, step: int) -> None:
    """Take over where the reader let go of the handle; call it before the chooser is drawn."""
    reported = st.session_state.get(FIGURE, {}).get("handles") or {}
    released = reported.get(handle_name(name, step))
    if released is None:
        return
    if _kept("goal", FAR) != HAND:
        _keep(goal=HAND, takeovers=_kept("takeovers", 0) + 1)
    _keep(threshold=float(released))


def chosen_goal() -> Goal:
    """The goal of the chooser, drawn here, with its limit or the threshold itself."""
    if _kept("goal", None) is None:
        _keep(goal=st.query_params.get("goal", FAR), threshold=_number(st.query_params.get("threshold")))
    if _kept("goal", FAR) not in GOALS:
        _keep(goal=FAR)
    key = _chooser()
    kind = st.segmented_control(
        "Goal",
        list(GOALS),
        default=_kept("goal", FAR),
        required=True,
        format_func=GOALS.__getitem__,
        key=key,
        on_change=_choose,
        args=(key,),
        label_visibility="collapsed",
    )
    percent = st.number_input(
        "False accept rate in percent",
        0.0,
        100.0,
        1.0,
        step=0.1,
        format="%g",
        key="far",
        bind="query-params",
        on_change=_move,
        disabled=kind != FAR,
        icon=":material/percent:",
        label_visibility="collapsed",
        width=130,
    )
    return Goal(kind, {FAR: percent / 100, HAND: _kept("threshold", 0.0)}.get(kind, 0.0))


def show_in_address(goal: Goal, threshold: float) -> None:
    """Repeat the goal in the URL, where it is not the default, and remember where the handle stands."""
    _keep(threshold=threshold)
    wanted = {"goal": goal.kind if goal.kind != FAR else "", "threshold": str(threshold) if goal.kind == HAND else ""}
    for name, value in wanted.items():
        if value != st.query_params.get(name, ""):
            if value:
                st.query_params[name] = value
            else:
                del st.query_params[name]


def _chooser() -> str:
    return f"verify.chooser.{_kept('takeovers', 0)}"


def _choose(key: str) -> None:
    if key == _chooser():  # an earlier chooser may still speak when the handle has taken over
        _keep(goal=st.session_state[key])
        _move()


def _move() -> None:
    _keep(moves=_kept("moves", 0) + 1)


def _kept(name: str, otherwise: Any) -> Any:
    return st.session_state.get(f"verify.{name}", otherwise)


def _keep(**values: Any) -> None:
    for name, value in values.items():
        st.session_state[f"verify.{name}"] = value


def _number(text: str | None) -> float:
    """0 for what is no finite number."""
    try:
        value = float(text or 0)
    except ValueError:
        return 0.0
    return value if isfinite(value) else 0.0


@st.cache_data(max_entries=64, show_spinner=False)
def curve(name: str, step: int) -> Curve:
    """The verification curve at the edges of a snapshot's histogram, where it is exact."""
    return curve_from_histogram(*cached.histogram(name, step))


@st.cache_data(max_entries=32, show_spinner=False)
def figures(name: str, step: int, theme: Theme) -> Figures:
    """Histogram, ROC and DET of a snapshot, ready to send."""
    shown, named = curve(name, step), axis_name(cached.distance_of(name))
    return Figures(
        pack(thresholds.distances(shown, theme, named)),
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
    distance = cached.distance_of(name)
    found = nearest_pairs(embeddings, labels, threshold, SHOWN_PAIRS, is_same=is_same, distance=distance)
    tiles, names = cached.sprite(name), cached.class_names(name)
    tile = (tiles.tile_height, tiles.tile_width)
    pairs = []
    for first, second, apart in zip(*(column.tolist() for column in found), strict=True):
        pixels = pair_image(sheet(name), tile, tiles.columns, (first, second))
        classes = dict.fromkeys((names[labels[first]], names[labels[second]]))
        pairs.append(WrongPair(as_data_url(pixels), pixels.shape[1], f"{' · '.join(classes)} at {apart:.3f}"))
    return pairs

"""Maps of the embedding space."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import plotly.graph_objects as go

from dashboard import palette
from dashboard.figures.axes import Properties
from dashboard.palette import Theme
from dashboard.wording import say

Axes = dict[str, Properties]
Prototypes = dict[str, np.ndarray]
MOST_NAMES = 12
FRAME = "epoch"
SNUG, ROOM = 1.06, 1.3  # how much wider than its map the axes are; of a live map: how far it may grow before they do


def frame_name(epoch: float) -> str:
    """What a snapshot is called in addresses and among frames, in every language; its number places the frame."""
    return f"{FRAME} {_number(epoch)}"


def epoch_name(epoch: float) -> str:
    """What the epoch of a snapshot is called in addresses and on scales."""
    return f"{epoch:.4g}"


def in_words(epoch: float) -> str:
    """What a snapshot is called where readers see it."""
    return say("figures.epoch.name", number=_number(epoch))


def _number(epoch: float) -> str:
    return f"{epoch:.2f}".rstrip("0").rstrip(".")


def moving_map(
    layout: np.ndarray,
    axes: Axes,
    labels: np.ndarray,
    class_names: Sequence[str],
    theme: Theme,
    prototypes: Prototypes | None = None,
    texts: Sequence[str] | None = None,
) -> go.Figure:
    """A layout (N, 2) on the given axes: a point per probe sample, its class as colour and name, and as text unless
    `texts` (N,) are given.

    Over them a star for each point that the loss has learned, of `Run.prototypes`.
    """
    figure = go.Figure(map_traces(layout, labels, class_names, theme, texts))
    classes = (prototypes or {}).get("landmark_classes", np.array([], int)).tolist()
    stars = go.Scattergl(
        moved_stars(prototypes),
        mode="markers",
        name="stars",
        text=[say("figures.map.learned", name=class_names[label]) for label in classes],
        marker={
            "symbol": "star",
            "size": 18,
            "color": palette.class_colours(classes, theme),
            "line": {"width": 1, "color": palette.INK[theme]},
        },
    )
    figure.add_trace(stars)
    figure.update_layout(axes, margin={"l": 0, "r": 0, "t": 0, "b": 0}, showlegend=False)
    return figure


def map_frame(layout: np.ndarray, epoch: float, labels: np.ndarray, prototypes: Prototypes | None = None) -> Properties:
    """The frame that moves the points, the class names and the stars of a `moving_map` to this layout."""
    return {
        "name": frame_name(epoch),
        "data": [*moved_map(layout, labels), moved_stars(prototypes)],
        "traces": [0, 1, 2],
    }


def map_traces(
    layout: np.ndarray,
    labels: np.ndarray,
    class_names: Sequence[str],
    theme: Theme,
    texts: Sequence[str] | None = None,
) -> list[Any]:
    """The points of a map, with their classes or `texts` (N,) to say, and the names of its classes at their centres."""
    points, names = moved_map(layout, labels)
    classes = np.unique(labels)
    shown = [class_names[label] for label in classes] if len(classes) <= MOST_NAMES else []
    return [
        go.Scattergl(
            points,
            mode="markers",
            name="probe",
            customdata=np.arange(len(labels)),
            text=[class_names[label] for label in labels] if texts is None else list(texts),
            marker={"color": palette.class_colours(labels.tolist(), theme), "size": 6, "opacity": 0.85},
        ),
        go.Scattergl(
            names if shown else {"x": [], "y": []},
            mode="text",
            name="names",
            text=shown,
            hoverinfo="skip",
            textfont={"size": 15, "color": palette.INK[theme]},
            meta={"rim": palette.RIM[theme]},
        ),
    ]


def still_axes(layouts: Sequence[np.ndarray]) -> Axes:
    """Square axes without ticks that hold every frame, so that only the points move."""
    return axes_of([extent(layout) for layout in layouts])


def extent(layout: np.ndarray) -> np.ndarray:
    """(N, 2) -> its lowest and its highest corner, (2, 2)."""
    return np.stack([layout.min(axis=0), layout.max(axis=0)])


def axes_of(extents: Sequence[np.ndarray], room: float = SNUG) -> Axes:
    """`still_axes` from the extents (2, 2) of the frames, `room` times as wide as they need."""
    corners = np.array(extents)
    low, high = corners[:, 0].min(axis=0), corners[:, 1].max(axis=0)
    middle, half = (low + high) / 2, max(float((high - low).max()) / 2, 1e-6) * room
    hidden: Properties = {"visible": False, "zeroline": False, "showgrid": False}
    return {
        "xaxis": hidden | {"range": [middle[0] - half, middle[0] + half]},
        "yaxis": hidden | {"range": [middle[1] - half, middle[1] + half], "scaleanchor": "x"},
    }


def corners_of(axes: Axes) -> np.ndarray:
    """The lowest and the highest corner that is seen on the axes, (2, 2)."""
    return np.array([axes["xaxis"]["range"], axes["yaxis"]["range"]]).T


def holds(axes: Axes, corners: np.ndarray) -> bool:
    """Whether a frame of this extent (2, 2) is seen whole on the axes."""
    (left, bottom), (right, top) = corners_of(axes)
    (low_x, low_y), (high_x, high_y) = corners
    return bool(left <= low_x and high_x <= right and bottom <= low_y and high_y <= top)


def moved_stars(prototypes: Prototypes | None) -> dict[str, np.ndarray]:
    """Where the learned class vectors stand on the map, for a frame."""
    places = (prototypes or {}).get("landmark_places", np.zeros((0, 2), np.float32))
    return {"x": places[:, 0], "y": places[:, 1]}


def moved_map(layout: np.ndarray, labels: np.ndarray) -> list[dict[str, np.ndarray]]:
    """What of a map changes with the layout: the points, and the median of each class."""
    places = layout.astype(np.float32)
    centres = np.array([np.median(places[labels == label], axis=0) for label in np.unique(labels)])
    if len(centres) > MOST_NAMES:
        centres = centres[:0].reshape(0, 2)
    return [{"x": places[:, 0], "y": places[:, 1]}, {"x": centres[:, 0], "y": centres[:, 1]}]

"""The triplets of one anchor: drawn on the map, and on the plane of their two distances with the margin to drag."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import plotly.graph_objects as go

from core.statistics.anchor_census import AnchorTriplets
from dashboard import palette
from dashboard.figures import maps
from dashboard.figures.choices import Choice, dots, for_the_map, for_the_plane
from dashboard.figures.margins import KEYS, ORDER
from dashboard.palette import Theme
from dashboard.wording import say


def anchored_map(
    layout: np.ndarray, labels: np.ndarray, class_names: Sequence[str], triplets: AnchorTriplets, theme: Theme
) -> go.Figure:
    """The map (N, 2) with the anchor marked and the triplets of `for_the_map` drawn."""
    points, names = maps.map_traces(layout, labels, class_names, theme)
    points.update(marker={"opacity": 0.6})
    anchor = layout[triplets.anchor]
    positives = layout[triplets.positives[for_the_map(triplets).positives]]
    gaps = np.full((len(positives), 1, 2), np.nan)  # parts the lines
    lines = np.hstack([np.broadcast_to(anchor, (len(positives), 1, 2)), positives[:, None], gaps]).reshape(-1, 2)
    solid = go.Scatter(
        x=lines[:, 0],
        y=lines[:, 1],
        mode="lines",
        name="positives",
        hoverinfo="skip",
        line={"width": 1.6, "color": palette.POSITIVE[theme]},
    )
    mark = go.Scatter(
        x=anchor[:1],
        y=anchor[1:],
        mode="markers",
        name="anchor",
        hoverinfo="skip",
        marker={"symbol": "star", "size": 18, "color": palette.INK[theme]},
    )
    dotted = _dotted(layout, triplets, class_names, labels)
    figure = go.Figure([dotted, points, solid, names, mark])
    figure.update_layout(maps.still_axes([layout]), margin={"l": 0, "r": 0, "t": 0, "b": 0}, showlegend=False)
    return figure


def _dotted(
    layout: np.ndarray, triplets: AnchorTriplets, class_names: Sequence[str], labels: np.ndarray
) -> go.Scattergl:
    """Dots from the anchor to each drawn negative and a large mark under it: points, so that a drag recolours them."""
    choice = for_the_map(triplets)
    places, rows, is_end = dots(layout, triplets)
    return go.Scattergl(
        x=places[:, 0],
        y=places[:, 1],
        mode="markers",
        name="triplets",
        customdata=_images(triplets, choice)[rows],
        text=np.array(_texts(triplets, choice, class_names, labels), dtype=object)[rows],
        meta=_captions(),
        marker={"size": np.where(is_end, 13, 4)},
    )


def plane(
    triplets: AnchorTriplets, class_names: Sequence[str], labels: np.ndarray, theme: Theme, named: str = ""
) -> go.Figure:
    """d(a, p) across, d(a, n) up, for the triplets of `for_the_plane`; the diagonal parts hard from the rest.

    Both axes begin at 0 or, where a distance is negative, below the smallest. `named` says which distance it is.
    """
    choice = for_the_plane(triplets)
    right = max(1.08 * triplets.to_positives.max(initial=0.0), 1e-6)
    top = max(1.04 * triplets.to_negatives.max(initial=0.0), right)
    low = 1.04 * min(triplets.to_positives.min(initial=0.0), triplets.to_negatives.min(initial=0.0))
    figure = go.Figure(
        go.Scattergl(
            x=triplets.to_positives[choice.positives],
            y=triplets.to_negatives[choice.negatives],
            mode="markers",
            name="triplets",
            customdata=_images(triplets, choice),
            text=_texts(triplets, choice, class_names, labels),
            meta=_captions(),
            marker={"size": 6, "opacity": 0.7},
            showlegend=False,
        )
    )
    figure.add_scatter(
        x=[low, right],
        y=[low, right],
        mode="lines",
        name="equal",
        hoverinfo="skip",
        showlegend=False,
        line={"dash": "dot", "width": 1.5, "color": palette.MUTED[theme]},
    )
    _add_legend(figure, theme)
    figure.update_layout(
        xaxis={
            "range": [low, right],
            "ticklabelstandoff": 4,
            "title": {"text": say("figures.anchor.to_positive", distance=named)},
        },
        yaxis={"range": [low, top], "title": {"text": say("figures.anchor.to_negative", distance=named)}},
        margin={"l": 44, "r": 8, "t": 26, "b": 40},
    )
    return figure


def _add_legend(figure: go.Figure, theme: Theme) -> None:
    for hardness in reversed(ORDER):
        look = {"symbol": palette.SYMBOLS[hardness], "color": palette.HARDNESS[theme][hardness], "size": 9}
        meaning = say(f"figures.hardness.meaning.{KEYS[hardness]}")
        figure.add_scatter(x=[None], y=[None], mode="markers", name=meaning, hoverinfo="skip", marker=look)


def _images(triplets: AnchorTriplets, choice: Choice) -> np.ndarray:
    """Rows of anchor, positive and negative, (T, 3): the tiles to show on hover."""
    positives, negatives = triplets.positives[choice.positives], triplets.negatives[choice.negatives]
    return np.stack([np.full(len(positives), triplets.anchor), positives, negatives], axis=1).astype(np.int32)


def _captions() -> dict[str, list[str]]:
    """Of the three images of a triplet, in the order of `_images`."""
    return {"captions": [say(f"figures.captions.{role}") for role in ("anchor", "positive", "negative")]}


def _texts(triplets: AnchorTriplets, choice: Choice, class_names: Sequence[str], labels: np.ndarray) -> list[str]:
    to_positives, to_negatives = triplets.to_positives, triplets.to_negatives
    own = class_names[labels[triplets.anchor]]
    return [
        say(
            "figures.anchor.triplet",
            own=own,
            other=class_names[labels[triplets.negatives[negative]]],
            to_positive=to_positives[positive],
            to_negative=to_negatives[negative],
        )
        for positive, negative in zip(choice.positives, choice.negatives, strict=True)
    ]

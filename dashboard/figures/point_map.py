"""The map of Explore: all points in one colouring, those that a search has found, and the query with its nearest."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import plotly.graph_objects as go

from dashboard import palette
from dashboard.figures import maps
from dashboard.figures.axes import Properties
from dashboard.palette import Theme

POINTS, FOUND = "points", "found"
SMALL, LARGE = 6, 10  # pixels
MANY = 5_000  # points, from which on they are smaller
VERDICTS = ("circle", "x", "diamond")


def point_map(
    layout: np.ndarray, axes: maps.Axes, look: Properties, texts: Sequence[str], found: np.ndarray | None, theme: Theme
) -> go.Figure:
    """A layout (N, 2) with a text for each point; `look` is of `by_number`, `by_name` or `by_verdict`. Rows that were
    `found` stand out, and all others step back."""
    rows = np.arange(len(layout)) if found is None else found
    size = SMALL if len(layout) < MANY else 4
    base = _trace(POINTS, layout, np.arange(len(layout)), texts, look | {"size": size, "opacity": 0.85})
    if found is not None:
        base.update(opacity=0.2)
    larger = {"size": LARGE, "opacity": 1, "line": {"width": 1.5, "color": palette.INK[theme]}}
    shown = rows if found is not None else rows[:0]
    over = _trace(FOUND, layout, shown, texts, _of(look, shown) | larger)
    right, wrong = palette.POSITIVE[theme], palette.NEGATIVE[theme]
    star = {
        "symbol": "star",
        "size": 18,
        "color": palette.INK[theme],
        "line": {"width": 1, "color": palette.RIM[theme]},
    }
    figure = go.Figure(
        [
            base,
            over,
            go.Scatter(x=[], y=[], mode="lines", name="right", hoverinfo="skip", line={"width": 1.6, "color": right}),
            go.Scatter(
                x=[],
                y=[],
                mode="lines",
                name="wrong",
                hoverinfo="skip",
                line={"width": 1.6, "color": wrong, "dash": "dot"},
            ),
            go.Scatter(x=[], y=[], mode="markers", name="query", hoverinfo="skip", marker=star),
        ]
    )
    figure.update_layout(axes, margin={"l": 0, "r": 0, "t": 0, "b": 0}, showlegend=False)
    return figure


def class_names_on(
    figure: go.Figure, layout: np.ndarray, places: np.ndarray, names: Sequence[str], theme: Theme
) -> None:
    """Write the names of at most maps.MOST_NAMES kinds, whose numbers are the `places` (N,), at their medians."""
    kinds = np.unique(places)
    if len(kinds) > maps.MOST_NAMES:
        return
    centres = np.array([np.median(layout[places == kind], axis=0) for kind in kinds])
    figure.add_scattergl(
        x=centres[:, 0],
        y=centres[:, 1],
        mode="text",
        name="names",
        text=[names[kind] for kind in kinds],
        hoverinfo="skip",
        textfont={"size": 15, "color": palette.INK[theme]},
        meta={"rim": palette.RIM[theme]},
    )


def by_number(values: np.ndarray, theme: Theme) -> Properties:
    """The look of points (N,) with numbers; grey where one is NaN."""
    known = values[np.isfinite(values)]
    low, high = (float(known.min()), float(known.max())) if len(known) else (0.0, 1.0)
    bar = {"thickness": 10, "len": 0.55, "x": 1, "xanchor": "right", "y": 0.01, "yanchor": "bottom", "outlinewidth": 0}
    ends = [[place, colour] for place, colour in enumerate(palette.SCALE[theme])]
    return {
        "color": values.astype(np.float32),
        "colorscale": ends,
        "cmin": low,
        "cmax": high if high > low else low + 1,
        "showscale": True,
        "colorbar": bar | {"nticks": 4, "tickfont": {"size": 11}},
    }


def by_name(places: np.ndarray, theme: Theme) -> Properties:
    """The look of points whose kinds have these numbers (N,): the colours of `palette.class_colours`, as bands of a
    scale, because a hundred thousand names of colours take plotly seconds to look through."""
    colours = palette.CLASSES[theme]
    ends = np.linspace(0, 1, len(colours) + 1).tolist()
    bands = [[end, colour] for row, colour in enumerate(colours) for end in ends[row : row + 2]]
    kinds = (places % len(colours)).astype(np.int8)
    return {"color": kinds, "colorscale": bands, "cmin": -0.5, "cmax": len(colours) - 0.5}


def by_verdict(places: np.ndarray, theme: Theme) -> Properties:
    """The look of points that are right (0), wrong (1) or not judged (2)."""
    colours = (palette.POSITIVE[theme], palette.NEGATIVE[theme], palette.MUTED[theme])
    return {
        "color": np.array(colours, dtype=object)[places],
        "symbol": np.array(VERDICTS, dtype=object)[places],
    }


def marks(layout: np.ndarray, query: int, nearest: np.ndarray, is_match: np.ndarray) -> Properties:
    """The frame that puts the query and the lines to its nearest (K,) on a `point_map`."""
    lines = [_lines(layout, query, nearest[kind]) for kind in (is_match, ~is_match)]
    star = layout[query : query + 1]
    data = [*lines, {"x": star[:, 0], "y": star[:, 1]}]
    return {"name": f"{query}", "data": data, "traces": [2, 3, 4]}


def _lines(layout: np.ndarray, query: int, ends: np.ndarray) -> dict[str, np.ndarray]:
    starts = np.broadcast_to(layout[query], (len(ends), 2))
    gaps = np.full((len(ends), 2), np.nan)  # parts the lines
    places = np.stack([starts, layout[ends], gaps], axis=1).reshape(-1, 2)
    return {"x": places[:, 0], "y": places[:, 1]}


def _trace(name: str, layout: np.ndarray, rows: np.ndarray, texts: Sequence[str], marker: Properties) -> go.Scattergl:
    return go.Scattergl(
        x=layout[rows, 0],
        y=layout[rows, 1],
        mode="markers",
        name=name,
        customdata=rows.astype(np.int32),
        text=np.array([texts[row] for row in rows.tolist()], dtype=object),  # a list is copied one by one
        marker=marker,
    )


def _of(look: Properties, rows: np.ndarray) -> Properties:
    """The look of some points."""
    each = {name: value[rows] for name, value in look.items() if isinstance(value, np.ndarray)}
    return look | each | ({"showscale": False} if "showscale" in look else {})

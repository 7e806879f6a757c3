"""How a training goes: hardness over the updates, the loss in its two parts, distances moving apart."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import plotly.graph_objects as go
from plotly.subplots import make_subplots

from dashboard import palette
from dashboard.figures.maps import frame_name
from dashboard.palette import Theme

BARS = 64
MOST_POINTS = 400


def progress(
    steps: Sequence[dict[str, Any]], snapshots: Sequence[dict[str, Any]], histograms: Sequence[Any], theme: Theme
) -> go.Figure:
    """Three panels over one another; the frames move a cursor through the first two and change the third.

    `histograms` are (edges, positive counts, negative counts) of the snapshots, with the same edges.
    """
    figure = make_subplots(
        rows=3,
        cols=1,
        vertical_spacing=0.14,
        row_heights=[0.3, 0.3, 0.4],
        specs=[[{}], [{"secondary_y": True}], [{}]],
    )
    thinned = _thinned(steps)
    epochs = [step["epoch"] for step in thinned]
    for name, key in (("easy", "easy"), ("semi-hard", "semi_hard"), ("hard", "hard")):
        figure.add_trace(
            go.Scatter(
                x=epochs,
                y=[step[key] for step in thinned],
                name=name,
                stackgroup="hardness",
                line={"width": 0.5, "color": palette.HARDNESS[theme][name]},
                hovertemplate="%{y:.1%}",
                legend="legend",
            ),
            row=1,
            col=1,
        )
    parts = (("active share", "active_share", False), ("mean of the active", "active_mean", True))
    for (name, key, secondary), colour in zip(parts, (palette.ACCENT, palette.MUTED), strict=True):
        figure.add_trace(
            go.Scatter(
                x=epochs,
                y=[step[key] for step in thinned],
                name=name,
                line={"width": 1.6, "color": colour[theme]},
                hovertemplate="%{y:.3f}",
                legend="legend2",
            ),
            row=2,
            col=1,
            secondary_y=secondary,
        )
    for trace in distance_shares(*histograms[-1], theme):
        figure.add_trace(trace, row=3, col=1)
    frames = []
    for snapshot, histogram in zip(snapshots, histograms, strict=True):
        moved = [{"y": trace.y} for trace in distance_shares(*histogram, theme)]
        frames.append(go.Frame(name=frame_name(snapshot["epoch"]), data=moved, traces=[5, 6]))
    figure.frames = frames
    last = max([snapshots[-1]["epoch"], *epochs[-1:]])
    for row in (1, 2):
        figure.update_xaxes(range=[0, max(last, 0.05)], row=row, col=1)
    figure.update_xaxes(title={"text": "epoch", "standoff": 2}, row=2, col=1)
    figure.update_xaxes(title={"text": "distance", "standoff": 2}, row=3, col=1)
    figure.update_yaxes(range=[0, 1], tickformat=".0%", nticks=4, row=1, col=1)
    figure.update_yaxes(range=[0, 1.02], tickformat=".0%", nticks=4, row=2, col=1, secondary_y=False)
    figure.update_yaxes(rangemode="tozero", nticks=4, showgrid=False, row=2, col=1, secondary_y=True)
    figure.update_yaxes(rangemode="tozero", showticklabels=False, row=3, col=1)
    legend = {"orientation": "h", "x": 1, "xanchor": "right", "yanchor": "bottom", "font": {"size": 11}}
    figure.update_layout(
        margin={"l": 40, "r": 40, "t": 22, "b": 34},
        legend=legend | {"y": 1.0},
        legend2=legend | {"y": 0.66},
        legend3=legend | {"y": 0.33},
        hovermode="x unified",
    )
    return figure


def distance_shares(edges: np.ndarray, positive: np.ndarray, negative: np.ndarray, theme: Theme) -> list[go.Scatter]:
    """Shares of the positive and of the negative pairs per bar of distance: exact counts, summed to BARS bars."""
    group = max(len(positive) // BARS, 1)
    places = edges[::group]
    traces = []
    for name, counts, colour, fill in (
        ("positive pairs", positive, palette.POSITIVE[theme], {"fill": "tozeroy"}),
        ("negative pairs", negative, palette.NEGATIVE[theme], {"fill": "tozeroy", "fillpattern": {"shape": "/"}}),
    ):
        bars = np.add.reduceat(counts, np.arange(0, len(counts), group)) / max(int(counts.sum()), 1)
        traces.append(
            go.Scatter(
                x=places,
                y=np.append(bars, 0.0),
                name=name,
                line={"shape": "hv", "width": 1.4, "color": colour},
                hovertemplate="%{y:.1%}",
                legend="legend3",
                **fill,
            )
        )
    return traces


def _thinned(steps: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """At most MOST_POINTS means of consecutive updates, so that a long run stays a line and not a hedge."""
    size = -(-len(steps) // MOST_POINTS) or 1
    keys = ("epoch", "easy", "semi_hard", "hard", "active_share", "active_mean")
    groups = [steps[start : start + size] for start in range(0, len(steps), size)]
    return [{key: float(np.mean([step[key] for step in group])) for key in keys} for group in groups]

"""How a number goes in each strategy: the mean over its seeds, what they span, and each seed as a thin line."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import plotly.graph_objects as go

from core.comparison.curves import Band, Series
from dashboard import palette
from dashboard.core_words import strategy_named
from dashboard.figures.axes import Properties
from dashboard.figures.strategy_looks import Look
from dashboard.markdown import in_figure
from dashboard.palette import Theme
from dashboard.wording import say

MOST_SYMBOLS = 10  # on a line


class Drawn(NamedTuple):
    """One strategy, the band of those of its seeds that count, and all of its seeds."""

    name: str
    look: Look
    band: Band
    seeds: Sequence[Series]


def strategy_curves(drawn: Sequence[Drawn], number: str, over: str, theme: Theme, baseline: str = "") -> go.Figure:
    """A number over updates, epochs or seconds. With a `baseline`, values are differences to it, around a line at 0."""
    figure = go.Figure()
    for one in drawn:
        draw_band(figure, one.band, one.look)
    for one in drawn:
        if len(one.seeds) > 1 or not len(one.band.moments):
            figure.add_traces([_seed(series, one.look) for series in one.seeds])
    for one in drawn:
        figure.add_trace(mean_line(one.band, one.name, one.look, say(f"figures.strategies.{_kind(one, baseline)}")))
    if baseline:
        figure.add_hline(y=0, line={"width": 1.2, "color": palette.INK[theme], "dash": "dot"})
    title = (
        say("figures.strategies.minus", number=number, baseline=in_figure(strategy_named(baseline)))
        if baseline
        else number
    )
    return figure.update_layout(
        margin={"l": 52, "r": 8, "t": 30, "b": 38},
        hovermode="x unified",
        xaxis={
            "title": {"text": say(f"figures.strategies.over.{over}"), "standoff": 2},
            "unifiedhovertitle": {"text": say(f"figures.strategies.at.{over}")},
            "rangemode": "tozero",
        },
        yaxis={"title": {"text": title, "standoff": 4}, "nticks": 6},
        legend=legend(),
    )


def draw_band(figure: go.Figure, band: Band, look: Look) -> None:
    """What several seeds span, behind everything else."""
    if band.seeds > 1 and len(band.moments):
        figure.add_scatter(
            x=_exact(np.concatenate([band.moments, band.moments[::-1]])),
            y=_exact(np.concatenate([band.high, band.low[::-1]])),
            mode="none",
            fill="toself",
            fillcolor=look.faint,
            hoverinfo="skip",
            showlegend=False,
        )


def mean_line(band: Band, name: str, look: Look, hover: str, *, symbols: bool = True) -> go.Scatter:
    """The mean, with its ends at the pointer."""
    return go.Scatter(
        x=_exact(band.moments),
        y=_exact(band.mean),
        customdata=_exact(np.stack([band.low, band.high], axis=1)),
        name=in_figure(strategy_named(name)),
        mode="lines+markers" if symbols else "lines",
        marker={"size": 7, "symbol": look.symbol, "maxdisplayed": MOST_SYMBOLS, "color": look.colour},
        line={"width": 2, "color": look.colour, "dash": look.dash},
        hovertemplate=hover,
    )


def legend() -> Properties:
    """Above the axes; what is shown is chosen above the matrix, for all figures at once."""
    place: Properties = {"orientation": "h", "y": 1.0, "yanchor": "bottom", "x": 0, "xanchor": "left"}
    return place | {"itemclick": False, "itemdoubleclick": False, "font": {"size": 12}}


def _kind(one: Drawn, baseline: str) -> str:
    sign = "difference" if baseline else "value"
    return f"{sign}_between" if one.band.seeds > 1 else sign


def _seed(series: Series, look: Look) -> go.Scatter:
    return go.Scatter(
        x=_exact(series.moments),
        y=_exact(series.values),
        mode="lines",
        line={"width": 0.9, "color": look.colour},
        opacity=0.45,
        hoverinfo="skip",
        showlegend=False,
    )


def _exact(values: np.ndarray) -> np.ndarray:
    """As exact as a figure needs it, in half the room."""
    return values.astype(np.float32)

"""Every two strategies beside each other: by how much the one in the row differs from the one in the column."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import plotly.graph_objects as go

from core.comparison.differences import Comparison
from core.evidence.seeded_differences import BETTER, OPEN, WORSE, SeededDifference
from dashboard import palette
from dashboard.core_words import strategy_named
from dashboard.markdown import in_figure
from dashboard.palette import Theme
from dashboard.wording import say

CELL, HEAD = 62, 34  # pixels of height
GROUNDS = {WORSE: -1.0, OPEN: 0.0, BETTER: 1.0}


def strategy_matrix(
    names: Sequence[str], levels: Mapping[str, SeededDifference], compared: Sequence[Comparison], theme: Theme
) -> go.Figure:
    """Strategies in rows and columns; on the diagonal what each reaches by itself."""
    count, ground = len(names), np.full((len(names), len(names)), np.nan)
    figure = go.Figure()
    places = {name: place for place, name in enumerate(names)}
    for name, level in levels.items():
        _write(figure, (places[name], places[name]), f"<b>{level.value:.3f}</b><br>{_ends(level, '')}", theme)
    for one in compared:
        row, column = places[one.first], places[one.second]
        for sign, place in ((1, (row, column)), (-1, (column, row))):
            ground[place] = sign * GROUNDS.get(one.verdict, 0.0)
            verdict = one.verdict if sign == 1 else {BETTER: WORSE, WORSE: BETTER}.get(one.verdict, one.verdict)
            words = say(f"figures.strategies.{verdict.replace(' ', '_')}")
            told = f"{sign * one.difference.value:+z.3f}<br>{_ends(one.difference, '+', sign)}<br>{words}"
            _write(figure, place, told, theme)
    figure.add_heatmap(
        z=ground,
        x=list(range(count)),
        y=list(range(count)),
        zmin=-1,
        zmax=1,
        colorscale=_scale(theme),
        showscale=False,
        hoverinfo="skip",
        xgap=3,
        ygap=3,
    )
    ticks = {
        "tickvals": list(range(count)),
        "ticktext": [in_figure(strategy_named(name)) for name in names],
        "showgrid": False,
    }
    figure.update_xaxes(**ticks, side="top", range=[-0.5, count - 0.5], fixedrange=True)
    figure.update_yaxes(**ticks, range=[count - 0.5, -0.5], fixedrange=True)
    figure.update_layout(margin={"l": 8, "r": 8, "t": HEAD, "b": 4})
    return figure


def height_of(count: int) -> int:
    """Pixels, for so many strategies."""
    return HEAD + CELL * count + 8


def _write(figure: go.Figure, place: tuple[int, int], text: str, theme: Theme) -> None:
    row, column = place
    figure.add_annotation(
        x=column, y=row, text=text, showarrow=False, font={"size": 11, "color": palette.INK[theme]}, align="center"
    )


def _ends(of: SeededDifference, sign: str, turned: int = 1) -> str:
    ends = sorted((turned * of.low, turned * of.high))
    if not np.isfinite(ends).all():
        return say("figures.strategies.no_interval")
    return say("figures.strategies.between", low=f"{ends[0]:{sign}z.3f}", high=f"{ends[1]:{sign}z.3f}")


def _scale(theme: Theme) -> list[list[object]]:
    """Faint grounds, on which the words are as easy to read as elsewhere."""
    worse, better = (_faint(of[theme]) for of in (palette.NEGATIVE, palette.POSITIVE))
    return [[0.0, worse], [0.5, "rgba(128, 128, 128, 0.10)"], [1.0, better]]


def _faint(colour: str) -> str:
    red, green, blue = (int(colour[place : place + 2], 16) for place in (1, 3, 5))
    return f"rgba({red}, {green}, {blue}, 0.28)"

"""How well one space answers three questions, a picture for each; and how strong a claim its anchors allow."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import plotly.graph_objects as go

from core.statistics.criterion_ladder import Ladder
from core.statistics.three_answers import OTHERS, GroupTable
from dashboard import palette
from dashboard.figures.axes import Properties
from dashboard.figures.progress import distance_shares
from dashboard.markdown import in_figure
from dashboard.palette import Theme
from dashboard.wording import say

NAMED = 16  # classes, up to which each has its name beside it
LONGEST = 12  # letters of such a name
CLEAR = "rgba(0,0,0,0)"


def ranking(right: np.ndarray, theme: Theme) -> go.Figure:
    """Shares of the queries (B,) by the share of right ones among their R nearest, in equal steps from 0 to 1."""
    steps = 100 / len(right)
    ends = np.arange(len(right)) * steps
    figure = go.Figure(
        go.Bar(
            x=ends + steps / 2,
            y=100 * right / max(int(right.sum()), 1),
            width=0.86 * steps,
            marker={"color": palette.ACCENT[theme]},
            customdata=np.stack([ends, ends + steps, right], axis=1),
            hovertemplate=say("figures.questions.ranking.bar"),
        )
    )
    figure.update_xaxes(
        title={"text": say("figures.questions.ranking.axis")}, range=[0, 100], ticksuffix=" %", dtick=25
    )
    figure.update_yaxes(title={"text": say("figures.questions.ranking.share")}, rangemode="tozero", ticksuffix=" %")
    return _laid_out(figure, 52)


def rejection(
    edges: np.ndarray,
    positive: np.ndarray,
    negative: np.ndarray,
    thresholds: tuple[float, float],
    named: str,
    theme: Theme,
) -> go.Figure:
    """Shares of positive and negative pairs (B,) between edges (B + 1,), with the threshold of the equal error rate and
    that of a FAR of 1 %, NaN for none. `named` says which distance it is."""
    figure = go.Figure(distance_shares(edges, positive, negative, theme))
    figure.update_traces(mode="lines")
    for name, place, anchor, dash in zip(("eer", "far"), thresholds, ("left", "right"), ("solid", "dot"), strict=True):
        if np.isfinite(place):
            figure.add_vline(place, line={"color": palette.INK[theme], "width": 1.4, "dash": dash})
            figure.add_annotation(_above(place, anchor), text=say(f"figures.questions.rejection.{name}"))
    seen = np.flatnonzero((positive > 0) | (negative > 0))
    figure.update_xaxes(
        title={"text": say("figures.questions.rejection.axis", distance=named)},
        range=[float(edges[seen[0]]), float(edges[seen[-1] + 1])],
    )
    figure.update_yaxes(rangemode="tozero", tickformat=".0%", nticks=4)
    figure.update_layout(hovermode="x unified")
    return _laid_out(figure, 42, top=18)


def clustering(table: GroupTable, names: Sequence[str], theme: Theme) -> go.Figure:
    """The share of each class (C,), by its names, that each group holds, first class on top."""
    shown = [_brief(name) for name in names]
    numbers = [say("figures.questions.clustering.others") if one == OTHERS else "" for one in table.groups]
    figure = go.Figure(
        go.Heatmap(
            z=table.shares.astype(np.float32),
            customdata=table.counts,
            text=[[in_figure(name)] * len(table.groups) for name in names],
            zmin=0,
            zmax=1,
            xgap=1,
            ygap=1,
            colorscale=[[0, CLEAR], [1e-9, _faint(theme)], [1, palette.ACCENT[theme]]],
            showscale=False,
            hovertemplate=say("figures.questions.clustering.cell"),
        )
    )
    line: Properties = {"showgrid": False, "zeroline": False, "showline": True, "mirror": True, "linewidth": 1}
    line["linecolor"] = palette.MUTED[theme]
    figure.update_xaxes(
        line,
        title={"text": say("figures.questions.clustering.axis")},
        tickvals=[place for place, words in enumerate(numbers) if words],
        ticktext=[words for words in numbers if words],
        tickangle=0,
    )
    is_named = len(names) <= NAMED
    figure.update_yaxes(
        line,
        autorange="reversed",
        title={"text": "" if is_named else say("figures.questions.clustering.classes")},
        tickvals=list(range(len(names))) if is_named else [],
        ticktext=[in_figure(name) for name in shown] if is_named else [],
    )
    room = 14 + 7 * max(map(len, shown)) if is_named else 26
    return _laid_out(figure, room, grows=is_named)


def ladder(claims: Ladder, theme: Theme) -> go.Figure:
    """Three bars, the weakest claim first: the shares of the anchors that allow it, each below its words."""
    kinds, counts = ("nearest", "whole", "shared"), (claims.nearest, claims.whole, claims.shared)
    shares = 100 * np.array(counts) / max(claims.anchors, 1)
    figure = go.Figure(
        go.Bar(
            x=shares,
            y=[0, 1, 2],
            orientation="h",
            width=0.34,
            marker={"color": palette.ACCENT[theme]},
            customdata=counts,
            hovertemplate=say("figures.questions.ladder.bar", anchors=claims.anchors),
        )
    )
    for row, (kind, share) in enumerate(zip(kinds, shares, strict=True)):
        text = say(f"figures.questions.ladder.{kind}", share=share)
        figure.add_annotation(
            text=text,
            x=0,
            xanchor="left",
            y=row - 0.2,
            yanchor="bottom",
            showarrow=False,
            font={"size": 12},
            borderpad=0,
        )
    figure.update_xaxes(range=[0, 100], ticksuffix=" %", dtick=25)
    figure.update_yaxes(range=[2.3, -0.75], visible=False)
    return _laid_out(figure, 6, bottom=24)


def _above(place: float, anchor: str) -> Properties:
    """Where a word stands above a line, on one of its sides."""
    beside: Properties = {"x": place, "xanchor": anchor, "xshift": 3 if anchor == "left" else -3, "showarrow": False}
    return beside | {"y": 1, "yref": "paper", "yanchor": "bottom", "font": {"size": 11}}


def _laid_out(figure: go.Figure, left: int, *, top: int = 6, bottom: int = 40, grows: bool = False) -> go.Figure:
    """Room for numbers and titles is given, which plotly otherwise finds by drawing all once more."""
    figure.update_xaxes(automargin=False, title_standoff=6).update_yaxes(automargin=grows, title_standoff=6)
    return figure.update_layout(margin={"l": left, "r": 20, "t": top, "b": bottom}, showlegend=False)


def _faint(theme: Theme) -> str:
    """What a small share is drawn in, so that it is seen."""
    red, green, blue = (int(palette.ACCENT[theme][at : at + 2], 16) for at in (1, 3, 5))
    return f"rgba({red},{green},{blue},0.12)"


def _brief(name: str) -> str:
    return name if len(name) <= LONGEST else name[: LONGEST - 1] + "…"

"""Snapshots of strategies beside each other: pair distances, shares of triplets, and ROC curves."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import plotly.graph_objects as go

from core.comparison.curves import Band
from core.comparison.over_seeds import Histogram
from core.handover.words import percentages
from dashboard import palette
from dashboard.core_words import strategy_named
from dashboard.figures.margins import KEYS, ORDER
from dashboard.figures.progress import distance_shares
from dashboard.figures.strategy_curves import draw_band, legend, mean_line
from dashboard.figures.strategy_looks import Look
from dashboard.markdown import in_figure
from dashboard.palette import Theme
from dashboard.wording import say

HATCHES = {"easy": "", "semi-hard": "/", "hard": "x"}  # beside colour
BAR, AROUND_BARS = 44, 76  # pixels of height
MOST_LABELS = 5
EMPTY = 1e-4  # share of the pairs beyond which an axis need not show any


def reach(histogram: Histogram) -> tuple[float, float]:
    """Between which distances nearly all pairs lie."""
    edges, *counts = histogram
    ends = []
    for of in counts:
        share = np.cumsum(of) / max(of.sum(), 1)
        ends.append((np.searchsorted(share, EMPTY), np.searchsorted(share, 1 - EMPTY) + 1))
    low, high = min(low for low, _ in ends), min(max(high for _, high in ends), len(edges) - 1)
    return float(edges[low]), float(edges[high])


def distances(histogram: Histogram, ends: tuple[float, float], theme: Theme) -> go.Figure:
    """Shares of positive and negative pairs over their distance, as while a run trains."""
    figure = go.Figure(distance_shares(*histogram, theme))
    figure.update_xaxes(
        range=list(ends),
        nticks=6,
        automargin=False,
        unifiedhovertitle={"text": say("figures.progress.distance")},
    )
    figure.update_yaxes(rangemode="tozero", showticklabels=False, automargin=False)
    return figure.update_layout(margin={"l": 6, "r": 6, "t": 6, "b": 22}, showlegend=False, hovermode="x unified")


def triplets(shares: Mapping[str, np.ndarray], theme: Theme) -> go.Figure:
    """A bar for each strategy, of the mean shares of its seeds: (S, 3) of hard, semi-hard and easy ones."""
    figure = go.Figure()
    for place, hardness in enumerate(ORDER):
        of = [each[:, place] for each in shares.values()]
        figure.add_bar(
            x=[float(each.mean()) for each in of],
            y=list(range(len(of))),
            orientation="h",
            name=say(f"figures.hardness.{KEYS[hardness]}"),
            customdata=[[each.min(), each.max()] for each in of],
            marker={
                "color": palette.HARDNESS[theme][hardness],
                "pattern": {"shape": HATCHES[hardness], "size": 6, "solidity": 0.2, "fillmode": "overlay"},
                "line": {"width": 0},
            },
            hovertemplate=say("figures.strategies.triplets") + "<extra></extra>",
        )
    for row, (name, of) in enumerate(shares.items()):
        parts = [say(f"figures.hardness.{KEYS[hardness]}") for hardness in ORDER[:-1]]  # the rest is easy
        means = of.mean(axis=0).tolist()
        said = " · ".join(f"{part} {100 * mean:.1f} %" for part, mean in zip(parts, means, strict=False))
        words = {"text": f"<b>{in_figure(strategy_named(name))}</b>  {said}", "font": {"size": 12}, "showarrow": False}
        figure.add_annotation(x=0, y=row, xanchor="left", yanchor="bottom", yshift=7, borderpad=0, **words)
    figure.update_xaxes(range=[0, 1], tickformat=".0%", nticks=6)
    figure.update_yaxes(range=[len(shares) - 0.6, -0.9], showgrid=False, showticklabels=False, zeroline=False)
    margin = {"l": 8, "r": 20, "t": 30, "b": 24}
    return figure.update_layout(margin=margin, barmode="stack", bargap=0.7, legend=legend() | {"traceorder": "normal"})


def height_of_bars(count: int) -> int:
    """Pixels, for so many strategies."""
    return AROUND_BARS + BAR * count


def roc(drawn: Sequence[tuple[str, Look, Band]], unknown: float, theme: Theme) -> go.Figure:
    """True accepts over false accepts of strategies with their looks, the latter on a logarithmic axis with a place of
    its own for 0; rates below `unknown` are grey, because the pairs of one seed cannot show that they are met."""
    figure = go.Figure()
    for _, look, band in drawn:
        draw_band(figure, band, look)
    for name, look, band in drawn:
        kind = "accepted_between" if band.seeds > 1 else "accepted"
        figure.add_trace(mean_line(band, name, look, say(f"figures.strategies.{kind}")))
    floor = float(drawn[0][2].moments[0])
    figure.add_vrect(
        x0=floor / 2,
        x1=max(unknown, floor / 2),
        fillcolor=palette.MUTED[theme],
        opacity=0.12,
        line_width=0,
        layer="below",
    )
    decades = 10.0 ** np.arange(0, np.log10(floor) + 1.5, -1)  # the last would touch the label of 0
    labels = decades[:: -(-len(decades) // MOST_LABELS) or 1]
    figure.update_xaxes(
        type="log",
        range=[np.log10(floor) - 0.1, 0.05],
        tickvals=[floor, *labels],
        ticktext=["0", *percentages(labels)],
        ticklabeloverflow="allow",
        title={"text": say("figures.rate.false_accept"), "standoff": 2},
        unifiedhovertitle={"text": say("figures.strategies.far")},
    )
    fifths = np.linspace(0, 1, 6)
    title = {"text": say("figures.rate.true_accept"), "standoff": 4}
    figure.update_yaxes(range=[0, 1.03], tickvals=fifths, ticktext=percentages(fifths), title=title)
    margin = {"l": 60, "r": 20, "t": 30, "b": 38}
    return figure.update_layout(margin=margin, hovermode="x unified", legend=legend())

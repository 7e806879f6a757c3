"""Probabilities of a pair being of the same class: how reliable they are, and how they fall with the distance."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

import numpy as np
import plotly.graph_objects as go

from core.evidence.calibration_fits import Reliability
from dashboard import palette
from dashboard.figures.axes import Properties
from dashboard.figures.thresholds import percentages
from dashboard.palette import Theme
from dashboard.wording import say

LARGEST, SMALLEST = 26.0, 6.0  # diameters in pixels: all pairs in one step, and next to none
FIFTHS = np.linspace(0, 1, 6)


class Look(NamedTuple):
    """How a fit is drawn, everywhere."""

    colour: int
    symbol: str
    dash: str


LOOKS: Mapping[str, Look] = {"platt": Look(8, "circle", "solid"), "isotonic": Look(7, "diamond-open", "dash")}


def reliability_picture(fits: Mapping[str, Reliability], theme: Theme) -> go.Figure:
    """Of both fits, in the order of LOOKS: the share of genuine pairs that came true over the probability
    that was predicted. On the diagonal both are equal; the area of a point is the weight of its pairs."""
    figure = go.Figure()
    line = {"dash": "dot", "width": 1, "color": palette.MUTED[theme]}
    figure.add_scatter(x=[0, 1], y=[0, 1], mode="lines", hoverinfo="skip", showlegend=False, line=line)
    for (kind, look), fit in zip(LOOKS.items(), fits.values(), strict=True):
        known = fit.weight > 0
        weight = fit.weight[known]
        figure.add_scatter(
            x=fit.mean_predicted[known],
            y=fit.observed_share[known],
            customdata=percentages(weight),
            name=say(f"figures.fit.{kind}"),
            mode="markers",
            marker=_marker(look, theme) | {"size": np.maximum(LARGEST * np.sqrt(weight), SMALLEST), "opacity": 0.75},
            hovertemplate=say(f"figures.fit.{kind}_hover") + "<extra></extra>",
        )
    figure.update_xaxes(title={"text": say("figures.calibration.predicted")})
    figure.update_yaxes(title={"text": say("figures.calibration.observed")})
    figure.update_xaxes(range=[-0.08, 1.08], tickvals=FIFTHS)
    return _shared(figure, say("figures.calibration.reliability"))


def probability_curves(
    middles: np.ndarray, probabilities: Mapping[str, np.ndarray], threshold: float, theme: Theme, named: str = ""
) -> go.Figure:
    """Probabilities (S,) of both fits, in the order of LOOKS, over the distance (S,); the threshold is a
    dotted line."""
    figure = go.Figure()
    for (kind, look), values in zip(LOOKS.items(), probabilities.values(), strict=True):
        line = {"width": 2, "color": _colour(look, theme), "dash": look.dash}
        figure.add_scatter(
            x=middles, y=values, name=say(f"figures.fit.{kind}"), mode="lines", line=line, hovertemplate="%{y:.3f}"
        )
    figure.add_vline(x=threshold, line={"dash": "dot", "width": 1.5, "color": palette.ACCENT[theme]})
    figure.update_xaxes(
        title={"text": say("figures.calibration.distance", distance=named)},
        range=[middles[0], middles[-1]],
        hoverformat=".4g",
        nticks=6,
    )
    figure.update_yaxes(title={"text": say("figures.calibration.probability")})
    return _shared(figure, say("figures.calibration.curves")).update_layout(hovermode="x unified")


def _shared(figure: go.Figure, title: str) -> go.Figure:
    figure.update_yaxes(range=[-0.08, 1.08], tickvals=FIFTHS)
    return figure.update_layout(
        margin={"l": 8, "r": 12, "t": 44, "b": 8},
        title={"text": title, "x": 0, "y": 1, "yanchor": "top", "pad": {"t": 4}, "font": {"size": 13}},
        legend={"orientation": "h", "y": 1.0, "yanchor": "bottom", "x": 1, "xanchor": "right", "font": {"size": 11}},
    )


def _marker(look: Look, theme: Theme) -> Properties:
    return {"color": _colour(look, theme), "symbol": look.symbol}


def _colour(look: Look, theme: Theme) -> str:
    return palette.CLASSES[theme][look.colour]

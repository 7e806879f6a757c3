"""ROC and DET: the two kinds of errors against each other, with the point that follows the threshold's handle."""

from __future__ import annotations

from statistics import NormalDist

import numpy as np
import plotly.graph_objects as go

from core.evidence.evidence import Evidence
from core.handover.words import percentages
from core.statistics.roc import Curve
from dashboard import palette
from dashboard.components.gestures import Follower, Numbers
from dashboard.figures.axes import Properties
from dashboard.palette import Theme
from dashboard.wording import say

HERE = "threshold"  # the trace with the point
MOST_LABELS = 4
HIGHEST = 0.9
ROUND_RATES = (1e-6, 1e-4, 0.01, 0.1, 0.5)
LABEL_HEIGHT, LETTER_WIDTH = 0.1, 0.026  # shares of the axis


def roc(evidence: Evidence, theme: Theme, *, is_similarity: bool = False) -> go.Figure:
    """True accepts over false accepts, the latter on a logarithmic axis with a place of its own for 0.

    The band holds the 95 % interval of the true accept rate; what the pairs cannot show is left grey.
    """
    curve, floor = evidence.curve, _floor(evidence.curve.negative_count)
    follower = roc_follower(curve)
    figure = _figure(say("figures.curves.roc"), follower, curve, theme, is_similarity)
    missed = evidence.false_reject_band()
    _add_band(figure, follower.x, 1 - missed.high, 1 - missed.low, theme)
    _add_unknown(figure, floor / 2, max(evidence.smallest_rates()[0], floor / 2), theme)
    decades = 10.0 ** np.arange(0, np.log10(floor) + 1.5, -1)  # the last would touch the label of 0
    shown = decades[:: -(-len(decades) // MOST_LABELS) or 1]
    figure.update_xaxes(
        type="log",
        range=[np.log10(floor) - 0.1, 0.1],
        tickvals=[floor, *shown],
        ticktext=["0", *percentages(shown)],
        ticklabeloverflow="allow",
        title={"text": say("figures.rate.false_accept")},
    )
    fifths = np.linspace(0, 1, 6)
    title = {"text": say("figures.rate.true_accept")}
    figure.update_yaxes(range=[0, 1.03], tickvals=fifths, ticktext=percentages(fifths), title=title)
    return figure


def det(evidence: Evidence, theme: Theme, *, is_similarity: bool = False) -> go.Figure:
    """False rejects over false accepts, both on normal-deviate axes: two bell curves give a straight line.

    The dotted diagonal is where both rates are equal. Rates above HIGHEST lie at the border. The band holds the 95 %
    interval of the false reject rate; what the pairs cannot show is left grey.
    """
    curve = evidence.curve
    follower = det_follower(curve)
    figure = _figure(say("figures.curves.det"), follower, curve, theme, is_similarity)
    diagonal = [_deviate(_floor(max(curve.negative_count, curve.positive_count))), _deviate(HIGHEST)]
    line = {"dash": "dot", "width": 1, "color": palette.MUTED[theme]}
    figure.add_scatter(x=diagonal, y=diagonal, mode="lines", hoverinfo="skip", line=line)
    missed, lowest = evidence.false_reject_band(), _floor(curve.positive_count)
    low, high = (_deviates(np.clip(ends, lowest, HIGHEST)) for ends in missed)
    _add_band(figure, follower.x, low, high, theme)
    first, smallest = _floor(curve.negative_count), evidence.smallest_rates()[0]
    _add_unknown(figure, _deviate(first) - 1, _deviate(min(max(smallest, first), HIGHEST)), theme)
    figure.update_xaxes(**_deviate_axis(curve.negative_count, say("figures.rate.false_accept")))
    figure.update_yaxes(**_deviate_axis(curve.positive_count, say("figures.rate.false_reject"), is_upright=True))
    return figure


def roc_follower(curve: Curve) -> Follower:
    """The point of a threshold on the ROC curve, for all thresholds."""
    return Follower(HERE, np.maximum(curve.false_accept_rate, _floor(curve.negative_count)), curve.true_accept_rate)


def det_follower(curve: Curve) -> Follower:
    """The point of a threshold on the DET curve, for all thresholds."""
    kinds = ((curve.false_accept_rate, curve.negative_count), (curve.false_reject_rate, curve.positive_count))
    x, y = (_deviates(np.clip(rates, _floor(count), HIGHEST)) for rates, count in kinds)
    return Follower(HERE, x, y)


def _add_band(figure: go.Figure, x: Numbers, low: np.ndarray, high: np.ndarray, theme: Theme) -> None:
    """Behind the curve, from one end of an interval to the other."""
    outline = {"x": np.concatenate([x, x[::-1]]), "y": np.concatenate([high, low[::-1]])}
    figure.add_scatter(
        **outline,
        mode="none",
        fill="toself",
        fillcolor=palette.MUTED[theme],
        opacity=0.3,
        hoverinfo="skip",
    )


def _add_unknown(figure: go.Figure, start: float, end: float, theme: Theme) -> None:
    """The false accept rates that these pairs cannot show to be met."""
    figure.add_vrect(x0=start, x1=end, fillcolor=palette.MUTED[theme], opacity=0.12, line_width=0, layer="below")


def _figure(name: str, places: Follower, curve: Curve, theme: Theme, is_similarity: bool) -> go.Figure:
    """The curve and, on it, the point that follows the handle."""
    own, kind = (0.0 - curve.thresholds, "similarity") if is_similarity else (curve.thresholds, "distance")
    words = [say(f"figures.curves.rule.{kind}", threshold=threshold) for threshold in own.tolist()]
    rates = list(zip(words, 100 * curve.false_accept_rate, 100 * curve.false_reject_rate, strict=True))
    marker = {"size": 14, "color": palette.ACCENT[theme]}
    line = {"width": 2, "color": palette.INK[theme]}
    hover = say("figures.curves.hover") + "<extra></extra>"
    figure = go.Figure(
        [
            go.Scatter(x=places.x, y=places.y, mode="lines", customdata=rates, hovertemplate=hover, line=line),
            go.Scatter(x=places.x[:1], y=places.y[:1], mode="markers", name=HERE, marker=marker),
        ]
    )
    title = {"text": name, "x": 0.5, "y": 1, "yanchor": "top", "pad": {"t": 4}, "font": {"size": 13}}
    return figure.update_layout(margin={"l": 8, "r": 20, "t": 26, "b": 8}, showlegend=False, title=title)


def _deviate_axis(count: int, title: str, *, is_upright: bool = False) -> Properties:
    """With as many round rates as have room between the labels beside them."""
    low, high = _floor(count), HIGHEST
    span = _deviate(high) - _deviate(low)
    shown: list[float] = []
    place, label = _deviate(low), "0"
    for rate in ROUND_RATES:
        text = percentages([rate])[0]
        room = LABEL_HEIGHT if is_upright else LETTER_WIDTH * (2 + (len(label) + len(text)) / 2)
        if place + room * span < _deviate(rate) < _deviate(high):
            shown, place, label = [*shown, rate], _deviate(rate), text
    return {
        "range": [_deviate(low) - 0.1, _deviate(high)],
        "tickvals": [_deviate(rate) for rate in (low, *shown)],
        "ticktext": ["0", *percentages(shown)],
        "tickangle": 0,
        "title": {"text": title},
    }


def _floor(count: int) -> float:
    """Where the axis of a rate among `count` pairs shows 0: a power of ten below the smallest rate above 0."""
    return float(10.0 ** (np.ceil(-np.log10(count)) - 1))


_deviate = NormalDist().inv_cdf


def _deviates(rates: np.ndarray) -> np.ndarray:
    return np.array([_deviate(rate) for rate in rates.tolist()])

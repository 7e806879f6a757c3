"""Where a goal puts the threshold from epoch to epoch, and how often it is wrong there or later."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import plotly.graph_objects as go
from plotly.subplots import make_subplots

from core.thresholds.outcome import Rate
from core.thresholds.over_epochs import Moment
from dashboard import palette
from dashboard.figures.thresholds import percentages
from dashboard.palette import Theme
from dashboard.wording import say

FAR, FRR = "far", "frr"
RATES: Mapping[str, tuple[Mapping[Theme, str], str, str]] = {
    FAR: (palette.NEGATIVE, "diamond", "dash"),
    FRR: (palette.POSITIVE, "circle", "solid"),
}
LOWEST = 1e-6  # share at which the axis of rates ends at the latest


def threshold_path(path: Sequence[Moment], shown: int, theme: Theme, named: str = "") -> go.Figure:
    """The threshold over the epochs with its 95 % interval, below it FAR and FRR with theirs; the snapshot after
    `shown` updates is marked."""
    figure = make_subplots(rows=2, cols=1, shared_xaxes=True, vertical_spacing=0.06, row_heights=[0.5, 0.5])
    epochs = [moment.epoch for moment in path]
    known = [(moment.epoch, *moment.interval) for moment in path if moment.interval]
    _add_band(figure, known, palette.ACCENT[theme], row=1)
    line = {"width": 2, "color": palette.ACCENT[theme]}
    figure.add_scatter(
        x=epochs,
        y=[moment.threshold for moment in path],
        name=say("figures.threshold.name"),
        mode="lines+markers",
        marker={"size": [11 if moment.step == shown else 5 for moment in path]},
        line=line,
        hovertemplate="%{y:.4g}",
        row=1,
        col=1,
    )
    _add_rates(figure, epochs, {FAR: [m.false_accept for m in path], FRR: [m.false_reject for m in path]}, theme, 2)
    for moment in path:
        if moment.step == shown:
            figure.add_vline(x=moment.epoch, line={"dash": "dot", "width": 1, "color": palette.MUTED[theme]})
    figure.update_yaxes(title={"text": say("figures.path.threshold", distance=named)}, nticks=4, row=1, col=1)
    figure.update_xaxes(title={"text": say("figures.epoch.axis")}, row=2, col=1)
    return _laid_out(figure, say("figures.path.title"))


def transfer(epochs: Sequence[float], rates: Sequence[tuple[Rate, Rate]], target: float, theme: Theme) -> go.Figure:
    """FAR and FRR at the last snapshot of the threshold of each epoch; `target` is the limit that was asked for, 0 for
    none."""
    figure = make_subplots()
    _add_rates(figure, epochs, {FAR: [far for far, _ in rates], FRR: [frr for _, frr in rates]}, theme, 1, target)
    if target > 0:
        line = {"dash": "dot", "width": 1.5, "color": palette.INK[theme]}
        ends = {"x": [min(epochs), max(epochs)], "y": [target, target]}
        figure.add_scatter(**ends, name=say("figures.path.asked"), mode="lines", hoverinfo="skip", line=line)
    figure.update_xaxes(title={"text": say("figures.path.epoch")})
    return _laid_out(figure, say("figures.path.transfer"))


def _add_rates(
    figure: go.Figure,
    epochs: Sequence[float],
    rates: Mapping[str, Sequence[Rate]],
    theme: Theme,
    row: int,
    target: float = 0.0,
) -> None:
    """Lines and bands on a logarithmic axis; what lies below its end is drawn there, and the end is then
    labelled 0."""
    shares = [rate.share for of in rates.values() for rate in of if rate.share > 0]
    floor = _floor([*shares, *([target] if target > 0 else [])])
    for name, of in rates.items():
        colours, symbol, dash = RATES[name]
        ends = [(epoch, max(rate.low, floor), max(rate.high, floor)) for epoch, rate in zip(epochs, of, strict=True)]
        _add_band(figure, ends, colours[theme], row)
        figure.add_scatter(
            x=epochs,
            y=[max(rate.share, floor) for rate in of],
            customdata=[_in_words(name, rate) for rate in of],
            name=say(f"figures.rate.{name}"),
            mode="lines+markers",
            marker={"size": 5, "symbol": symbol},
            line={"width": 1.8, "color": colours[theme], "dash": dash},
            hovertemplate="%{customdata}",
            row=row,
            col=1,
        )
    ticks = 10.0 ** np.arange(np.log10(floor), 0.5)
    shown = ticks[:: -(-len(ticks) // 5)]
    words = percentages(shown)
    if any(rate.share <= floor for of in rates.values() for rate in of):
        words[0] = "0"
    figure.update_yaxes(
        type="log",
        range=[np.log10(floor) - 0.1, 0.1],
        tickvals=shown,
        ticktext=words,
        title={"text": say("figures.rate.axis")},
        row=row,
        col=1,
    )


def _add_band(figure: go.Figure, ends: Sequence[tuple[float, float, float]], colour: str, row: int) -> None:
    """From (epoch, low, high) to the next; a bar where there is but one."""
    if not ends:
        return
    epochs, lows, highs = (list(values) for values in zip(*ends, strict=True))
    if len(ends) == 1:
        look = {"x": epochs * 2, "y": lows + highs, "mode": "lines", "line": {"width": 6, "color": colour}}
    else:
        outline = {"x": epochs + epochs[::-1], "y": highs + lows[::-1], "mode": "none"}
        look = outline | {"fill": "toself", "fillcolor": colour}
    figure.add_scatter(**look, opacity=0.25, hoverinfo="skip", showlegend=False, row=row, col=1)


def _floor(shares: Sequence[float]) -> float:
    """A power of ten below all of these."""
    return float(10.0 ** (np.ceil(np.log10(max(min(shares, default=1.0), LOWEST * 10))) - 1))


def _in_words(name: str, rate: Rate) -> str:
    share, low, high = percentages(rate)
    return say(f"figures.path.share.{name}", rate=share, low=low, high=high)


def _laid_out(figure: go.Figure, title: str) -> go.Figure:
    return figure.update_layout(
        margin={"l": 8, "r": 12, "t": 44, "b": 8},
        hovermode="x unified",
        xaxis={"unifiedhovertitle": {"text": say("figures.epoch.rounded")}},
        title={"text": title, "x": 0, "y": 1, "yanchor": "top", "pad": {"t": 4}, "font": {"size": 13}},
        legend={"orientation": "h", "y": 1.0, "yanchor": "bottom", "x": 1, "xanchor": "right", "font": {"size": 11}},
    )

"""How a training goes: hardness over the updates, the loss in its two parts, distances moving apart."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import plotly.graph_objects as go
from plotly.subplots import make_subplots

from core.handover.words import percentages
from core.records.step import Step, column
from core.training.idle_updates import idle_count
from dashboard import palette
from dashboard.figures.axes import Properties
from dashboard.figures.maps import frame_name
from dashboard.figures.margins import KEYS, ORDER
from dashboard.markdown import in_figure
from dashboard.palette import Theme
from dashboard.wording import say

Histogram = tuple[np.ndarray, np.ndarray, np.ndarray]
Curves = dict[str, np.ndarray]
CURVES = ("epoch", "easy", "semi_hard", "hard", "active_share", "active_mean")
BARS = 64
MOST_POINTS = 400


def progress(
    steps: Sequence[Step],
    epoch: float,
    histogram: Histogram,
    theme: Theme,
    boundaries: Mapping[str, float] | None = None,
) -> go.Figure:
    """Three panels over one another: hardness, loss, both up to `epoch`, and the distances that `shares_frame` changes,
    with a playhead in the upper two.

    `histogram` is (edges, positive counts, negative counts) of the last snapshot; `boundaries` are distances that the
    loss has learned, by class, marked on the axis.
    """
    figure = make_subplots(
        rows=3,
        cols=1,
        vertical_spacing=0.13,
        row_heights=[0.3, 0.3, 0.4],
        specs=[[{}], [{"secondary_y": True}], [{}]],
    )
    curves = thinned(steps)
    _draw_hardness(figure, curves, theme)
    _draw_loss(figure, curves, theme)
    for row in (1, 2):
        over_epochs = {
            "range": [0, max(epoch, 0.05)],
            "nticks": 6,
            "unifiedhovertitle": {"text": say("figures.epoch.precise")},
        }
        figure.update_xaxes(over_epochs, showticklabels=row == 2, ticklabelstandoff=4, row=row, col=1)
    figure.add_traces([*distance_shares(*histogram, theme), boundary_marks(boundaries or {}, theme)], rows=3, cols=1)
    for row in (1, 2):
        figure.add_trace(_playhead(epoch, theme), row=row, col=1)
    figure.update_xaxes(nticks=6, unifiedhovertitle={"text": say("figures.progress.distance")}, row=3, col=1)
    figure.update_yaxes(rangemode="tozero", showticklabels=False, row=3, col=1)
    figure.update_layout(
        margin={"l": 40, "r": 40, "t": 20, "b": 20},
        showlegend=False,
        hovermode="x unified",
        annotations=[
            _title(text, axis)
            for text, axis in zip(_titles(steps, theme, bool(boundaries)), ("y", "y2", "y4"), strict=True)
        ],
    )
    return figure


def shares_frame(histogram: Histogram, epoch: float, boundaries: Mapping[str, float] | None = None) -> Properties:
    """The frame that turns the distances and boundaries of a `progress` into those of another snapshot, and moves the
    playhead there."""
    marks = {"x": np.array(list((boundaries or {}).values()), np.float32)}
    moved = [*moved_shares(*histogram), marks, *[{"x": np.full(2, epoch, np.float32)}] * 2]
    return {"name": frame_name(epoch), "data": moved, "traces": [5, 6, 7, 8, 9]}


def _playhead(epoch: float, theme: Theme) -> go.Scatter:
    """Where the map beside the curves stands: a line from the bottom of a panel to its top."""
    return go.Scatter(
        x=np.full(2, epoch, np.float32),
        y=[0, 1],
        mode="lines",
        name="playhead",
        hoverinfo="skip",
        line={"width": 1.5, "color": palette.INK[theme], "dash": "dot"},
    )


def boundary_marks(boundaries: Mapping[str, float], theme: Theme) -> go.Scatter:
    """A tick on the axis of distances for each learned boundary."""
    return go.Scatter(
        x=np.array(list(boundaries.values()), np.float32),
        y=np.zeros(len(boundaries)),
        mode="markers",
        name=say("figures.progress.boundary"),
        text=[in_figure(name) for name in boundaries],
        hovertemplate="%{text}: %{x:.3f}",
        marker={
            "symbol": "line-ns-open",
            "size": 16,
            "color": palette.INK[theme],
            "line": {"width": 2, "color": palette.INK[theme]},
        },
        cliponaxis=False,
    )


def _draw_hardness(figure: go.Figure, curves: Curves, theme: Theme) -> None:
    for name in reversed(ORDER):
        line = go.Scatter(
            x=curves["epoch"],
            y=curves[KEYS[name]],
            name=say(f"figures.hardness.{KEYS[name]}"),
            stackgroup="hardness",
            line={"width": 0},
            fillcolor=palette.HARDNESS[theme][name],
            hovertemplate=say("figures.hardness.share"),
        )
        figure.add_trace(line, row=1, col=1)
    figure.update_yaxes(range=[0, 1], tickformat=".0%", tickvals=[0, 0.5, 1], row=1, col=1)


def _draw_loss(figure: go.Figure, curves: Curves, theme: Theme) -> None:
    parts = (
        ("share", "active_share", palette.ACCENT, "solid"),
        ("mean", "active_mean", palette.MUTED, "dash"),
    )
    for part, key, colour, dash in parts:
        line = go.Scatter(
            x=curves["epoch"],
            y=curves[key],
            name=say(f"figures.loss.{part}"),
            line={"width": 1.6, "color": colour[theme], "dash": dash},
            hovertemplate=say(f"figures.loss.{part}_hover"),
        )
        figure.add_trace(line, row=2, col=1, secondary_y=key == "active_mean")
    figure.update_yaxes(range=[0, 1.04], tickformat=".0%", tickvals=[0, 0.5, 1], row=2, col=1, secondary_y=False)
    top = float(np.fmax.reduce(curves["active_mean"], initial=0.0)) or 1.0
    means = {"range": [0, 1.04 * top], "tickvals": [0, top], "ticktext": ["0", f"{top:.2g}"], "showgrid": False}
    figure.update_yaxes(means, row=2, col=1, secondary_y=True)


def _titles(steps: Sequence[Step], theme: Theme, has_boundaries: bool) -> tuple[str, str, str]:
    hardness = {
        KEYS[name]: _inked(say(f"figures.hardness.{KEYS[name]}"), palette.HARDNESS[theme][name]) for name in ORDER
    }
    parts = {
        "share": _inked(say("figures.loss.share"), palette.ACCENT[theme]),
        "mean": _inked(say("figures.loss.mean"), palette.MUTED[theme]),
    }
    pairs = {
        "positive": _inked(say("figures.positive.short"), palette.POSITIVE[theme]),
        "negative": _inked(say("figures.negative.short"), palette.NEGATIVE[theme]),
    }
    idle = idle_count(steps)
    share = percentages([idle / len(steps)])[0] if idle else ""
    return (
        say("figures.progress.hardness", **hardness),
        say("figures.progress.loss_idle" if idle else "figures.progress.loss", idle=share, **parts),
        say("figures.progress.distances_and_ticks" if has_boundaries else "figures.progress.distances", **pairs),
    )


def _inked(text: str, colour: str) -> str:
    return f'<span style="color:{colour}"><b>{text}</b></span>'


def _title(text: str, axis: str) -> Properties:
    """A line of text just above the panel of a y axis, which names its curves in their colours."""
    place: Properties = {
        "xref": "paper",
        "yref": f"{axis} domain",
        "x": 0,
        "y": 1.0,
        "xanchor": "left",
        "yanchor": "bottom",
    }
    return place | {"text": text, "showarrow": False, "font": {"size": 12}}


def distance_shares(edges: np.ndarray, positive: np.ndarray, negative: np.ndarray, theme: Theme) -> list[go.Scatter]:
    """Shares of the positive and of the negative pairs per bar of distance: exact counts, summed to BARS bars."""
    traces = []
    looks = (
        ("positive", palette.POSITIVE[theme], {"fill": "tozeroy"}),
        ("negative", palette.NEGATIVE[theme], {"fill": "tozeroy", "fillpattern": {"shape": "/"}}),
    )
    for (kind, colour, fill), moved in zip(looks, moved_shares(edges, positive, negative), strict=True):
        dash = "dash" if "fillpattern" in fill else "solid"
        line = {"shape": "hv", "width": 1.4, "color": colour, "dash": dash}
        words = {"name": say(f"figures.{kind}.pairs"), "hovertemplate": say(f"figures.{kind}.share")}
        traces.append(go.Scatter(moved, line=line, **words, **fill))
    return traces


def moved_shares(edges: np.ndarray, positive: np.ndarray, negative: np.ndarray) -> list[dict[str, np.ndarray]]:
    """What of `distance_shares` changes from snapshot to snapshot."""
    places = edges[:: max(len(positive) // BARS, 1)]
    return [{"x": places, "y": shares_in_bars(counts)} for counts in (positive, negative)]


def shares_in_bars(counts: np.ndarray) -> np.ndarray:
    """Counts per bin -> the share of all in each of about BARS bars, and the zero that closes the last one."""
    group = max(len(counts) // BARS, 1)
    bars = np.add.reduceat(counts, np.arange(0, len(counts), group)) / max(int(counts.sum()), 1)
    return np.append(bars, 0.0)


def thinned(steps: Sequence[Step]) -> Curves:
    """At most MOST_POINTS means of consecutive updates, (T,) float32 by name: a long run stays a line and not a hedge.

    Of the last group there may be fewer updates than of the others. A panel is about as many pixels wide, and its
    height has fewer steps than float32. Updates without a term above 0 have no mean of these: NaN where all have none,
    which is a gap in the line and not a loss of 0.
    """
    size = -(-len(steps) // MOST_POINTS) or 1
    starts = np.arange(0, len(steps), size)
    counts = np.diff(starts, append=len(steps))
    values = {key: column(steps, key) for key in CURVES}
    if not steps:
        return {key: of.astype(np.float32) for key, of in values.items()}
    trained = np.add.reduceat((values["active_share"] > 0).astype(np.float64), starts)
    shares = dict.fromkeys(CURVES, counts) | {"active_mean": np.where(trained, trained, np.nan)}
    return {key: (np.add.reduceat(of, starts) / shares[key]).astype(np.float32) for key, of in values.items()}

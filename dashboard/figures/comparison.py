"""Several runs side by side: a map over a histogram for each, and one time for all."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import cycle
from typing import Any, Protocol, TypeVar

import numpy as np
import plotly.graph_objects as go
from plotly.subplots import make_subplots

from dashboard import palette
from dashboard.figures.axes import Properties
from dashboard.figures.maps import Axes, frame_name, map_traces, moved_map
from dashboard.figures.progress import distance_shares, moved_shares
from dashboard.figures.strategy_looks import Look
from dashboard.markdown import in_figure
from dashboard.palette import Theme
from dashboard.wording import say

LOOKS = (("circle", "solid"), ("diamond", "dash"), ("square", "dot"), ("triangle-up", "dashdot"))  # beside colour
Found_co = TypeVar("Found_co", covariant=True)


class BySnapshot(Protocol[Found_co]):
    """What each snapshot has, by its place: a list, or what is read once it is asked for."""

    def __getitem__(self, row: int, /) -> Found_co: ...


@dataclass(frozen=True)
class Shown:
    """What the comparison needs of one run."""

    title: str
    epochs: Sequence[float]
    layouts: BySnapshot[np.ndarray]
    histograms: BySnapshot[tuple[np.ndarray, np.ndarray, np.ndarray]]
    labels: np.ndarray
    class_names: Sequence[str]
    ids: np.ndarray | None = None
    """(N,) the same for the same sample in every run; the rows of the points where nothing else is said."""
    texts: Sequence[str] | None = None
    """(N,) what is said of each point; its class where nothing else is."""
    waits: str = ""
    """Where a run stands that has no snapshot yet: its place is kept."""

    def row_at(self, epoch: float) -> int:
        """The last snapshot taken by then; the first one if none was."""
        return max(int(np.searchsorted(self.epochs, epoch, side="right")) - 1, 0)


def comparison(runs: Sequence[Shown], axes: Sequence[Axes], theme: Theme) -> go.Figure:
    """Columns are runs, each with the axes of its map: as they are at their first snapshots, from which the frames of
    `moments` move them. A run that waits has an empty frame that says so."""
    figure = make_subplots(
        rows=2,
        cols=len(runs),
        row_heights=[0.72, 0.28],
        vertical_spacing=0.04,
        horizontal_spacing=0.03,
        subplot_titles=[in_figure(run.title) for run in runs],
    )
    for column, (run, places) in enumerate(zip(runs, axes, strict=True), start=1):
        for place, trace in enumerate(_traces(run, theme)):
            figure.add_trace(trace, row=1 + place // 2, col=column)
        figure.update_xaxes(places["xaxis"], row=1, col=column)
        figure.update_yaxes(places["yaxis"] | {"scaleanchor": f"x{_number(column)}"}, row=1, col=column)
        figure.update_yaxes(showticklabels=False, rangemode="tozero", row=2, col=column)
    # Room for the numbers below a histogram is given, which plotly otherwise finds by drawing all once more.
    figure.update_xaxes(automargin=False).update_yaxes(automargin=False)
    figure.update_layout(margin={"l": 6, "r": 6, "t": 24, "b": 22}, showlegend=False)
    figure.update_annotations(font={"size": 13})
    for column, run in enumerate(runs, start=1):
        if run.waits:
            _keep_place(figure, column, run.waits, theme)
    return figure


def _traces(run: Shown, theme: Theme) -> list[Any]:
    """The points and the names of a map, and both kinds of pairs: four, also of a run that has nothing to show yet."""
    if run.waits:
        nothing: Properties = {"x": [], "y": []}
        return [
            *(go.Scattergl(nothing, mode=mode) for mode in ("markers", "text")),
            *(go.Scatter(nothing, mode="lines") for _ in range(2)),
        ]
    points, names = map_traces(run.layouts[0], run.labels, run.class_names, theme, run.texts)
    points.update(meta={"place": run.title})
    if run.ids is not None:
        points.update(customdata=run.ids)
    return [points, names, *distance_shares(*run.histograms[0], theme)]


def _keep_place(figure: go.Figure, column: int, waits: str, theme: Theme) -> None:
    """An empty frame where the map of a run will be, which says where the run stands."""
    place = {"xref": f"x{_number(column)} domain", "yref": f"y{_number(column)} domain"}
    line = {"color": palette.MUTED[theme], "width": 1, "dash": "dot"}
    figure.add_shape(type="rect", x0=0, x1=1, y0=0, y1=1, line=line, **place)
    figure.add_annotation(
        text=in_figure(waits), x=0.5, y=0.5, showarrow=False, font={"size": 13, "color": palette.MUTED[theme]}, **place
    )
    figure.update_xaxes(visible=False, row=2, col=column).update_yaxes(visible=False, row=2, col=column)


def _number(column: int) -> str:
    """Of the axes of a map, in plotly's names."""
    return "" if column == 1 else str(column)


def moments(runs: Sequence[Shown]) -> list[tuple[float, tuple[int, ...]]]:
    """The epochs at which any of the runs was looked at, each with the row of every one's last snapshot by then."""
    epochs = sorted({epoch for run in runs for epoch in run.epochs})
    return [(epoch, tuple(run.row_at(epoch) for run in runs)) for epoch in epochs]


def moment(runs: Sequence[Shown], epoch: float, rows: Sequence[int]) -> Properties:
    """The frame that moves a `comparison` to these snapshots of the runs."""
    data, traces = list[object](), list[int]()
    for place, (run, row) in enumerate(zip(runs, rows, strict=True)):
        if not run.waits:
            data += [*moved_map(run.layouts[row], run.labels), *moved_shares(*run.histograms[row])]
            traces += range(4 * place, 4 * place + 4)
    return {"name": frame_name(epoch), "data": data, "traces": traces}


def stacked(figure: go.Figure, count: int) -> go.Layout:
    """The layout of a comparison of that many runs with one below the other, for a narrow window."""
    layout = go.Layout(figure.layout)
    share = 1 / count
    for place in range(count):
        top, bottom = 1 - place * share, 1 - (place + 1) * share
        ends = {  # of a map, and of the histogram below it; a title has the room above
            place + 1: [bottom + 0.27 * share, top - 0.06 * share],
            count + place + 1: [bottom + 0.06 * share, bottom + 0.22 * share],
        }
        for axis, domain in ends.items():
            number = "" if axis == 1 else str(axis)
            layout[f"xaxis{number}"].domain = [0, 1]
            layout[f"yaxis{number}"].domain = domain
        layout.annotations[place].update(x=0.5, y=top - 0.05 * share)
    return layout


def quality(
    runs: Sequence[Shown], values: Sequence[Sequence[float]], name: str, theme: Theme, looks: Sequence[Look] = ()
) -> go.Figure:
    """One line per run: a number over the epochs; `looks` are those of strategies that have looks of their own."""
    by_place = (
        Look(colour, dash, symbol) for colour, (symbol, dash) in zip(palette.CLASSES[theme], cycle(LOOKS), strict=False)
    )
    figure = go.Figure(
        [
            go.Scatter(
                x=list(run.epochs),
                y=list(line),
                name=in_figure(run.title),
                mode="lines+markers",
                marker={"size": 6, "symbol": look.symbol},
                line={"width": 1.8, "color": look.colour, "dash": look.dash},
                hovertemplate=f"{name} %{{y:.3f}}",
            )
            for run, line, look in zip(runs, values, looks or by_place, strict=False)
        ]
    )
    figure.update_layout(
        margin={"l": 44, "r": 8, "t": 24, "b": 36},
        hovermode="x unified",
        xaxis={
            "title": {"text": say("figures.epoch.axis"), "standoff": 2},
            "unifiedhovertitle": {"text": say("figures.epoch.rounded")},
        },
        yaxis={"title": {"text": name, "standoff": 4}},
        legend={"orientation": "h", "y": 1.0, "yanchor": "bottom", "x": 1, "xanchor": "right"},
    )
    return figure

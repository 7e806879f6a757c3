"""The map of what one strategy improved and another did not: a mark for each held-out sample."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import plotly.graph_objects as go

from core.comparison.anchor_changes import BOTH, FIRST_ALONE, NEITHER, SECOND_ALONE, UNKNOWN, Changes
from dashboard import palette
from dashboard.core_words import strategy_named
from dashboard.figures import maps
from dashboard.figures.axes import Properties
from dashboard.palette import Theme
from dashboard.wording import say

ALIKE, ALONE = "alike", "alone"  # samples that both or neither improved, and those of one alone over them
SYMBOLS = {FIRST_ALONE: "triangle-up", SECOND_ALONE: "triangle-down", BOTH: "circle", NEITHER: "x", UNKNOWN: "circle"}
SMALL, LEAST, MOST = 4.0, 6.0, 13.0  # pixels: of samples alike, and of one alone by how much the two differ
MARK = 20  # pixels: of the ring around the sample that was clicked
TOP = 0.95  # share of those of one alone that are smaller than the largest mark


def difference_map(
    layout: np.ndarray, changes: Changes, names: tuple[str, str], texts: Sequence[str], theme: Theme
) -> go.Figure:
    """A layout (N, 2) and what each sample is called (N,): triangles up where the first alone improved a sample, and
    down where the second did, larger where they differ more; small and grey the others, crosses where neither did."""
    kinds, said = changes.kinds, _told(changes, names, texts)
    alone = (kinds == FIRST_ALONE) | (kinds == SECOND_ALONE)
    figure = go.Figure(
        [
            _points(ALIKE, layout, ~alone, said, {"size": SMALL, "opacity": 0.5}, kinds, theme),
            _points(ALONE, layout, alone, said, {"size": _sizes(changes, alone), "opacity": 0.9}, kinds, theme),
            _ring(theme),
        ]
    )
    figure.update_layout(maps.still_axes([layout]), margin={"l": 0, "r": 0, "t": 0, "b": 0}, showlegend=False)
    return figure


def ring_around(layout: np.ndarray, row: int) -> Properties:
    """The frame that has the ring of a `difference_map` stand around a sample."""
    x, y = layout[row].tolist()
    return {"name": f"{row}", "data": [{"x": [x], "y": [y]}], "traces": [2]}


def _ring(theme: Theme) -> go.Scatter:
    look = {"symbol": "circle-open", "size": MARK, "color": palette.INK[theme], "line": {"width": 2}}
    return go.Scatter(x=[], y=[], mode="markers", name="clicked", hoverinfo="skip", marker=look)


def _points(
    name: str,
    layout: np.ndarray,
    chosen: np.ndarray,
    texts: np.ndarray,
    look: Properties,
    kinds: np.ndarray,
    theme: Theme,
) -> go.Scattergl:
    rows = np.flatnonzero(chosen)
    colours = {FIRST_ALONE: palette.POSITIVE[theme], SECOND_ALONE: palette.NEGATIVE[theme]}
    return go.Scattergl(
        x=layout[rows, 0],
        y=layout[rows, 1],
        mode="markers",
        name=name,
        customdata=rows.astype(np.int32),
        text=texts[rows],
        marker={
            **look,
            "color": [colours.get(kind, palette.MUTED[theme]) for kind in kinds[rows].tolist()],
            "symbol": [SYMBOLS[kind] for kind in kinds[rows].tolist()],
        },
    )


def _sizes(changes: Changes, alone: np.ndarray) -> np.ndarray:
    differences = np.abs(changes.first - changes.second)[alone]
    top = float(np.quantile(differences, TOP)) if len(differences) else 1.0
    return np.round(LEAST + (MOST - LEAST) * np.minimum(differences / top, 1))


def _told(changes: Changes, names: tuple[str, str], texts: Sequence[str]) -> np.ndarray:
    """(N,) what is said of each on hover, as plain text."""
    first, second = map(strategy_named, names)
    words = "figures.changes.sample" if changes.begin_alike else "figures.changes.sample_apart"
    each = zip(texts, changes.before.T.tolist(), changes.after.T.tolist(), strict=True)
    told = [
        say("figures.changes.unknown", sample=text)
        if np.isnan(before).any()
        else say(
            words,
            sample=text,
            first=first,
            before=before[0],
            of_first=after[0],
            second=second,
            before_second=before[1],
            of_second=after[1],
        )
        for text, before, after in each
    ]
    return np.array(told, dtype=object)

"""The answers of a class to one task that asks for a number, in bins: the right ones above the others."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import plotly.graph_objects as go

from dashboard import palette
from dashboard.palette import Theme
from dashboard.wording import say

MOST_BINS = 24
PATTERNS = {"right": "", "wrong": "/", "ungraded": "."}


def class_answers(answers: Sequence[float], states: Sequence[str], theme: Theme, title: str) -> go.Figure:
    """N numbers, each with how it was graded, over bins of one width that all of them share; the last one takes its
    upper edge in."""
    numbers = np.asarray(answers, dtype=np.float64)
    edges = bins(numbers)
    colours = {"right": palette.ACCENT[theme], "wrong": palette.NEGATIVE[theme], "ungraded": palette.MUTED[theme]}
    figure = go.Figure()
    for state, colour in colours.items():
        own = numbers[np.array([one == state for one in states], dtype=bool)]
        if not len(own):
            continue
        figure.add_trace(
            go.Bar(
                x=(edges[1:] + edges[:-1]) / 2,
                y=np.histogram(own, edges)[0],
                width=np.diff(edges),
                name=say(f"lessons.handins.{state}"),
                marker={"color": colour, "pattern": {"shape": PATTERNS[state]}},
                hovertemplate="%{x:.4g}: %{y}<extra></extra>",
            )
        )
    figure.update_layout(
        barmode="stack",
        xaxis={"title": {"text": title}},
        yaxis={"title": {"text": say("lessons.handins.students")}, "rangemode": "tozero", "tickformat": "d"},
        margin={"l": 48, "r": 8, "t": 8, "b": 40},
        legend={"orientation": "h", "y": 1.12, "x": 0},
    )
    return figure


def bins(numbers: np.ndarray) -> np.ndarray:
    """Edges (B + 1,) of bins as wide as Freedman and Diaconis have it, at most MOST_BINS; one where all are equal."""
    low, high = float(numbers.min()), float(numbers.max())
    if low == high:
        reach = max(abs(low) * 0.05, 0.05)
        return np.array([low - reach, low + reach])
    quarter, three = np.quantile(numbers, [0.25, 0.75])
    width = 2 * (three - quarter) / len(numbers) ** (1 / 3) or (high - low) / 10
    return np.linspace(low, high, int(np.clip(np.ceil((high - low) / width), 5, MOST_BINS)) + 1)

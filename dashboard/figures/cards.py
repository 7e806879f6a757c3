"""The small picture on a loss's card: its value and its gradient over the distance."""

from __future__ import annotations

from collections.abc import Mapping

import plotly.graph_objects as go
from plotly.subplots import make_subplots

from dashboard import palette
from dashboard.components.gestures import Numbers
from dashboard.palette import Theme
from dashboard.wording import say


def loss_picture(curves: Mapping[str, Numbers], theme: Theme) -> go.Figure:
    """Two panels: value and gradient, each over the distance of a positive and of a negative pair."""
    figure = make_subplots(rows=1, cols=2, horizontal_spacing=0.14)
    drawn = (("pull", "positive", palette.POSITIVE[theme]), ("push", "negative", palette.NEGATIVE[theme]))
    for name, kind, colour in drawn:
        for column, values in ((1, curves[name]), (2, curves[f"{name}_gradient"])):
            line = {"color": colour, "width": 2, "dash": "solid" if name == "pull" else "dash"}
            figure.add_scatter(
                x=curves["distance"],
                y=values,
                mode="lines",
                name=say(f"figures.{kind}.short"),
                line=line,
                hovertemplate=say(f"figures.{kind}.apart") + "<extra></extra>",
                row=1,
                col=column,
            )
    figure.update_xaxes(range=[0, 2], nticks=3)
    figure.update_yaxes(nticks=4)
    figure.update_layout(margin={"l": 34, "r": 8, "t": 22, "b": 24}, showlegend=False, annotations=_titles())
    return figure


def _titles() -> list[dict[str, object]]:
    return [
        {
            "text": text,
            "x": 0,
            "y": 1,
            "xref": f"{axis} domain",
            "yref": f"{axis.replace('x', 'y')} domain",
            "xanchor": "left",
            "yanchor": "bottom",
            "showarrow": False,
        }
        for text, axis in ((say("figures.card.loss"), "x"), (say("figures.card.gradient"), "x2"))
    ]

"""A learned matrix as a picture: its cells, and its eigenvalues."""

from __future__ import annotations

import numpy as np
import plotly.graph_objects as go
from plotly.subplots import make_subplots

from dashboard import palette
from dashboard.palette import Theme
from dashboard.wording import say

FEW = 64  # eigenvalues that are seen one by one


def metric_picture(matrix: np.ndarray, eigenvalues: np.ndarray, theme: Theme) -> go.Figure:
    """M (D, D), symmetric, with colours that part at 0, first row on top; and its eigenvalues (D,), largest first, as
    shares of the largest."""
    titles = [say("figures.metric.matrix"), say("figures.metric.eigenvalues")]
    figure = make_subplots(rows=1, cols=2, horizontal_spacing=0.22, column_widths=[0.55, 0.45], subplot_titles=titles)
    reach = max(float(np.abs(matrix).max()), 1e-12)
    figure.add_heatmap(
        z=matrix.astype(np.float32),
        zmin=-reach,
        zmax=reach,
        colorscale=[[0, palette.NEGATIVE[theme]], [0.5, palette.PAPER[theme]], [1, palette.POSITIVE[theme]]],
        hovertemplate=say("figures.metric.cell") + "<extra></extra>",
        colorbar={"x": 0.435, "xanchor": "left", "thickness": 8, "nticks": 5, "outlinewidth": 0},
        row=1,
        col=1,
    )
    figure.add_scatter(
        x=np.arange(1, len(eigenvalues) + 1),
        y=eigenvalues / max(float(eigenvalues.max()), 1e-300),
        mode="lines+markers" if len(eigenvalues) <= FEW else "lines",
        marker={"size": 4},
        line={"color": palette.POSITIVE[theme], "width": 2},
        hovertemplate=say("figures.metric.eigenvalue") + "<extra></extra>",
        showlegend=False,
        row=1,
        col=2,
    )
    figure.update_yaxes(autorange="reversed", scaleanchor="x", constrain="domain", nticks=5, row=1, col=1)
    figure.update_xaxes(constrain="domain", nticks=5, title=say("figures.metric.number"), row=1, col=1)
    figure.update_xaxes(nticks=5, title=say("figures.metric.place"), row=1, col=2)
    figure.update_yaxes(range=[0, 1.04], nticks=4, row=1, col=2)
    figure.update_annotations(font={"size": 12})
    figure.update_layout(margin={"l": 34, "r": 8, "t": 26, "b": 40}, showlegend=False)
    return figure

"""The cumulative matching characteristic: how soon queries find one of their class."""

from __future__ import annotations

import numpy as np
import plotly.graph_objects as go

from dashboard import palette
from dashboard.palette import Theme
from dashboard.wording import say


def cmc_curve(shares: np.ndarray, theme: Theme) -> go.Figure:
    """Shares (K,) of the queries with one of their class among their 1, 2, ... K nearest."""
    low = float(np.floor(20 * np.nanmin(shares) - 1e-9) / 20) if np.isfinite(shares).any() else 0.0
    figure = go.Figure(
        go.Scatter(
            x=np.arange(1, len(shares) + 1),
            y=shares,
            mode="lines+markers",
            name="cmc",
            hovertemplate="%{x}: %{y:.3f}<extra></extra>",
            line={"color": palette.ACCENT[theme], "width": 2},
            marker={"size": 5},
        )
    )
    figure.update_layout(
        xaxis={"title": {"text": say("figures.cmc.rank")}, "range": [0.5, len(shares) + 0.5]},
        yaxis={"title": {"text": say("figures.cmc.share")}, "range": [max(low, 0.0), 1.005], "nticks": 4},
        margin={"l": 56, "r": 8, "t": 6, "b": 40},
        showlegend=False,
    )
    return figure

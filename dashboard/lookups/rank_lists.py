"""One query of a snapshot: its nearest in order, and where the others of its class stand."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import streamlit as st

from core.statistics.neighbourhoods import NEIGHBOURS
from core.statistics.rank_lists import rank_scores
from core.statistics.rank_orders import order_of
from dashboard.components.live_figure import Packed, pack
from dashboard.figures import cmc
from dashboard.lookups import neighbourhoods, runs, snapshot_arrays
from dashboard.palette import Theme
from dashboard.worded import worded

SHOWN, DEPTH = 12, 20


class RankList(NamedTuple):
    """The rows (K,) of the nearest, their distances (K,) and whether each is of the query's class (K,); of all others
    how many are, the rank of the first of these (0 if none), average precision and inverse negative penalty (NaN if
    none); how many of how many true neighbours the map loses."""

    rows: np.ndarray
    distances: np.ndarray
    is_match: np.ndarray
    matches: int
    first: int
    average_precision: float
    inverse_negative_penalty: float
    lost: int
    neighbours: int


@worded(st.cache_resource(max_entries=64, show_spinner=False))
def cmc_curve(name: str, step: int, theme: Theme) -> Packed:
    """The CMC of a snapshot whose neighbourhoods are at hand, ready to send."""
    found = neighbourhoods.found(name, step)
    assert found is not None, "who asks has the neighbourhoods at hand"
    return pack(cmc.cmc_curve(found.of.scores.cmc(min(DEPTH, max(len(found.rows) - 1, 1))), theme))


@st.cache_data(max_entries=512, show_spinner=False)
def rank_list(name: str, step: int, query: int) -> RankList:
    """Among all points of the snapshot, by the run's distance; of equal distances the lower row stands first."""
    labels = runs.labels(name)
    order = order_of(snapshot_arrays.points(name, step), query, runs.distance_of(name))
    is_match = labels[order.rows] == labels[query]
    scores = rank_scores(is_match[None])
    k = min(NEIGHBOURS, len(order.rows))
    on_map = order_of(snapshot_arrays.shown_layout(name, step), query)
    return RankList(
        order.rows[:SHOWN],
        order.distances[:SHOWN],
        is_match[:SHOWN],
        int(is_match.sum()),
        int(scores.first[0]),
        float(scores.average_precision[0]),
        float(scores.inverse_negative_penalty[0]),
        k - int(np.isin(order.rows[:k], on_map.rows[:k]).sum()),
        k,
    )

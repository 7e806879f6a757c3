"""The learned matrix of a linear head as a picture, packed, with what is said of it."""

from __future__ import annotations

from typing import NamedTuple

import streamlit as st

from core.statistics.learned_metric import effective_directions, metric_of, spectrum_of
from dashboard.components.live_figure import Packed, pack
from dashboard.figures.learned_metric import metric_picture
from dashboard.lookups import runs
from dashboard.palette import Theme
from dashboard.worded import worded


class LearnedMetric(NamedTuple):
    """The picture of M, over how many numbers it is, and how many directions it looks along."""

    picture: Packed
    numbers: int
    directions: float


@worded(st.cache_data(max_entries=16, show_spinner=False))
def learned_metric(name: str, step: int, seconds: float, theme: Theme) -> LearnedMetric | None:
    """Of the snapshot after `step` updates; None where it keeps no linear map. The `seconds` of training tell it from
    the same one made again."""
    linear_map = runs.run_of(name).linear_map(step)
    if linear_map is None:
        return None
    eigenvalues = spectrum_of(linear_map)
    picture = pack(metric_picture(metric_of(linear_map), eigenvalues, theme))
    return LearnedMetric(picture, linear_map.shape[1], effective_directions(eigenvalues))

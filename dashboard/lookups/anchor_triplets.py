"""The triplets of one anchor, and their figures, packed."""

from __future__ import annotations

import streamlit as st

from core.statistics.anchor_census import AnchorTriplets, census_of_anchor, distances_from
from dashboard import palette
from dashboard.components.live_figure import Packed, pack
from dashboard.components.packed_handle import PackedHandle, pack_handle
from dashboard.figures import choices, margins
from dashboard.figures import triplets as figures
from dashboard.figures.axes import axis_name
from dashboard.figures.margins import Counts
from dashboard.lookups.runs import class_names, distance_of, labels, run_of
from dashboard.lookups.snapshot_arrays import layout
from dashboard.worded import worded


@st.cache_resource(max_entries=64, show_spinner=False)
def triplets(name: str, step: int, anchor: int) -> AnchorTriplets:
    """All triplets of one anchor in one snapshot, by the run's own distance, with their counts at every margin."""
    arrays = run_of(name).snapshot(step, "embeddings", "margins")
    to_others = distances_from(arrays["embeddings"], anchor, distance_of(name))
    return census_of_anchor(to_others, labels(name), anchor, arrays["margins"])


@worded(st.cache_resource(max_entries=256, show_spinner=False))
def triplet_counts(name: str, step: int) -> Counts:
    """The counts of all triplets of a snapshot, as the worker made them."""
    line = next(numbers for numbers in run_of(name).snapshots() if numbers.step == step)
    semi_hard = run_of(name).snapshot(step, "semi_hard_counts")["semi_hard_counts"]
    return Counts(line.hard or 0, semi_hard, line.triplets)


@worded(st.cache_resource(max_entries=64, show_spinner=False))
def triplet_map(name: str, step: int, anchor: int, theme: palette.Theme) -> Packed:
    """The map of a snapshot with an anchor's triplets, ready to send."""
    shown = triplets(name, step, anchor)
    return pack(figures.anchored_map(layout(name, step), labels(name), class_names(name), shown, theme))


@worded(st.cache_resource(max_entries=64, show_spinner=False))
def triplet_plane(name: str, step: int, anchor: int, theme: palette.Theme) -> Packed:
    """The plane of an anchor's triplets, ready to send."""
    shown, named = triplets(name, step, anchor), axis_name(distance_of(name))
    return pack(figures.plane(shown, class_names(name), labels(name), theme, named))


@worded(st.cache_resource(max_entries=64, show_spinner=False))
def handles(name: str, step: int, anchor: int, theme: palette.Theme) -> tuple[PackedHandle, PackedHandle]:
    """The margin as it is dragged on the plane, and as it follows on the map, ready to send."""
    shown, margin = triplets(name, step, anchor), 0.0
    return (
        pack_handle(margins.margin_handle(shown, triplet_counts(name, step), margin, theme)),
        pack_handle(margins.margin_on_the_map(layout(name, step), shown, margin, theme)),
    )


@st.cache_data(max_entries=64, show_spinner=False)
def first_anchor(name: str, step: int) -> int:
    """An image whose triplets are worth looking at first."""
    return choices.first_anchor(run_of(name).snapshot(step, "embeddings")["embeddings"], labels(name))

"""What lies beneath the matrix of a comparison: curves, distances, triplets, ROC curves and settings, one at a time."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import streamlit as st

from dashboard.compare import curves, leads, side_by_side
from dashboard.compare.shown import Beneath, Shown
from dashboard.core_words import setting_named, strategy_named, value_named
from dashboard.lookups import strategy_runs
from dashboard.markdown import plain, table
from dashboard.settings import VIEW
from dashboard.wording import say


def show(shown: Shown, number: str) -> None:
    """The view that the address names, of what has a snapshot; `number` is the one that the matrix is of."""
    row = st.container(
        horizontal=True, horizontal_alignment="distribute", vertical_alignment="center", key="compare.beneath"
    )
    view = row.segmented_control(
        say("compare.view.label"),
        list(VIEWS),
        required=True,
        format_func=_title,
        label_visibility="collapsed",
        **VIEW.widget(VIEW.among(list(VIEWS), shown=_title)),
    )
    begun = strategy_runs.begun(shown.comparison)
    VIEWS[view](Beneath(shown, begun, number, row))
    with row:
        leads.offer(shown, begun)


def _title(view: str) -> str:
    return say(f"compare.view.{view}")


def _show_settings(of: Beneath) -> None:
    """In rows the settings that differ, in columns the strategies."""
    shown = of.shown
    differing = strategy_runs.differing_settings(shown.comparison, shown.strategies)
    if not differing:
        st.caption(say("compare.settings.none"))
        return
    rows = [
        [plain(setting_named(setting)), *(plain("–" if value is None else value_named(value)) for value in values)]
        for setting, values in differing.items()
    ]
    with st.container(key="compare.settings"):
        st.markdown(table(["", *(plain(strategy_named(name)) for name in shown.strategies)], rows))
    st.caption(say("compare.settings.caption"))


VIEWS: Mapping[str, Callable[[Beneath], None]] = {
    "curves": curves.show,
    "distances": side_by_side.show_distances,
    "triplets": side_by_side.show_triplets,
    "roc": side_by_side.show_roc,
    "settings": _show_settings,
}

"""Figures of several runs, packed."""

from __future__ import annotations

import streamlit as st

from core.records.main_numbers import MainNumber
from dashboard import palette
from dashboard.components.live_figure import Packed, pack
from dashboard.figures import comparison as figures
from dashboard.lookups import runs, snapshot_arrays
from dashboard.wording import say


@st.cache_data(max_entries=16, show_spinner=False)
def comparison(names: tuple[str, ...], steps: tuple[tuple[int, ...], ...], theme: palette.Theme) -> Packed:
    """Maps and histograms of several runs on one time, ready to send."""
    figure = figures.comparison(_shown(names, steps), theme)
    return pack(figure, figures.stacked(figure, len(names)), say("figures.epoch.frame_of"))


@st.cache_data(max_entries=16, show_spinner=False)
def quality(
    names: tuple[str, ...], steps: tuple[tuple[int, ...], ...], number: MainNumber, theme: palette.Theme
) -> Packed:
    """One number of several runs over the epochs, ready to send."""
    shown = _shown(names, steps)
    values = [
        [number.of(numbers) for numbers in runs.run_of(name).snapshots()][: len(of)]
        for name, of in zip(names, steps, strict=True)
    ]
    return pack(figures.quality(shown, values, number.title, theme))


def _shown(names: tuple[str, ...], steps: tuple[tuple[int, ...], ...]) -> list[figures.Shown]:
    titles = runs.differing_titles(names)
    return [_one_shown(*of) for of in zip(names, steps, titles, strict=True)]


def _one_shown(name: str, steps: tuple[int, ...], title: str) -> figures.Shown:
    snapshots = [numbers for numbers in runs.run_of(name).snapshots() if numbers.step in steps]
    return figures.Shown(
        title=title,
        epochs=[numbers.epoch for numbers in snapshots],
        layouts=[snapshot_arrays.layout(name, step) for step in steps],
        histograms=[snapshot_arrays.histogram(name, step) for step in steps],
        labels=runs.labels(name),
        class_names=runs.class_names(name),
    )

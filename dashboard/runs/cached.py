"""What pages read again and again, read once: keyed by run and step, never by arrays."""

from __future__ import annotations

from typing import Any

import numpy as np
import streamlit as st

from core.datasets import contact_sheet, example_rows
from core.distances.base import Distance
from core.experiment.experiment import Experiment
from core.records.main_numbers import MainNumber
from core.records.run_record import DataRecord, RunRecord
from core.runs.run_folder import Run
from core.statistics.anchor_census import AnchorTriplets, census_of_anchor, distances_from
from dashboard import palette
from dashboard.components.gestures import Sprite
from dashboard.components.live_figure import Packed, pack
from dashboard.figures import choices
from dashboard.figures import comparison as comparisons
from dashboard.figures import triplets as figures_of_triplets
from dashboard.figures.axes import axis_name
from dashboard.figures.margins import Counts
from dashboard.runs import state


def run_of(name: str) -> Run:
    """The run folder; ValueError where it is gone."""
    run = state.find_run(name)
    if run is None:
        raise ValueError(f"the run must be one that is kept here, got {name!r}. Choose one from the menu.")
    return run


@st.cache_data(max_entries=4000, show_spinner=False)
def layout(name: str, step: int) -> np.ndarray:
    """(N, 2) places on the map; small, and every frame of a run needs one."""
    return run_of(name).snapshot(step, "map")["map"]


@st.cache_data(max_entries=4000, show_spinner=False)
def histogram(name: str, step: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Edges, positive counts and negative counts of the pair distances."""
    arrays = run_of(name).snapshot(step, "edges", "positive_counts", "negative_counts")
    return arrays["edges"], arrays["positive_counts"], arrays["negative_counts"]


@st.cache_data(max_entries=64, show_spinner=False)
def threshold_edges(name: str, step: int) -> np.ndarray:
    """(S + 1,) edges of the thresholds that a snapshot's pairs were counted at."""
    return run_of(name).threshold_edges(step)


@st.cache_data(max_entries=16, show_spinner=False)
def snapshot(name: str, step: int) -> dict[str, np.ndarray]:
    """All arrays of one snapshot, which never change once written."""
    return run_of(name).snapshot(step)


@st.cache_data(max_entries=64, show_spinner=False)
def labels(name: str) -> np.ndarray:
    """(N,) labels of the probe set, in the order of the embeddings."""
    return run_of(name).probe()["labels"]


@st.cache_data(max_entries=64, show_spinner=False)
def record(name: str) -> RunRecord:
    """run.json of a run that has begun: it does not change any more."""
    return run_of(name).record()


def data(name: str) -> DataRecord:
    """What a run that has begun says of its data."""
    return record(name).known_data


def is_of_pairs(name: str) -> bool:
    """Whether a run has nothing but pairs, be they scored, listed or those that count among roles."""
    return record(name).kind.is_of_pairs


@st.cache_data(max_entries=8, show_spinner=False)
def points(name: str, step: int) -> np.ndarray:
    """What the run's distance compares (N, D), made of all embeddings of a snapshot together."""
    return distance_of(name).prepared(snapshot(name, step)["embeddings"])


def distance_of(name: str) -> Distance:
    """What a run compares by, in training and in its statistics."""
    return run_of(name).experiment().distance


def class_names(name: str) -> list[str]:
    """Of a run, in order of their labels."""
    return list(data(name).class_names)


def sprite(name: str) -> Sprite:
    """Where the browser finds the probe set's images."""
    probe = record(name).probe
    if probe is None:
        raise ValueError(f"the run must be of images, got {name!r}, which has none. Choose a trained one.")
    return Sprite(f"/runs/{name}/probe.png", probe.tile_width, probe.tile_height, probe.columns)


@st.cache_data(max_entries=16, show_spinner=False)
def example_strip(described: dict[str, Any], columns: int = 10) -> np.ndarray:
    """One row of images of a data set, one per class for the first classes."""
    images = Experiment.from_described({"dataset": described}).dataset.load()
    rows = example_rows(images, per_class=1, classes=columns)
    return contact_sheet(images.pixels[rows], columns)


@st.cache_data(max_entries=16, show_spinner=False)
def comparison(names: tuple[str, ...], steps: tuple[tuple[int, ...], ...], theme: palette.Theme) -> Packed:
    """Maps and histograms of several runs on one time, ready to send."""
    return pack(comparisons.comparison(_shown(names, steps), theme))


@st.cache_data(max_entries=16, show_spinner=False)
def quality(
    names: tuple[str, ...], steps: tuple[tuple[int, ...], ...], number: MainNumber, theme: palette.Theme
) -> Packed:
    """One number of several runs over the epochs, ready to send."""
    shown = _shown(names, steps)
    values = [
        [number.of(numbers) for numbers in run_of(name).snapshots()][: len(of)]
        for name, of in zip(names, steps, strict=True)
    ]
    return pack(comparisons.quality(shown, values, number.title, theme))


def _shown(names: tuple[str, ...], steps: tuple[tuple[int, ...], ...]) -> list[comparisons.Shown]:
    titles = state.differing_titles(names)
    return [_one_shown(*of) for of in zip(names, steps, titles, strict=True)]


def _one_shown(name: str, steps: tuple[int, ...], title: str) -> comparisons.Shown:
    snapshots = [numbers for numbers in run_of(name).snapshots() if numbers.step in steps]
    return comparisons.Shown(
        title=title,
        epochs=[numbers.epoch for numbers in snapshots],
        layouts=[layout(name, step) for step in steps],
        histograms=[histogram(name, step) for step in steps],
        labels=labels(name),
        class_names=class_names(name),
    )


@st.cache_data(max_entries=64, show_spinner=False)
def triplets(name: str, step: int, anchor: int) -> AnchorTriplets:
    """All triplets of one anchor in one snapshot, by the run's own distance, with their counts at every margin."""
    arrays = run_of(name).snapshot(step, "embeddings", "margins")
    to_others = distances_from(arrays["embeddings"], anchor, distance_of(name))
    return census_of_anchor(to_others, labels(name), anchor, arrays["margins"])


@st.cache_data(max_entries=256, show_spinner=False)
def triplet_counts(name: str, step: int) -> Counts:
    """Of all triplets of a snapshot, as the worker counted them."""
    line = next(numbers for numbers in run_of(name).snapshots() if numbers.step == step)
    semi_hard = run_of(name).snapshot(step, "semi_hard_counts")["semi_hard_counts"]
    return Counts(line.hard or 0, semi_hard, line.triplets)


@st.cache_data(max_entries=64, show_spinner=False)
def triplet_map(name: str, step: int, anchor: int, theme: palette.Theme) -> Packed:
    """The map of a snapshot with an anchor's triplets, ready to send."""
    shown = triplets(name, step, anchor)
    return pack(figures_of_triplets.anchored_map(layout(name, step), labels(name), class_names(name), shown, theme))


@st.cache_data(max_entries=64, show_spinner=False)
def triplet_plane(name: str, step: int, anchor: int, theme: palette.Theme) -> Packed:
    """The plane of an anchor's triplets, ready to send."""
    shown, named = triplets(name, step, anchor), axis_name(distance_of(name))
    return pack(figures_of_triplets.plane(shown, class_names(name), labels(name), theme, named))


@st.cache_data(max_entries=64, show_spinner=False)
def first_anchor(name: str, step: int) -> int:
    """An image whose triplets are worth looking at first."""
    return choices.first_anchor(run_of(name).snapshot(step, "embeddings")["embeddings"], labels(name))

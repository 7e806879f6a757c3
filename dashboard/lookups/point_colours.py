"""What the points of a map can be coloured by: a value for each point, and how it is told."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import streamlit as st

from core.jobs.measure_neighbourhoods import Found
from core.verification.label_errors import label_scores
from dashboard.lookups import neighbourhoods, runs

CLASS, CORRECT, LABEL_ERRORS, HUBS, OUTLIERS, LOST, MOVED = (
    "class",
    "correct",
    "label_errors",
    "hubs",
    "outliers",
    "lost",
    "moved",
)
OF_NEIGHBOURS = (CORRECT, LABEL_ERRORS, HUBS, OUTLIERS, LOST, MOVED)
OWN = "column:"  # before the name of a column that a reader brought
NOT_OWN = ("rows", "labels", "names")


class Colouring(NamedTuple):
    """A value for each point (N,): numbers with NaN where one is not known, or with `names` the place of its name
    there."""

    values: np.ndarray
    names: tuple[str, ...] = ()


@st.cache_data(max_entries=64, show_spinner=False)
def own_columns(name: str) -> list[str]:
    """What a reader brought beside labels, with a value for each point."""
    probe, count = runs.run_of(name).probe(), len(runs.labels(name))
    return [column for column, values in probe.items() if column not in NOT_OWN and values.shape == (count,)]


def offered(name: str, steps: int) -> list[str]:
    """What the points of a run with so many snapshots can be coloured by."""
    built_in = [CLASS, *(by for by in OF_NEIGHBOURS if by != MOVED or steps > 1)]
    return [*built_in, *(f"{OWN}{column}" for column in own_columns(name))]


def colouring(name: str, step: int, by: str, first_step: int) -> Colouring | None:
    """The values of a snapshot; None while its neighbourhoods, or for `MOVED` those of the first one, are looked
    for."""
    if by in OF_NEIGHBOURS:
        found = neighbourhoods.found(name, step)
        before = neighbourhoods.found(name, first_step) if by == MOVED else None
        if found is None or (by == MOVED and before is None):
            return None
    return _colouring(name, step, by, first_step)


@st.cache_resource(max_entries=64, show_spinner=False)
def _colouring(name: str, step: int, by: str, first_step: int) -> Colouring:
    if by == CLASS:
        return Colouring(runs.labels(name), tuple(runs.class_names(name)))
    if by.startswith(OWN):
        return _of_column(runs.run_of(name).probe()[by.removeprefix(OWN)])
    found = neighbourhoods.found(name, step)
    assert found is not None, "colouring has asked for it"
    if by == CORRECT:
        first = _everywhere(name, found, found.of.scores.first)
        return Colouring(
            np.where(np.isnan(first) | (first == 0), 2, first != 1).astype(int), ("right", "wrong", "none")
        )
    return Colouring(_everywhere(name, found, _values(name, found, by, first_step)))


def _values(name: str, found: Found, by: str, first_step: int) -> np.ndarray:
    """(R,) numbers of the points whose neighbourhoods are known."""
    known = found.of
    if by == LABEL_ERRORS:
        _, by_other, by_own, asked = label_scores(known.rows, runs.labels(name)[found.rows])
        return np.where(asked > 0, (by_other - by_own) / np.maximum(asked, 1), np.nan)
    if by == MOVED:
        before = neighbourhoods.found(name, first_step)
        assert before is not None, "colouring has asked for it"
        return np.array(
            [len(set(a) - set(b)) for a, b in zip(known.rows.tolist(), before.of.rows.tolist(), strict=True)]
        )
    return {HUBS: known.occurrences, OUTLIERS: known.distances[:, -1], LOST: known.lost}[by]


def _everywhere(name: str, found: Found, values: np.ndarray) -> np.ndarray:
    """The same for all points, NaN for those that were left out of the neighbourhoods."""
    all_points = np.full(len(runs.labels(name)), np.nan)
    all_points[found.rows] = values
    return all_points


def _of_column(values: np.ndarray) -> Colouring:
    if values.dtype.kind == "f":
        return Colouring(values.astype(float))
    names, places = np.unique(values, return_inverse=True)
    return Colouring(places.reshape(-1), tuple(str(one) for one in names))

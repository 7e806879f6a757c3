"""The errors of each identity at a threshold, and the thresholds that they would have."""

from __future__ import annotations

from functools import partial

import numpy as np
import streamlit as st

from core.thresholds.doddington import Animals, animals
from core.thresholds.identity_errors import IdentityErrors, identity_errors
from core.thresholds.identity_thresholds import best_thresholds
from dashboard.components.live_figure import Packed, pack
from dashboard.figures import identities as figures
from dashboard.lookups import runs, snapshot_arrays, wrong_pairs
from dashboard.palette import Theme
from dashboard.worded import awaited, worded


@awaited("pairs.looking.identities", partial(st.cache_data, max_entries=32))
def judged(name: str, step: int, protocol: str, threshold: float) -> tuple[IdentityErrors, Animals]:
    """The errors of the identities whose pairs report, in order of the labels, and who of them stands out."""
    rows, _ = wrong_pairs.reporting_rows(name, protocol)
    errors = identity_errors(
        snapshot_arrays.points(name, step)[rows], runs.labels(name)[rows], threshold, runs.distance_of(name)
    )
    return errors, animals(errors)


@awaited("pairs.looking.own_thresholds", partial(st.cache_data, max_entries=32))
def own_thresholds(name: str, step: int, protocol: str) -> np.ndarray:
    """The threshold that would be best for each of these identities, (C,)."""
    rows, _ = wrong_pairs.reporting_rows(name, protocol)
    return best_thresholds(snapshot_arrays.points(name, step)[rows], runs.labels(name)[rows], runs.distance_of(name))


@worded(st.cache_data(max_entries=32, show_spinner=False))
def figure(name: str, step: int, protocol: str, threshold: float, theme: Theme) -> Packed:
    """The figure of each identity's errors, packed."""
    errors, found = judged(name, step, protocol, threshold)
    return pack(figures.identities(errors, found.names(), names_of(name, errors), theme))


def names_of(name: str, errors: IdentityErrors) -> list[str]:
    """The names of the identities that have pairs."""
    names = runs.class_names(name)
    return [names[label] for label in errors.identities.tolist()]


def learned_boundaries(name: str, step: int, identities: np.ndarray) -> np.ndarray | None:
    """(C,) labels -> the boundary that the loss has learned for each (C,), NaN where it has met none of its images;
    None where it learns no boundaries."""
    kept = runs.run_of(name).prototypes(step)
    if "boundaries" not in kept:
        return None
    if kept["boundary_classes"].tolist() == [-1]:
        return np.full(len(identities), kept["boundaries"][0], np.float64)
    learned = dict(zip(kept["boundary_classes"].tolist(), kept["boundaries"].tolist(), strict=True))
    return np.array([learned.get(label, np.nan) for label in identities.tolist()])

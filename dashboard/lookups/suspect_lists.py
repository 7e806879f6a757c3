"""The lists of suspects of a snapshot, with rows of the probe set. Whoever asks has its neighbourhoods at hand."""

from __future__ import annotations

import streamlit as st

from core.jobs.measure_neighbourhoods import Found
from core.verification.duplicates import Duplicate, duplicates
from core.verification.hubs import Hub, hubs, skewness
from core.verification.label_errors import LabelDoubt, label_doubts
from core.verification.outliers import Outlier, outliers
from dashboard.lookups import neighbourhoods, runs


@st.cache_data(max_entries=32, show_spinner=False)
def label_errors(name: str, step: int) -> list[LabelDoubt]:
    """Points whose neighbours agree on another label, the largest score first."""
    found = _found(name, step)
    doubts = label_doubts(found.of.rows, runs.labels(name)[found.rows])
    return [one._replace(row=int(found.rows[one.row])) for one in doubts]


@st.cache_data(max_entries=32, show_spinner=False)
def copies(name: str, step: int) -> list[Duplicate]:
    """Pairs that are as good as one point, those with two labels first."""
    found = _found(name, step)
    pairs = duplicates(found.of.copies, found.of.apart, runs.labels(name)[found.rows])
    return [one._replace(first=int(found.rows[one.first]), second=int(found.rows[one.second])) for one in pairs]


@st.cache_data(max_entries=32, show_spinner=False)
def hubs_of(name: str, step: int) -> tuple[list[Hub], float, int]:
    """Points that are near far too many others; the skewness of all k-occurrences, and how many points are near
    none."""
    found = _found(name, step)
    listed = hubs(found.of.rows, found.of.occurrences, runs.labels(name)[found.rows])
    shown = [one._replace(row=int(found.rows[one.row])) for one in listed]
    return shown, skewness(found.of.occurrences), int((found.of.occurrences == 0).sum())


@st.cache_data(max_entries=32, show_spinner=False)
def asked_neighbours(name: str, step: int) -> int:
    """How many neighbours each point is judged by."""
    return _found(name, step).of.k


@st.cache_data(max_entries=32, show_spinner=False)
def outliers_of(name: str, step: int) -> list[Outlier]:
    """Points whose nearest are far away, the furthest first."""
    found = _found(name, step)
    return [one._replace(row=int(found.rows[one.row])) for one in outliers(found.of.distances[:, -1])]


def _found(name: str, step: int) -> Found:
    found = neighbourhoods.found(name, step)
    assert found is not None, "who asks has the neighbourhoods at hand"
    return found

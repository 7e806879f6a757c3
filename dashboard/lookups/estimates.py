"""How long runs take, by what earlier runs of the store took."""

from __future__ import annotations

import os
from collections.abc import Sequence
from math import inf
from typing import NamedTuple

import streamlit as st

from core.comparison.paces import Work, pace_here, work_of
from core.engine.process import cores, ready_workers
from core.experiment.experiment import Experiment
from core.runs.durations import Duration, Estimates, durations
from dashboard.lookups import runs

KEPT_SECONDS = 20  # in which the store is not looked through anew
LOOKED_AT = 20  # of the last trainings, for how long they took here


class Price(NamedTuple):
    """About how many seconds trainings take in all, None where that is not known, and how many bytes."""

    seconds: float | None
    bytes: float


def estimates() -> Estimates:
    """Those of the store of this installation."""
    return Estimates(runs.store(), _durations(str(runs.store().root)))


def price_of(experiments: Sequence[Experiment], share: float = 1.0) -> Price:
    """Of trainings that are started together, of each of which this share is trained."""
    works = [work_of(one) for one in experiments]
    known = [work for work in works if work is not None]
    if len(known) < len(works):
        return Price(None, sum(work.bytes for work in known))
    at_once = min(_slots(), max(len(works), 1))
    pace = pace_here(_earlier(str(runs.store().root)))
    return Price(share * pace * sum(work.seconds for work in known) / at_once, sum(work.bytes for work in known))


def _slots() -> int:
    """How many train at a time: all workers but the one that is kept free, or as many as an engine would start."""
    ready = ready_workers(runs.store().root)
    return max(ready - 1, 1) if ready else int(os.environ.get("METRIC_LAB_SLOTS") or cores())


@st.cache_data(ttl=KEPT_SECONDS, max_entries=4, show_spinner=False)
def _durations(root: str) -> tuple[Duration, ...]:
    return durations(runs.store())


@st.cache_data(ttl=KEPT_SECONDS, max_entries=4, show_spinner=False)
def _earlier(root: str) -> tuple[tuple[Work, float], ...]:
    """The work of the last trainings that came to their end in one attempt, and the seconds that they took."""
    rows = [row for row in runs.store().last_finished(LOOKED_AT) if row.took]
    trained = [row for row in rows if row.kind.is_trained][:LOOKED_AT]
    works = [(work_of(Experiment.from_described(row.experiment)), row.took) for row in trained]
    return tuple((work, took) for work, took in works if work is not None and took < inf)

"""The place of a run in the queue, looked up seldom where the queue is so long that it takes a while."""

from __future__ import annotations

import time
from dataclasses import dataclass

import streamlit as st

from core.runs.queue_places import Place, place_of
from core.runs.run_row import Row
from dashboard.lookups import runs

AT_ONCE_SECONDS = 0.01  # what is found within them is not kept
TIMES = 100  # as long as a place took to be found it is kept: at most a hundredth of the time goes into it


def place_in_queue(row: Row) -> Place | None:
    """As `place_of` has it, or had it a little while ago; None for a run that does not wait."""
    kept, begun = _kept(str(runs.store().root), row.id), time.monotonic()
    if begun >= kept.until:
        kept.place = place_of(runs.store(), row)
        ended = time.monotonic()
        kept.until = ended + TIMES * (ended - begun) if ended - begun > AT_ONCE_SECONDS else ended
    return kept.place


@dataclass
class _Kept:
    """A place, and until when it is told."""

    place: Place | None = None
    until: float = 0.0


@st.cache_resource(max_entries=1000, show_spinner=False)
def _kept(root: str, run_id: str) -> _Kept:
    return _Kept()

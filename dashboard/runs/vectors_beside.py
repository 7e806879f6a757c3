"""What is said of a finished head: whether it retrieves better than the vectors that it learned from, or worse."""

from __future__ import annotations

import streamlit as st

from core.records.vectors_beside import VectorsBeside
from core.runs.run_folder import Run
from dashboard.wording import say


def show(run: Run) -> None:
    """A sentence, a warning with what to try where it is worse; nothing of a run that is not of vectors, or not
    finished."""
    beside = run.beside_vectors()
    if beside is None:
        return
    if beside.is_worse:
        st.warning(in_words(beside))
    else:
        st.caption(in_words(beside))


def in_words(beside: VectorsBeside) -> str:
    """How the head compares with the vectors, with the interval of the difference, and what to try where it is
    worse."""
    sentence = say(
        "runs.beside.worse" if beside.is_worse else "runs.beside.better",
        name=beside.name,
        trained=beside.trained,
        untrained=beside.untrained,
        difference=beside.trained - beside.untrained,
        low=beside.low,
        high=beside.high,
        identities=beside.identities,
    )
    unclear = [] if beside.is_clear else [say("runs.beside.unclear")]
    return " ".join([sentence, *unclear, *([say("runs.beside.tries")] if beside.is_worse else [])])

"""What is said of a finished head: whether it retrieves better than the vectors that it learned from, or worse."""

from __future__ import annotations

import streamlit as st

from core.encoders.linear import RANDOM, Linear
from core.experiment.experiment import Experiment
from core.records.vectors_beside import VectorsBeside
from core.runs.run_folder import Run
from dashboard.wording import joined, say


def show(run: Run) -> None:
    """A sentence, a warning with what to try where it is worse; nothing of a run that is not of vectors, or not
    finished."""
    beside = run.beside_vectors()
    if beside is None:
        return
    (st.warning if beside.is_worse else st.caption)(in_words(beside, run.experiment()))


def in_words(beside: VectorsBeside, trained: Experiment) -> str:
    """How the head compares with the vectors, with the interval of the difference, and where it is worse what to try
    that this training has not."""
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
    return joined("sentences", [sentence, *unclear, *([_tries(trained)] if beside.is_worse else [])])


def _tries(trained: Experiment) -> str:
    is_near_the_vectors = isinstance(trained.encoder, Linear) and trained.encoder.begins != RANDOM
    changes = [
        *([] if is_near_the_vectors else ["encoder"]),
        "epochs",
        "learning_rate",
        *([] if trained.schedule.weight_decay else ["weight_decay"]),
    ]
    *others, last = [say(f"runs.beside.change.{change}") for change in changes]
    return say("runs.beside.tries", changes=say("runs.beside.or", others=joined("things", others), last=last))

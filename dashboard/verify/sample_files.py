"""Files to try the page with, made on the click from a lesson that comes with the code."""

from __future__ import annotations

from io import BytesIO

import numpy as np
import streamlit as st

from core.handover.csv_table import csv_of
from dashboard.lookups import runs
from dashboard.wording import say

LESSON = "digits-semi-hard"
OF_EACH = 8  # images of a digit in the list of scores


def offer() -> None:
    """One button for each; nothing where the lessons are missing."""
    if LESSON not in runs.lessons():
        return
    with st.container(horizontal=True, vertical_alignment="center", gap="xsmall"):
        st.caption(say("upload.sample.title"), width="content")
        for label, make, name, mime in (
            (say("upload.sample.embeddings"), embeddings, "sample-embeddings.npz", "application/octet-stream"),
            (say("upload.sample.scores"), scores, "sample-scores.csv", "text/csv"),
        ):
            st.download_button(
                label,
                make,
                file_name=name,
                mime=mime,
                key=f"sample.{name}",
                icon=":material/download:",
                type="tertiary",
                on_click="ignore",
            )


def embeddings() -> bytes:
    """The archive of the held-out images as the lesson embeds them at its end, with the digits as labels."""
    points, digits = _lesson()
    archive = BytesIO()
    np.savez_compressed(archive, embeddings=points, labels=digits)
    return archive.getvalue()


def scores() -> str:
    """All pairs of a few images of each digit, by their Euclidean distances."""
    points, digits = _lesson()
    few = np.concatenate([np.flatnonzero(digits == digit)[:OF_EACH] for digit in np.unique(digits)])
    first, second = few[np.stack(np.triu_indices(len(few), 1))]
    distances = np.linalg.norm(points[first] - points[second], axis=1)
    names = [say("upload.sample.digit", digit=digit) for digit in digits]
    lines = (
        (names[one], names[other], f"{apart:.6f}") for one, other, apart in zip(first, second, distances, strict=True)
    )
    return csv_of(("first", "second", "distance"), lines)


def _lesson() -> tuple[np.ndarray, np.ndarray]:
    """Embeddings (N, D) and the names of their classes (N,)."""
    run = runs.run_of(LESSON)
    arrays = run.snapshot(run.snapshots()[-1].step, "embeddings")
    return arrays["embeddings"], np.array(runs.class_names(LESSON))[runs.labels(LESSON)]

"""What a run has learned, made beside the page as a zip of files for other software, with its threshold."""

from __future__ import annotations

import re
from functools import partial

import streamlit as st

from core.jobs.export_apart import begin, folder_of, key_of
from core.jobs.export_run import KINDS, OF_ENCODERS, OF_RUNS, check_has_curves, check_has_embeddings, check_packages
from core.jobs.kept_encoder import check_has_encoder
from core.runs.run_folder import Run
from dashboard.core_words import plain_words
from dashboard.lookups import runs
from dashboard.runs.exports import Made, offer_made
from dashboard.settings import FORM
from dashboard.verify.chosen import Chosen
from dashboard.wording import say

TITLE_LENGTH, ID_LENGTH = 48, 12
ONNX, EVENTS = "onnx", "events"


def offer(chosen: Chosen) -> None:
    """Let the reader choose a form, have it made, and download it; a sentence where the run has no such thing."""
    st.caption(say("sections.take_home.about"))
    lacking = {kind: _lack(chosen, kind) for kind in KINDS}
    kinds = sorted(KINDS, key=lambda kind: bool(lacking[kind]))  # what can be made now comes first
    kind = st.selectbox(
        say("sections.take_home.choose"),
        kinds,
        format_func=lambda kind: (
            say("sections.take_home.lacking", form=_title(kind)) if lacking[kind] else _title(kind)
        ),
        label_visibility="collapsed",
        width=280,
        **FORM.widget(FORM.among(kinds, shown=_title)),
    )
    assert kind is not None, "the address chooses one before it is drawn"
    run = runs.run_of(chosen.name)
    st.caption(_what(run, kind))
    if lacking[kind]:
        st.info(plain_words(lacking[kind]))
        return
    made = Made(
        folder_of(key_of(run, kind, chosen.card)),
        partial(begin, run, kind, chosen.card),
        file_name(chosen, kind),
        say("sections.take_home.done"),
    )
    offer_made(made)


def _in_the_menu(kind: str, *, is_lacking: bool) -> str:
    return say("sections.take_home.lacking", form=_title(kind)) if is_lacking else _title(kind)


def _title(kind: str) -> str:
    return say(f"sections.take_home.form.{kind}")


def _what(run: Run, kind: str) -> str:
    """What a form holds; an encoder as ONNX takes images, or vectors where the run is of those."""
    record = run.record()
    is_head = kind == ONNX and record.kind.is_trained and record.probe is None
    return say("sections.take_home.what.onnx_of_vectors" if is_head else f"sections.take_home.what.{kind}")


def _lack(chosen: Chosen, kind: str) -> str:
    """Why a run cannot be taken home in this form, found without loading anything; empty where it can be."""
    run = runs.run_of(chosen.name)
    try:
        if kind in OF_ENCODERS:
            check_has_encoder(run, chosen.step)
            check_packages(kind)
        elif kind == EVENTS:
            check_has_curves(run)
            check_packages(kind)
        elif kind not in OF_RUNS:
            check_has_embeddings(run)
    except ValueError as problem:
        return str(problem)
    return ""


def file_name(chosen: Chosen, kind: str) -> str:
    """What the browser is to call the zip: the run's title, as far as every disk takes it, the form, and the id."""
    title = "-".join(re.findall(r"[A-Za-z0-9]+", runs.record(chosen.name).title))[:TITLE_LENGTH].strip("-")
    return "-".join(filter(None, (title, kind, chosen.name[:ID_LENGTH], f"{chosen.step}.zip")))

"""What a run has learned, made beside the page as a zip of files for other software, with its threshold."""

from __future__ import annotations

import re
import time
from pathlib import Path

import streamlit as st

from core.jobs.export_apart import begin, cancel, folder_of, key_of, standing
from core.jobs.export_run import KINDS, OF_ENCODERS, OF_RUNS, check_has_curves, check_has_embeddings, check_packages
from core.jobs.kept_encoder import check_has_encoder
from core.runs.run_folder import Run
from dashboard.components.page_end import guarded
from dashboard.lookups import runs
from dashboard.markdown import plain
from dashboard.settings import FORM
from dashboard.verify.chosen import Chosen
from dashboard.wording import say

LOOK_SECONDS = 1.0
TITLE_LENGTH, ID_LENGTH = 48, 12
ONNX, EVENTS = "onnx", "events"
REFUSED = "take_home.refused"
LOOKS = "take_home.looks"  # whether the part that watches an export is drawn again by itself


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
        st.info(plain(lacking[kind]))
        return
    folder = folder_of(key_of(run, kind, chosen.card))
    looks = st.session_state[LOOKS] = bool(standing(folder).doing)
    st.fragment(guarded(_watch), run_every=LOOK_SECONDS if looks else None)(chosen, kind, folder)


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


def _watch(chosen: Chosen, kind: str, folder: Path) -> None:
    """How the export stands, and what can be done about it."""
    stands = standing(folder)
    if bool(stands.doing) != st.session_state[LOOKS]:
        st.rerun()  # the whole page, which says whether this part looks again
    if stands.doing:
        with st.container(horizontal=True, vertical_alignment="center"):
            seconds = round(time.time() - stands.since)
            told = say("sections.take_home.doing", doing=plain(stands.doing), seconds=seconds)
            st.caption(f":material/hourglass_top: {told}")
            st.button(say("sections.take_home.cancel"), key="take_home.cancel", on_click=cancel, args=(folder,))
        st.caption(say("sections.take_home.slow"))
        return
    if problem := st.session_state.pop(REFUSED, "") or stands.problem:
        st.error(plain(problem))
    archive = stands.archive
    with st.container(horizontal=True, vertical_alignment="center"):
        if archive is not None:
            st.download_button(
                say("sections.take_home.download", size=_size(archive)),
                archive.read_bytes,
                file_name=file_name(chosen, kind),
                mime="application/zip",
                icon=":material/download:",
                type="primary",
                on_click="ignore",
            )
        st.button(
            say("sections.take_home.make" if archive is None else "sections.take_home.again"),
            key="take_home.make",
            icon=":material/package_2:",
            on_click=_begin,
            args=(chosen, kind),
        )
    if archive is not None:
        st.caption(say("sections.take_home.done"))


def file_name(chosen: Chosen, kind: str) -> str:
    """What the browser is to call the zip: the run's title, as far as every disk takes it, the form, and the id."""
    title = "-".join(re.findall(r"[A-Za-z0-9]+", runs.record(chosen.name).title))[:TITLE_LENGTH].strip("-")
    return "-".join(filter(None, (title, kind, chosen.name[:ID_LENGTH], f"{chosen.step}.zip")))


def _begin(chosen: Chosen, kind: str) -> None:
    try:
        begin(runs.run_of(chosen.name), kind, chosen.card)
    except ValueError as problem:
        st.session_state[REFUSED] = str(problem)


def _size(archive: Path) -> str:
    size = archive.stat().st_size
    return f"{size / 1e6:.1f} MB" if size >= 1e5 else f"{size / 1e3:.0f} kB"

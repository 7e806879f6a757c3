"""Embeddings, scores or listed pairs that a reader brings: taken from the browser, checked at once, measured by the
engine."""

from __future__ import annotations

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from core.distances import DISTANCES
from core.evidence.polarity import turned
from core.jobs.measure_embeddings import Brought, keep
from core.jobs.measure_scores import ScoredUpload
from core.jobs.read_upload import Waiting
from core.readers.pair_list import LARGER, SMALLER
from core.records.run_record import DataRecord
from core.runs.run_row import Row
from core.runs.states import RESTING
from core.statistics.samples import AT_ONCE
from dashboard.components import file_refusal
from dashboard.components.file_refusal import FileRefusal
from dashboard.components.page_end import guarded
from dashboard.core_words import named, plain_words, translated
from dashboard.entrance.held_uploads import held
from dashboard.lookups import runs, scored_pairs
from dashboard.markdown import plain, without_commands
from dashboard.runs.submit import REFUSED, keep_engine, show_refusal, submit, want
from dashboard.runs.waiting import left_in_words, place_in_words, reason_in_words
from dashboard.settings import RUN
from dashboard.verify import point_roles, repeat, sample_files
from dashboard.verify.corrections import corrections, forget, offer_corrections
from dashboard.verify.uploaded_files import MIB, read_files, refusal_in_words
from dashboard.wording import say

LOOK_SECONDS = 0.5
SHOWN_BEFORE = "upload.before"  # the run that the page last showed
DOING = {
    False: ("upload.doing.map", "upload.doing.count", "upload.doing.again"),
    True: ("upload.doing.order", "upload.doing.count"),
}


def offer(where: DeltaGenerator) -> None:
    """A button that takes files, in its place on the page. What is wrong with the last ones is said below it; how lists
    were understood is shown before they are measured, to be corrected."""
    if st.session_state.get("upload.file") is None:  # as after a visit to another page
        st.session_state.pop("upload.waiting", None)
    label, icon = say("upload.panel.button"), ":material/upload_file:"
    with where, st.popover(label, icon=icon, key="upload.popover", on_change="rerun"):
        if "upload.waiting" not in st.session_state:
            st.caption(say("upload.panel.format"))
            sample_files.offer()
        file = st.file_uploader(say("upload.panel.file"), key="upload.file", on_change=_take, args=(True,))
        file_refusal.tell_of_refusals("upload.refusal", _most_bytes(), _refuse)
        if "upload.problem" in st.session_state:
            st.error(plain_words(without_commands(st.session_state["upload.problem"])))
        if "upload.waiting" in st.session_state:
            _show_waiting(st.session_state["upload.waiting"])
        st.selectbox(
            say("upload.panel.distance"),
            list(DISTANCES),
            format_func=lambda kind: named(DISTANCES[kind].title),
            key="upload.distance",
            on_change=_take,
        )
        listed = st.file_uploader(
            say("upload.panel.listed"),
            key="upload.pairs",
            on_change=_take,
            args=(True,),
            help=say("upload.panel.listed_help"),
        )
        with st.expander(say("upload.roles.title"), key="upload.roles"):
            point_roles.ask(on_change=_take)
        if listed is not None and file is None:
            st.caption(say("upload.panel.listed_alone", name=plain(listed.name)))
        is_list = listed is not None or (file is not None and not file.name.lower().endswith(".npz"))
        if file is not None and is_list and "upload.problem" in st.session_state:
            with st.container(horizontal=True, gap="small"):
                offer_corrections(None, on_change=_take)


def _most_bytes() -> int:
    """The largest file that the server takes now."""
    return max(0, min(_most_of_one(), held.room()))


def _most_of_one() -> int:
    return int(st.get_option("server.maxUploadSize")) * MIB


def _refuse(refusal: FileRefusal) -> None:
    st.session_state["upload.problem"] = refusal_in_words(refusal, _most_bytes(), _most_of_one())


def _show_waiting(waiting: Waiting) -> None:
    """How the files were understood, what can be said instead, and the button that measures them."""
    with st.container(border=True):
        first, *others = waiting.understanding.in_words().split("; ")
        st.markdown(f":material/fact_check: **{plain(first)}**")
        st.caption(" · ".join(map(plain, others)))
        with st.container(horizontal=True, gap="small"):
            offer_corrections(waiting.understanding, on_change=_take)
        st.button(
            say("upload.panel.measure"), key="upload.measure", type="primary", on_click=_keep, args=(waiting.upload,)
        )


def wait_for(name: str) -> bool:
    """Whether brought files are still to be measured; shows how far that is, and looks again."""
    row = runs.row_of(name)
    if row is None or not row.is_awaited or row.state == "finished":
        st.session_state[SHOWN_BEFORE] = name if runs.find_run(name) else ""
        return False
    if not _is_resting(row):
        st.fragment(guarded(_watch), run_every=LOOK_SECONDS)(name)
    elif row.state == "failed":
        st.error(plain(say("upload.measuring.failed", title=row.title, message=translated(row.message))))
    else:
        show_refusal()
        st.info(plain(say("upload.measuring.stopped", title=row.title)))
        st.button(say("upload.measuring.again"), key="upload.again", on_click=want, args=(name, "run"))
    return True


def _is_resting(row: Row) -> bool:
    """Whether nothing becomes of it until somebody asks."""
    return row.state in RESTING and row.wanted != "run"


def _watch(name: str) -> None:
    row = runs.row_of(name)
    if row is None or row.state == "finished" or _is_resting(row) or RUN.value("") != name:
        st.rerun()
    keep_engine()
    with st.container(border=True):
        with st.container(horizontal=True, vertical_alignment="center"):
            st.markdown(say("upload.measuring.title", title=plain(row.title), size=_size(row)), width="stretch")
            st.button(
                say("upload.measuring.cancel"),
                icon=":material/close:",
                key="upload.cancel",
                on_click=_cancel,
                args=(name,),
            )
        st.progress(*progress_of(row))
        st.caption(say("upload.measuring.goes_on"))


def _cancel(name: str) -> None:
    """Take the request back, and show again what was shown before it."""
    want(name, "stop")
    before = st.session_state.get(SHOWN_BEFORE) or None
    RUN.keep(before)
    # The browser has forgotten the menu meanwhile and would show the first run in it, if it were not set anew.
    st.session_state.pop(RUN.widget(before or "")["key"], None)


def progress_of(row: Row) -> tuple[float, str]:
    """How far a measurement has come, and in words."""
    doing = DOING[row.kind.is_of_pairs]
    if row.state in ("pausing", "stopping"):
        return 0.0, say("upload.progress.stopping")
    if row.state != "running":
        waits = say("upload.progress.waiting"), place_in_words(row), reason_in_words(row)
        return 0.0, " · ".join(filter(None, waits))
    left = f" · {left_words}" if (left_words := left_in_words(row)) else ""
    data = _data(row)
    if data is not None and data.evaluation_count > AT_ONCE:
        blocks = max(row.epochs - 1, 1)  # the last step adds them up
        is_counted = row.epoch >= blocks
        key = "upload.progress.adding_up" if is_counted else "upload.progress.counted"
        words = say(key, count=row.epoch, blocks=blocks)
        return row.epoch / (blocks + 1), f"{words}{left}"
    step = min(row.epoch + 1, len(doing))
    words = say("upload.progress.step", step=step, steps=len(doing), doing=say(doing[step - 1]))
    return step / (len(doing) + 1), f"{words}{left}"


def _size(row: Row) -> str:
    """How much there is to measure."""
    data = _data(row)
    if data is None:
        return say("upload.size.points", points=0, identities=0)
    identities = len(data.class_names)
    if data.pair_count is not None:
        key = "upload.size.pairs_of_identities" if identities else "upload.size.pairs"
        return say(key, pairs=data.pair_count, identities=identities)
    return say("upload.size.points", points=data.evaluation_count, identities=identities)


def _data(row: Row) -> DataRecord | None:
    run = runs.find_run(row.id)
    return run.record().data if run else None


def _take(is_new: bool = False) -> None:
    """Read the files; what nobody could have meant otherwise is measured at once, and a list can still be corrected
    then. A new file has no corrections yet."""
    file, listed = st.session_state["upload.file"], st.session_state["upload.pairs"]
    if file is None and not is_new:  # what was said of a file that the browser did not send stays
        return
    for key in ("upload.problem", "upload.waiting"):
        st.session_state.pop(key, None)
    if is_new:
        forget()
    if file is None:
        return
    distance = DISTANCES[st.session_state["upload.distance"]]()
    try:
        found = read_files(file, listed, distance, corrections(), point_roles.asked())
        if isinstance(found, Waiting):
            st.session_state["upload.waiting"] = found  # for what a reader may have to say of it, now or afterwards
            if is_new and found.understanding.is_certain:
                _keep(found.upload)
        else:
            _keep(found)
    except ValueError as problem:
        st.session_state["upload.problem"] = str(problem)
        forget()


def _keep(upload: Brought) -> None:
    submit(lambda store: keep(store, upload))
    st.session_state["upload.popover"] = False  # it would hide what it has brought


def turn_round(name: str) -> None:
    """Measure the scores of a run with the other end taken for closer, and go there; the run itself stays."""
    pairs = turned(scored_pairs.pairs(name))
    command: tuple[str, ...] = ()
    if scored_pairs.compared_by(name) is None:  # what is compared here is a distance to every command
        command = repeat.with_closer(runs.data(name).command, LARGER if pairs.is_similarity else SMALLER)
    record = runs.record(name)
    try:
        _keep(ScoredUpload(record.title, pairs, command=command, without=record.without))
    except ValueError as problem:
        st.session_state[REFUSED] = str(problem)

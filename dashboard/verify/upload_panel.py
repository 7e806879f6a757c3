"""Embeddings, scores or listed pairs that a reader brings: taken from the browser, checked at once, measured by the
engine."""

from __future__ import annotations

import streamlit as st

from core.distances import DISTANCES
from core.evidence.polarity import turned
from core.jobs.measure_embeddings import Brought, keep
from core.jobs.measure_roles import RoleWords
from core.jobs.measure_scores import ScoredUpload
from core.readers.pair_list import LARGER, SMALLER
from core.records.run_record import DataRecord
from core.runs.run_row import Row
from core.runs.states import RESTING
from core.statistics.samples import AT_ONCE
from dashboard.components import file_refusal
from dashboard.components.file_refusal import FileRefusal
from dashboard.lookups import runs, scored_pairs
from dashboard.markdown import plain
from dashboard.runs.submit import keep_engine, submit, want
from dashboard.runs.waiting import left_in_words, place_in_words, reason_in_words
from dashboard.settings import RUN
from dashboard.verify import repeat, sample_files
from dashboard.verify.corrections import corrections, forget, offer_corrections
from dashboard.verify.uploaded_files import MIB, Waiting, read_files, refusal_in_words

LOOK_SECONDS = 0.5
SHOWN_BEFORE = "upload.before"  # the run that the page last showed
FORMAT = """An **.npz** with the arrays `embeddings` (points, dimensions) and `labels` (points), or with `issame` for
rows 2 i and 2 i + 1; or scores as text: columns `distance`, `similarity` or `score` and `is_same` or the identities
`first` and `second`, or the four columns of Bob. It stays on the machine that Metric Lab runs on."""
LISTED = """Beside an .npz only these pairs of it, which then needs `names`: `name 1 2` and `name 1 other 2` as in
Labeled Faces in the Wild, or two names and the truth. Beside scores of two names each, the trials: who is the same."""
JUNK = """Points with these labels, with commas between, are left out. An array `role` says the same point by point:
`query`, `gallery`, `both`, `distractor` or `junk`."""
DISTRACTORS = "Points with these labels, with commas between, are of no identity: never asked for, never right."
ACROSS = """Pairs of one label and one group are left out. The archive then needs `group`: the camera, artist or session
of each point."""
DOING = {
    False: ("waiting", "drawing the map", "counting the pairs", "drawing the identities again"),
    True: ("waiting", "putting the pairs in order", "counting the pairs"),
}


def offer() -> None:
    """A button that takes files. What is wrong with the last ones is said below it; how lists were understood is shown
    before they are measured, to be corrected."""
    if st.session_state.get("upload.file") is None:  # as after a visit to another page
        st.session_state.pop("upload.waiting", None)
    with st.popover("Your data", icon=":material/upload_file:", key="upload.popover", on_change="rerun"):
        if "upload.waiting" not in st.session_state:
            st.caption(FORMAT)
            sample_files.offer()
        file = st.file_uploader(
            "Embeddings or scores", key="upload.file", on_change=_take, args=(True,), label_visibility="collapsed"
        )
        file_refusal.tell_of_refusals("upload.refusal", _most_bytes(), _refuse)
        if "upload.problem" in st.session_state:
            st.error(plain(st.session_state["upload.problem"]))
        if "upload.waiting" in st.session_state:
            _show_waiting(st.session_state["upload.waiting"])
        st.selectbox(
            "Compare embeddings by",
            list(DISTANCES),
            format_func=lambda kind: DISTANCES[kind].title,
            key="upload.distance",
            on_change=_take,
        )
        listed = st.file_uploader(
            "A list of pairs or of trials", key="upload.pairs", on_change=_take, args=(True,), help=LISTED
        )
        with st.expander("Junk, distractors, groups", key="upload.roles"):
            left, right = st.columns(2, gap="small")
            left.text_input("Labels of junk", key="upload.junk", on_change=_take, placeholder="-1", help=JUNK)
            right.text_input(
                "Of distractors", key="upload.distractors", on_change=_take, placeholder="0", help=DISTRACTORS
            )
            st.toggle("Across groups only", key="upload.across", on_change=_take, help=ACROSS)
        if listed is not None and file is None:
            st.caption(f"{plain(listed.name)} waits for the .npz with its embeddings, or for the scores of its trials.")
        is_list = listed is not None or (file is not None and not file.name.lower().endswith(".npz"))
        if file is not None and is_list and "upload.problem" in st.session_state:
            with st.container(horizontal=True, gap="small"):
                offer_corrections(None, on_change=_take)


def _most_bytes() -> int:
    """The largest file that the server takes."""
    return int(st.get_option("server.maxUploadSize")) * MIB


def _refuse(refusal: FileRefusal) -> None:
    st.session_state["upload.problem"] = refusal_in_words(refusal, _most_bytes())


def _show_waiting(waiting: Waiting) -> None:
    """How the files were understood, what can be said instead, and the button that measures them."""
    with st.container(border=True):
        first, *others = waiting.understanding.in_words().split("; ")
        st.markdown(f":material/fact_check: **{plain(first)}**")
        st.caption(" · ".join(map(plain, others)))
        with st.container(horizontal=True, gap="small"):
            offer_corrections(waiting.understanding, on_change=_take)
        st.button("Measure", key="upload.measure", type="primary", on_click=_keep, args=(waiting.upload,))


def wait_for(name: str) -> bool:
    """Whether brought files are still to be measured; shows how far that is, and looks again."""
    row = runs.row_of(name)
    if row is None or not row.is_awaited or row.state == "finished":
        st.session_state[SHOWN_BEFORE] = name if runs.find_run(name) else ""
        return False
    if not _is_resting(row):
        st.fragment(_watch, run_every=LOOK_SECONDS)(name)
    elif row.state == "failed":
        st.error(plain(f"{row.title} could not be measured. {row.message}"))
    else:
        st.info(plain(f"{row.title} was not measured: somebody took the request back."))
        st.button("Measure it", key="upload.again", on_click=want, args=(name, "run"))
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
            st.markdown(f":material/hourglass_top: Measuring **{plain(row.title)}**, {_size(row)}", width="stretch")
            st.button("Cancel", icon=":material/close:", key="upload.cancel", on_click=_cancel, args=(name,))
        st.progress(*progress_of(row))
        st.caption("It goes on if you leave this page.")


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
        return 0.0, "Taking the request back"
    if row.state != "running":
        return 0.0, " · ".join(filter(None, ("Waiting", place_in_words(row), reason_in_words(row))))
    left = f" · {left_words}" if (left_words := left_in_words(row)) else ""
    data = _data(row)
    if data is not None and data.evaluation_count > AT_ONCE:
        blocks = max(row.epochs - 1, 1)  # the last step adds them up
        is_counted = row.epoch >= blocks
        words = "Adding up, drawing the identities again" if is_counted else f"{row.epoch} of {blocks} blocks counted"
        return row.epoch / (blocks + 1), f"{words}{left}"
    step = min(row.epoch + 1, len(doing) - 1)
    return step / len(doing), f"Step {step} of {len(doing) - 1}: {doing[step]}{left}"


def _size(row: Row) -> str:
    """How much there is to measure."""
    data = _data(row)
    if data is None:
        return "0 points of 0 identities"
    identities = f"{len(data.class_names):,} identities"
    if data.pair_count is not None:
        return f"{data.pair_count:,} pairs" + (f" of {identities}" if data.class_names else "")
    return f"{data.evaluation_count:,} points of {identities}"


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
        found = read_files(file, listed, distance, corrections(), _asked_roles())
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
    _keep(ScoredUpload(record.title, pairs, command=command, without=record.without))


def _asked_roles() -> RoleWords:
    """What the reader says of labels and groups."""
    junk, distractors = (
        [label.strip() for label in st.session_state.get(f"upload.{kind}", "").split(",") if label.strip()]
        for kind in ("junk", "distractors")
    )
    return RoleWords(junk, distractors, bool(st.session_state.get("upload.across")))

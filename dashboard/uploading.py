"""Embeddings, scores or listed pairs that a reader brings: taken from the browser, checked at once, measured by the
engine."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Any

import streamlit as st

from core.brought.embeddings_file import load_embeddings
from core.brought.scored_uploads import ScoredUpload
from core.brought.scores_file import load_pairs, load_scores, names_direction
from core.brought.uploads import AT_ONCE, Brought, Upload, keep
from core.distances import DISTANCES, EUCLIDEAN
from core.engine import ensure_engine
from core.rows import Row
from core.states import RESTING
from dashboard import state
from dashboard.plain import plain

LOOK_SECONDS = 0.5
CLOSER = ("larger", "smaller")
FORMAT = """An **.npz** with the arrays `embeddings` (points, dimensions) and `labels` (points), or a **.csv** of scores
with the column `distance`, `similarity` or `score` and either `is_same` or the identities `first` and `second`, or all
three. It stays on the machine that Metric Lab runs on."""
LISTED = """Only these pairs of the .npz, in the format of Labeled Faces in the Wild: `10 300`, then `name 1 2` or
`name 1 other 2` in each line. The archive then needs `names`, such as `name_0001`."""
DOING = {
    "upload": ("waiting", "drawing the map", "counting the pairs", "drawing the identities again"),
    "pairs": ("waiting", "putting the pairs in order", "counting the pairs"),
}


def offer() -> None:
    """A button that takes files; what is wrong with the last ones is said below it."""
    with st.popover("Your data", icon=":material/upload_file:", key="upload.popover", on_change="rerun"):
        st.caption(FORMAT)
        file = st.file_uploader(
            "Embeddings or scores",
            type=["npz", "csv"],
            key="upload.file",
            on_change=_take,
            label_visibility="collapsed",
        )
        if "upload.problem" in st.session_state:
            st.error(plain(st.session_state["upload.problem"]))
        left, right = st.columns(2, gap="small")
        left.selectbox(
            "Compare embeddings by",
            list(DISTANCES),
            format_func=lambda kind: DISTANCES[kind].title,
            key="upload.distance",
            on_change=_take,
        )
        right.selectbox(
            "Closer, where called score",
            CLOSER,
            format_func=lambda closer: f"is {closer}",
            key="upload.closer",
            on_change=_take,
            help="A distance is closer when smaller, a similarity when larger; a column called score says neither.",
        )
        listed = st.file_uploader("A list of pairs", type="txt", key="upload.pairs", on_change=_take, help=LISTED)
        if listed is not None and file is None:
            st.caption(f"{plain(listed.name)} waits for the .npz with the embeddings of its images.")


def wait_for(name: str) -> bool:
    """Whether brought files are still being measured; shows how far that is, and looks again."""
    row = state.row_of(name)
    if row is None or "upload" not in row.experiment or row.state == "finished":
        return False
    if row.state in RESTING:
        st.error(plain(f"{row.name} could not be measured. {row.message}"))
        return True
    st.fragment(_watch, run_every=LOOK_SECONDS)(name)
    return True


def _watch(name: str) -> None:
    row = state.row_of(name)
    if row is None or row.state in (*RESTING, "finished"):
        st.rerun()
    ensure_engine(state.store().root)
    with st.container(border=True):
        st.markdown(f":material/hourglass_top: Measuring **{plain(row.name)}**, {_size(row)}")
        st.progress(*progress_of(row))
        st.caption("It goes on if you leave this page. The first one after a pause waits for a worker to start.")


def progress_of(row: Row) -> tuple[float, str]:
    """How far a measurement has come, and in words."""
    doing = DOING["pairs" if "pairs" in row.experiment else "upload"]
    if row.state != "running":
        return 0.0, f"Waiting: {plain(found)}" if (found := state.compiling()) else "Waiting"
    if _data(row).get("evaluation_count", 0) > AT_ONCE:
        blocks = max(row.epochs - 1, 1)  # the last step adds them up
        is_counted = row.epoch >= blocks
        said = "Adding up, drawing the identities again" if is_counted else f"{row.epoch} of {blocks} blocks counted"
        return row.epoch / (blocks + 1), said
    step = min(row.epoch + 1, len(doing) - 1)
    return step / len(doing), f"Step {step} of {len(doing) - 1}: {doing[step]}"


def _size(row: Row) -> str:
    """How much there is to measure."""
    data = _data(row)
    identities = f"{len(data.get('class_names', ())):,} identities"
    if "pair_count" in data:
        return f"{data['pair_count']:,} pairs" + (f" of {identities}" if data["class_names"] else "")
    return f"{data.get('evaluation_count', 0):,} points of {identities}"


def _data(row: Row) -> dict[str, Any]:
    run = state.find_run(row.id)
    return run.description()["data"] if run else {}


def _take() -> None:
    file, listed = st.session_state["upload.file"], st.session_state["upload.pairs"]
    st.session_state.pop("upload.problem", None)
    if file is None:
        return
    try:
        with tempfile.TemporaryDirectory() as folder:
            row = keep(state.store(), _checked(Path(folder), file, listed))
    except ValueError as problem:
        st.session_state["upload.problem"] = str(problem)
        return
    ensure_engine(state.store().root)
    st.query_params["run"] = row.id
    st.session_state["upload.popover"] = False  # it would hide what it has brought


def _checked(folder: Path, file: Any, listed: Any) -> Brought:
    """What the files hold. Raises ValueError where one is wrong, or they do not go together."""
    path, distance = _written(folder, file), DISTANCES[st.session_state["upload.distance"]]()
    is_archive = path.suffix.lower() == ".npz"
    if listed is not None and not is_archive:
        raise ValueError(f"{listed.name} must come with an .npz of embeddings, got {file.name}. Remove one of the two.")
    if listed is not None and distance != EUCLIDEAN:
        raise ValueError(
            f"{listed.name} must be compared by the {EUCLIDEAN.title} distance, got {distance.title}. Choose it."
        )
    if listed is not None:
        return ScoredUpload(listed.name, load_pairs(_written(folder, listed), path))
    if is_archive:
        return Upload(file.name, *load_embeddings(path), distance)
    is_smaller = None if names_direction(path) else st.session_state["upload.closer"] == "smaller"
    return ScoredUpload(file.name, load_scores(path, smaller_is_closer=is_smaller))


def _written(folder: Path, file: Any) -> Path:
    path = folder / Path(file.name).name
    path.write_bytes(file.getvalue())
    return path

"""Images as a training takes them: drawn by another process, kept in the store, and found here once they are there."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from subprocess import Popen
from typing import Any

import streamlit as st

from core.experiment.experiment import Experiment
from core.jobs import draw_examples
from core.system.locations import store_root
from dashboard.figures.images import as_data_url, grid_of

TRIES = 2  # processes that are asked for the same draws: the first may just have ended for want of requests

_drawer = draw_examples.Drawer()
_asked: dict[Path, list[Popen[bytes]]] = {}


def has_examples(experiment: Experiment) -> bool:
    """Whether the data can be split as the experiment says, so that there are training images to show."""
    try:
        draw_examples.shown_rows(experiment)
    except ValueError:  # the start says it
        return False
    return True


def picture(experiment: Experiment, number: int) -> str:
    """The training images as they are, and below each of them its draws, as a data URL; empty while another process
    draws them, which this asks for."""
    path = draw_examples.kept_at(store_root(), experiment, number)
    if path.exists():
        if found := _picture(path, _source(experiment)):
            _asked.pop(path, None)
            return found
        _picture.clear()  # damaged: it is drawn anew
    _ask(experiment, number, path)
    return ""


def blank(experiment: Experiment) -> str:
    """The same picture with the draws still to come."""
    return _blank(_source(experiment))


def problem(experiment: Experiment, number: int) -> str | None:
    """Why there will be no draws: in a sentence where the other process has said one, empty where it has ended without
    a word; None while it may still draw them."""
    path = draw_examples.kept_at(store_root(), experiment, number)
    if said := draw_examples.problem_at(path):
        return said
    tries = _asked.get(path, [])
    return "" if len(tries) == TRIES and tries[-1].poll() is not None and not path.exists() else None


def ask_again(experiment: Experiment, number: int) -> None:
    """Have the draws made once more."""
    path = draw_examples.kept_at(store_root(), experiment, number)
    _asked.pop(path, None)
    path.with_suffix(".problem").unlink(missing_ok=True)


def _ask(experiment: Experiment, number: int, path: Path) -> None:
    tries = _asked.setdefault(path, [])
    is_due = not tries or (len(tries) < TRIES and tries[-1].poll() is not None)
    if is_due and not draw_examples.problem_at(path):
        tries.append(_drawer.ask(experiment, number, path))


def _source(experiment: Experiment) -> dict[str, Any]:
    """What of an experiment says which images are shown."""
    parts = experiment.described()
    return {family: parts[family] for family in ("dataset", "split")}


@st.cache_data(max_entries=64, show_spinner=False)
def _picture(path: Path, described: Mapping[str, Any]) -> str:
    drawn = draw_examples.kept(path)
    if drawn is None:
        path.unlink(missing_ok=True)
        return ""
    return as_data_url(grid_of([draw_examples.untouched(Experiment.from_described(described)), *drawn]))


@st.cache_data(max_entries=16, show_spinner=False)
def _blank(described: Mapping[str, Any]) -> str:
    lines = [draw_examples.untouched(Experiment.from_described(described)), *[None] * draw_examples.DRAWS]
    return as_data_url(grid_of(lines))

"""The neighbourhoods of a snapshot: found at once where the set is small, and by another process where it is not."""

from __future__ import annotations

import time
from pathlib import Path
from subprocess import Popen
from typing import NamedTuple

import streamlit as st

from core.jobs import measure_neighbourhoods
from core.jobs.measure_neighbourhoods import Found
from core.system.locations import store_root
from core.verification.label_errors import Planted, planted_label_errors
from dashboard.lookups import runs

AT_ONCE = 1000  # points, whose pairs are gone through in half a second
SWAPPED = 0.02  # of the labels, to see how the list of label errors does

READER_SECONDS = 5.0  # since when a reader who waits has looked, at most

_started: dict[Path, Popen[bytes]] = {}
_since: dict[Path, float] = {}  # monotonic time at which each was started
_stopped: set[Path] = set()  # what a reader has cancelled, until somebody asks again
_looked: dict[Path, dict[str, float]] = {}  # when each reader who waits has looked last


class Progress(NamedTuple):
    """The share of the points that the other process has gone through, for how many seconds it has been at work, and
    about how many it will be yet; None before there is anything to judge by."""

    share: float
    seconds: float
    left: float | None


def found(name: str, step: int) -> Found | None:
    """The neighbourhoods of a snapshot; None while another process looks for them, which this asks for."""
    if len(runs.labels(name)) <= AT_ONCE:
        return _at_once(name, step)
    return _found_apart(_kept_at(name, step), name, step)


def progress(name: str, step: int) -> Progress:
    """How far the other process is."""
    path = _kept_at(name, step)
    share = measure_neighbourhoods.progress(path)
    seconds = time.monotonic() - _since.get(path, time.monotonic())
    return Progress(share, seconds, seconds * (1 - share) / share if share else None)


def others_waiting(name: str, step: int, reader: str) -> int:
    """Note that a reader waits; how many others do, who have looked within READER_SECONDS."""
    path, now = _kept_at(name, step), time.monotonic()
    readers = {one: looked for one, looked in _looked.get(path, {}).items() if now - looked < READER_SECONDS}
    _looked[path] = {**readers, reader: now}
    return len(_looked[path]) - 1


def stop(name: str, step: int) -> None:
    """End the other process, and start none until somebody asks again."""
    path = _kept_at(name, step)
    _stopped.add(path)
    if path in _started:
        _started[path].terminate()
        _started.pop(path).wait()
        measure_neighbourhoods.forget_progress(path)


def is_stopped(name: str, step: int) -> bool:
    """Whether a reader has cancelled it."""
    return _kept_at(name, step) in _stopped


def has_failed(name: str, step: int) -> bool:
    """Whether the other process has ended without anything to show."""
    path = _kept_at(name, step)
    return path in _started and _started[path].poll() is not None and not path.exists()


def ask_again(name: str, step: int) -> None:
    """Have it start once more."""
    path = _kept_at(name, step)
    _started.pop(path, None)
    _stopped.discard(path)


@st.cache_data(max_entries=32, show_spinner=False)
def planted(name: str, step: int) -> Planted | None:
    """How the list of label errors does on this snapshot where some labels are swapped; None for one class."""
    at_hand = found(name, step)
    assert at_hand is not None, "who asks has the neighbourhoods at hand"
    labels = runs.labels(name)[at_hand.rows]
    return planted_label_errors(at_hand.of.rows, labels, SWAPPED) if len(set(labels.tolist())) > 1 else None


@st.cache_resource(max_entries=64, show_spinner=False)
def _at_once(name: str, step: int) -> Found:
    return measure_neighbourhoods.measured(runs.run_of(name), step)


@st.cache_data(max_entries=256, show_spinner=False)
def _kept_at(name: str, step: int) -> Path:
    return measure_neighbourhoods.kept_at(store_root(), runs.run_of(name), step)


def _found_apart(path: Path, name: str, step: int) -> Found | None:
    if path.exists():
        if (found := _read(path)) is not None:
            _stopped.discard(path)
            return found
        _read.clear()  # damaged: another process makes it anew
    if path not in _started and path not in _stopped:
        _started[path], _since[path] = measure_neighbourhoods.start(runs.run_of(name), step, path), time.monotonic()
    if path in _started:
        _started[path].poll()
    return None


@st.cache_resource(max_entries=16, show_spinner=False)
def _read(path: Path) -> Found | None:
    return measure_neighbourhoods.kept(path)

"""How far the maps of a run can be trusted, and other maps beside its own: measured by another process, one at a time,
and kept in the store."""

from __future__ import annotations

from pathlib import Path
from subprocess import Popen

import streamlit as st

from core.jobs import measure_map_quality
from core.jobs.measure_map_quality import MeasuredMap
from core.maps.other_maps import MOST_POINTS, OWN, PCA, SEED
from core.records.snapshot_record import MapRecord
from core.statistics.map_quality import MapQuality
from core.system.locations import store_root
from dashboard.lookups import runs
from dashboard.lookups.snapshot_arrays import NO_MAP

FEWEST = 4  # points that UMAP has neighbours for

_started: dict[Path, Popen[bytes]] = {}


def offered(name: str, line: MapRecord) -> list[str]:
    """The maps of a snapshot that there are to look at, its own first; that alone of an embedding in the plane, of few
    points, and of too many."""
    count = len(runs.labels(name))
    if not FEWEST <= count <= MOST_POINTS or line.map not in ("umap", "pca"):
        return [OWN]
    return [OWN, PCA, SEED] if line.map == "umap" else [OWN, SEED]


def found(name: str, step: int, kind: str, *, asks: bool = True) -> MeasuredMap | None:
    """A map of an ended run and how far it can be trusted; None while it is not measured, which this asks for, unless
    told not to."""
    path = _kept_at(name, step, kind, _stamp(name, step))
    if path.exists():
        if (measured := _read(path)) is not None:
            _started.pop(path, None)
            return measured
        _read.clear()  # damaged: another process makes it anew
    is_at_work = any(process.poll() is None for process in _started.values())
    if asks and path not in _started and not is_at_work:
        _started[path] = measure_map_quality.start(runs.run_of(name), step, kind, path)
    return None


def has_failed(name: str, step: int, kind: str) -> bool:
    """Whether the process that was to measure it has ended without anything to show."""
    path = _kept_at(name, step, kind, _stamp(name, step))
    return path in _started and _started[path].poll() is not None and not path.exists()


def ask_again(name: str, step: int, kind: str) -> None:
    """Have it measured once more."""
    _started.pop(_kept_at(name, step, kind, _stamp(name, step)), None)


def of_last_map(name: str, *, asks: bool = True) -> MapQuality | None:
    """How far the last map of an ended run can be trusted; None as long as it is not measured, which this asks for,
    unless told not to, and for a run without a snapshot."""
    lines = runs.run_of(name).snapshots()
    measured = found(name, lines[-1].step, OWN, asks=asks) if lines and not runs.is_of_pairs(name) else None
    return measured.quality if measured else None


def method(line: MapRecord) -> str:
    """By which method the map of a snapshot is made, which the page makes itself where there is none."""
    return "pca" if line.map == NO_MAP else line.map


def _stamp(name: str, step: int) -> tuple[int, int]:
    """Differs once the snapshot is another one, as of a run that was wound back."""
    about = (runs.run_of(name).folder / "snapshots" / f"{step:06d}.npz").stat()
    return about.st_mtime_ns, about.st_size


@st.cache_data(max_entries=1000, show_spinner=False)
def _kept_at(name: str, step: int, kind: str, stamp: tuple[int, int]) -> Path:
    return measure_map_quality.kept_at(store_root(), runs.run_of(name), step, kind)


@st.cache_resource(max_entries=64, show_spinner=False)
def _read(path: Path) -> MeasuredMap | None:
    return measure_map_quality.kept(path)

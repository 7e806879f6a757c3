"""What the strategies of a kept comparison have changed at each held-out sample, and the map of two of them."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from subprocess import Popen

import streamlit as st

from core.comparison.anchor_changes import Anchors, Changes, changed
from core.comparison.record import Comparison
from core.jobs import measure_anchors
from dashboard.components.live_figure import Frame, Packed, pack, pack_frame
from dashboard.figures.anchor_changes import difference_map, ring_around
from dashboard.figures.point_map import class_names_on
from dashboard.lookups import kept_files, runs
from dashboard.lookups.snapshot_arrays import shown_layout
from dashboard.palette import Theme
from dashboard.worded import worded

Trained = tuple[tuple[int, str], ...]  # seeds, each with the run from it; of folds that of the first
Kept = tuple[tuple[int, str], ...]  # and with where it is kept what that has changed

_measuring: dict[str, Popen[bytes]] = {}  # by the id of the comparison whose runs a process measures
_asked: set[Path] = set()  # folders of runs that a process was asked to measure, once each


def trained(comparison: Comparison, strategy: str) -> Trained:
    """The runs of a strategy that are finished, of folds the first of each seed."""
    first: dict[int, str] = {}
    for run_id in comparison.runs_of(strategy):
        first.setdefault(int(comparison.members[run_id][1]), run_id)
    return tuple((seed, run_id) for seed, run_id in first.items() if _is_finished(run_id))


def changes(comparison: Comparison, first: str, second: str) -> Changes | None:
    """Two strategies beside each other; None until all of their finished runs are measured, which another process does,
    and where they have no seed in common. Raises ValueError where they hold out other samples."""
    both = trained(comparison, first), trained(comparison, second)
    kept_at = _kept_at(both[0]), _kept_at(both[1])
    ids, paths = ([one for of in each for _, one in of] for each in (both, kept_at))
    missing = {runs.store().folder(run_id) for run_id, path in zip(ids, paths, strict=True) if _kept(path) is None}
    if (new := missing - _asked) and not is_measuring(comparison):
        _asked.update(new)
        _have_measured(comparison.id, sorted(new))
    if missing or not dict(both[0]).keys() & dict(both[1]).keys():
        return None
    return _between(*kept_at)


def is_measuring(comparison: Comparison) -> bool:
    """Whether a process measures runs of it."""
    process = _measuring.get(comparison.id)
    return process is not None and process.poll() is None


def map_of(
    name: str, step: int, names: tuple[str, str], both: tuple[Trained, Trained], theme: Theme, sample: int | None = None
) -> Packed:
    """The map of a run after so many updates, with what the measured runs of two strategies have changed, and a ring
    around a sample: the figure stays as it is while that changes."""
    packed = _packed_map(name, step, names, _kept_at(both[0]), _kept_at(both[1]), theme)
    rings = () if sample is None else (_ring(name, step, sample),)
    return Packed(packed.figure, rings, digest=packed.digest)


@worded(st.cache_resource(max_entries=8, show_spinner=False))
def _packed_map(name: str, step: int, names: tuple[str, str], first: Kept, second: Kept, theme: Theme) -> Packed:
    layout = shown_layout(name, step)
    figure = difference_map(layout, _between(first, second), names, runs.texts(name), theme)
    class_names_on(figure, layout, runs.labels(name), runs.class_names(name), theme)
    return pack(figure)


@worded(st.cache_resource(max_entries=512, show_spinner=False))
def _ring(name: str, step: int, sample: int) -> Frame:
    return pack_frame(ring_around(shown_layout(name, step), sample))


@st.cache_resource(max_entries=64, show_spinner=False)
def _between(first: Kept, second: Kept) -> Changes:
    found = [{seed: _kept(path) for seed, path in of} for of in (first, second)]
    return changed(*({seed: one for seed, one in of.items() if one is not None} for of in found))


def _kept_at(of: Trained) -> Kept:
    """By seed where it is kept what each has changed."""
    return tuple((seed, str(_digested(str(runs.store().root), run_id))) for seed, run_id in of)


@st.cache_data(max_entries=1000, show_spinner=False)
def _digested(root: str, run_id: str) -> Path:
    """A digest of the run's files, which stay as they are once it is finished."""
    return measure_anchors.kept_at(Path(root), runs.run_of(run_id))


def _is_finished(run_id: str) -> bool:
    row = runs.row_of(run_id)
    return row is not None and not row.entry.deleted_at and row.state == "finished" and bool(runs.find_run(run_id))


def _kept(path: str) -> Anchors | None:
    return kept_files.found(path, measure_anchors.kept)


def _have_measured(comparison_id: str, missing: Sequence[Path]) -> None:
    _measuring[comparison_id] = measure_anchors.start(runs.store().root, missing)

"""Comparisons of strategies that the store keeps: how far their trainings are, and what these have reached."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import islice
from pathlib import Path
from subprocess import Popen
from typing import NamedTuple

import streamlit as st

from core.comparison.asked import asked_for
from core.comparison.command import command_of
from core.comparison.differences import Trainings
from core.comparison.reached import Reached, together
from core.comparison.record import Comparison, kept
from core.experiment.experiment import Experiment
from core.jobs import measure_reached
from core.runs.states import UNDER_WAY
from core.runs.store import Row
from core.runs.sweeps import newest
from dashboard.lookups import kept_files, runs

_measuring: dict[str, Popen[bytes]] = {}  # by the id of the comparison whose runs a process measures
_asked: set[Path] = set()  # folders of runs that a process was asked to measure, once each


class Standing(NamedTuple):
    """How many trainings there are in all, finished, under way, and ended without their numbers."""

    count: int
    finished: int
    under_way: int
    failed: int


def find(comparison_id: str) -> Comparison | None:
    """The comparison of this id; None where there is none of runs that who asks may see."""
    found = kept(runs.store().root, comparison_id)
    return found if found is not None and _may_see(found) else None


def listed(most: int) -> list[Comparison]:
    """The newest so many of runs that who asks may see."""
    return list(islice((found for one in newest(runs.store()) if (found := find(one.id)) is not None), most))


def is_asked_for(comparison: Comparison) -> bool:
    """Whether the engine carries it out, or is to."""
    return asked_for(runs.store().root, comparison.id) is not None


def tuning(comparison: Comparison) -> Standing:
    """How far the trials are, before there are members."""
    return _standing(list(comparison.trials))


def standing(comparison: Comparison) -> Standing:
    """How far it is; a run that is gone, or that who asks may not see, counts as ended without its numbers. Strategies
    that were stopped early are not counted."""
    going = [run_id for run_id, (name, _, _) in comparison.members.items() if name not in comparison.stopped]
    return _standing(going)


def _standing(run_ids: Sequence[str]) -> Standing:
    states = [row.state if (row := _row(run_id)) else "" for run_id in run_ids]
    finished, under_way = (sum(state in among for state in states) for among in (("finished",), UNDER_WAY))
    return Standing(len(states), finished, under_way, len(states) - finished - under_way)


def results(comparison: Comparison) -> dict[str, Trainings]:
    """What each strategy has reached, by seed, as far as it is measured; of folds only where all of a seed are, and of
    what was stopped early nothing. What is finished and not measured yet, this has another process measure."""
    found = {run_id: _kept(str(path)) for run_id in _finished(comparison) if (path := _kept_at(run_id)) is not None}
    missing = {runs.store().folder(run_id) for run_id, reached in found.items() if reached is None} - _asked
    if missing and not _is_at_work(comparison.id):
        _asked.update(missing)
        _have_measured(comparison.id, sorted(missing))
    going = [name for name in comparison.strategies if name not in comparison.stopped]
    return {name: by_seed for name in going if (by_seed := _by_seed(comparison, name, found))}


def finished(comparison: Comparison) -> list[str]:
    """Its runs that are trained to their end."""
    return _finished(comparison)


def command(comparison: Comparison) -> str:
    """The command line that makes it again; empty where there is none (`command_of`)."""
    there = tuple(run_id for run_id in comparison.members if _row(run_id))
    return command_of(comparison, {}) or _command(comparison.id, there, bool(comparison.tuned))


@st.cache_data(max_entries=64, show_spinner=False)
def _command(comparison_id: str, there: tuple[str, ...], is_tuned: bool) -> str:
    """Of the settings of these runs, which were tuned or not."""
    comparison = find(comparison_id)
    rows = {run_id: row for run_id in there if (row := _row(run_id))}
    experiments = {run_id: Experiment.from_described(row.experiment) for run_id, row in rows.items()}
    return command_of(comparison, experiments) if comparison is not None else ""


def is_measuring(comparison: Comparison) -> bool:
    """Whether a process still measures runs of it."""
    results(comparison)  # which has one started where there is something to measure
    return _is_at_work(comparison.id)


def _is_at_work(comparison_id: str) -> bool:
    process = _measuring.get(comparison_id)
    return process is not None and process.poll() is None


def _may_see(comparison: Comparison) -> bool:
    """Whether who asks may see a run of it, or none is begun."""
    run_ids = [*comparison.members, *comparison.trials]
    return not run_ids or any(map(_row, run_ids))


def _row(run_id: str) -> Row | None:
    """The run where it is there for who asks and not deleted."""
    row = runs.row_of(run_id)
    return None if row is None or row.entry.deleted_at else row


def _by_seed(comparison: Comparison, name: str, found: dict[str, Reached | None]) -> dict[int, Reached]:
    by_seed: dict[int, list[Reached | None]] = {}
    for run_id in comparison.runs_of(name):
        by_seed.setdefault(int(comparison.members[run_id][1]), []).append(found.get(run_id))
    whole = {seed: [one for one in folds if one is not None] for seed, folds in by_seed.items()}
    return {seed: together(folds) for seed, folds in whole.items() if len(folds) == len(by_seed[seed])}


def _finished(comparison: Comparison) -> list[str]:
    return [run_id for run_id in comparison.members if (row := _row(run_id)) and row.state == "finished"]


def _kept_at(run_id: str) -> Path | None:
    """Where what a finished run has reached is kept."""
    run = runs.find_run(run_id)
    return _digested(run_id) if run and run.snapshots() else None


@st.cache_data(max_entries=1000, show_spinner=False)
def _digested(run_id: str) -> Path:
    """A digest of the run's files, which stay as they are once it is finished."""
    return measure_reached.kept_at(runs.store().root, runs.run_of(run_id))


def _kept(path: str) -> Reached | None:
    return kept_files.found(path, measure_reached.kept)


def _have_measured(comparison_id: str, missing: Sequence[Path]) -> None:
    _measuring[comparison_id] = measure_reached.start(runs.store().root, missing)

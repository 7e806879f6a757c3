"""The thresholds of all snapshots of a run, and of runs beside it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import chain, islice
from typing import NamedTuple

import streamlit as st

from core.runs.derived import dataset_in
from core.runs.listing import Asked
from core.thresholds.outcome import Rate, outcome
from core.thresholds.over_epochs import Moment, carried, moment
from core.verification.goals.base import Goal
from dashboard.lookups import appraisals, runs

MOST_ALIKE = 30  # that are offered


class Beside(NamedTuple):
    """The threshold of another run's last snapshot, and FAR and FRR of this run's there; without them, why not."""

    title: str
    moment: Moment | None
    carried: tuple[Rate, Rate] | None
    problem: str = ""


@st.cache_data(max_entries=1000, show_spinner=False)
def moment_of(name: str, step: int, epoch: float, goal: Goal, protocol: str) -> Moment | str:
    """What the goal chooses at a snapshot, or why it cannot: the last as exactly as the page does, all others among the
    thresholds that they keep."""
    is_last = step == runs.run_of(name).snapshots()[-1].step
    try:
        if is_last:
            return moment(step, epoch, appraisals.outcome_of(name, step, goal, protocol))
        return moment(step, epoch, outcome(appraisals.appraisal(name, step), goal, protocol))
    except ValueError as problem:
        return str(problem)


def path_of(name: str, goal: Goal, protocol: str) -> tuple[list[Moment], dict[float, str]]:
    """Every snapshot at which the goal can be met, and by its epoch why it cannot at the others."""
    found = {
        numbers.epoch: moment_of(name, numbers.step, numbers.epoch, goal, protocol)
        for numbers in runs.run_of(name).snapshots()
    }
    path = [one for one in found.values() if isinstance(one, Moment)]
    return path, {epoch: one for epoch, one in found.items() if isinstance(one, str)}


@st.cache_data(max_entries=1000, show_spinner=False)
def carried_to(name: str, step: int, thresholds: tuple[float, ...], protocol: str) -> list[tuple[Rate, Rate]]:
    """FAR and FRR of any thresholds at a snapshot. Raises ValueError for a protocol that its set is too small for."""
    found = appraisals.appraisal(name, step)
    return [carried(found, threshold, protocol) for threshold in thresholds]


def like(name: str) -> dict[str, str]:
    """Finished runs of the same data and distance, the newest ones, with their titles."""
    row, choosable = runs.row_of(name), runs.choosable()
    names: Iterable[str] = choosable
    if row is not None and (dataset := dataset_in(row.experiment)):  # else it is looked for among all
        listed, archived = (
            (other.id for other in runs.rows_asked_for(Asked(shelf, ("finished",), is_trained=True, dataset=dataset)))
            for shelf in ("listed", "archived")
        )
        names = chain(listed, runs.lessons(), archived)
    alike = (other for other in names if other != name and other in choosable and _are_alike(name, other))
    return runs.titles_of(islice(alike, MOST_ALIKE))


def _are_alike(name: str, other: str) -> bool:
    """Whether the other one is finished and of the same data and distance."""
    try:
        is_finished = bool(runs.run_of(other).result())
        return (
            is_finished
            and runs.data(other).digest == runs.data(name).digest
            and runs.distance_of(other) == runs.distance_of(name)
        )
    except ValueError:  # damaged, or of a newer version: its own page says it
        return False


def beside(names: Sequence[str], titles: dict[str, str], threshold: float, goal: Goal, protocol: str) -> list[Beside]:
    """What the same goal chooses for each run, and what one threshold does on them all."""
    return [_beside(name, titles[name], threshold, goal, protocol) for name in names]


def _beside(name: str, title: str, threshold: float, goal: Goal, protocol: str) -> Beside:
    last = runs.run_of(name).snapshots()[-1]
    found = moment_of(name, last.step, last.epoch, goal, protocol)
    if isinstance(found, str):
        return Beside(title, None, None, found)
    return Beside(title, found, carried_to(name, last.step, (threshold,), protocol)[0])

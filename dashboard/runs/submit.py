"""What pages ask of the engine: a run, what should become of one, and that an engine is there at all."""

from __future__ import annotations

import logging
from collections.abc import Callable
from pathlib import Path
from threading import Timer

import streamlit as st

from core.engine.process import compiling_workers, ensure_engine
from core.experiment.experiment import Experiment
from core.experiment.prepared_data import prepare
from core.runs.fork import Start, submit_from
from core.runs.store import Row, Store
from core.system.locations import store_root
from dashboard.classroom import limits as class_limits
from dashboard.core_words import plain_words
from dashboard.entrance import visitors
from dashboard.entrance.rights import is_one_of_several, may_steer
from dashboard.lookups import admitted_data, brought_networks, runs
from dashboard.runs import limits, repeated
from dashboard.settings import ANCHOR, DATA, EPOCH, FRAME, PAIRS, QUERY, RUN, SEARCH, SETTINGS, SNAPSHOT, THRESHOLD
from dashboard.wording import count

REFUSED = "runs.refused"
log = logging.getLogger(__name__)
# What an address says of the run that one comes from, and of the data that it stands on.
OF_ONE_RUN = (DATA, SETTINGS, FRAME, EPOCH, ANCHOR, QUERY, SEARCH, SNAPSHOT)
OF_OTHER_DATA = (*OF_ONE_RUN, THRESHOLD, PAIRS)


def submit(ask: Callable[[Store], Row]) -> None:
    """Ask the store for a run, see that an engine is there, and go to the run: the address names it.

    Raises what `ask` raises, and ValueError where there is no room for it; the page then stays where it is.
    """
    RUN.keep(asked(ask).id, without=OF_OTHER_DATA)


def asked(ask: Callable[[Store], Row]) -> Row:
    """The same, and the page stays."""
    limits.check(runs.store())
    row = joined(ask(runs.store()))
    keep_engine()
    return row


def start(experiment: Experiment, *, is_shown_elsewhere: bool = False) -> None:
    """Ask for the run of an experiment and go to it, or have the page that is gone to next show it.

    Raises ValueError for an experiment that does not fit its data.
    """
    check_is_there(experiment)  # before anything is read of it
    before = runs.row_of(experiment.run_id())
    row = ask_for(experiment)
    keep_engine()
    if is_shown_elsewhere:
        RUN.take_along(row.id, without=(SETTINGS,))
    else:
        RUN.keep(row.id, without=OF_ONE_RUN)
    repeated.note(before)


def ask_for(experiment: Experiment, *, is_member: bool = False) -> Row:
    """Ask for the run of an experiment, or of a member of a comparison, and stay where one is; raises as `start` does,
    and no engine is called yet."""
    check(experiment)
    limits.check(runs.store())
    title = experiment.title(admitted_data.title_of(experiment.dataset))
    return joined(runs.store().submit(experiment.described(), experiment.run_id(), title, is_member=is_member))


def check(experiment: Experiment) -> None:
    """Raise ValueError where an experiment cannot be trained for who asks; not by a failed run."""
    if experiment.dataset.needs_download:
        raise ValueError(
            f"{experiment.dataset.name}: the images must be on this machine, got a data set that has yet to be "
            "downloaded. Run `python -m core train` with it once, or choose another source."
        )
    check_is_there(experiment)
    class_limits.check(experiment)
    prepare(experiment)


def ask_for_fork(start: Start, experiment: Experiment, title: str) -> Row:
    """Ask for the run of a strategy that goes on from a checkpoint and stay where one is; no engine is called yet."""
    class_limits.check(experiment)
    return joined(submit_from(runs.store(), start, experiment, title))


def check_is_there(experiment: Experiment) -> None:
    """Raise ValueError where an experiment stands on anything brought that is not there for who asks."""
    admitted_data.check(experiment.dataset)
    brought_networks.check(experiment.encoder)


def want(run_id: str, wanted: str) -> None:
    """Say what should become of a run: run, pause or stop. Whoever resumes it becomes an owner; of several owners one
    who stops it only leaves; nobody else has a say. Where there is no room to resume it, REFUSED is why."""
    try:
        _want(run_id, wanted)
    except ValueError as problem:
        st.session_state[REFUSED] = str(problem)


def show_refusal() -> None:
    """Why the last click on one of a run's buttons came to nothing, once."""
    if problem := st.session_state.pop(REFUSED, ""):
        st.error(plain_words(problem))


def _want(run_id: str, wanted: str) -> None:
    row = runs.row_of(run_id)
    if row is None:
        return
    if is_one_of_several(row) and wanted == "stop":
        leave(row)
    elif wanted == "run":
        limits.check(runs.store())
        runs.store().want(run_id, wanted)
        joined(row)
    elif may_steer(row):
        runs.store().want(run_id, wanted)
    keep_engine()


def leave(row: Row) -> None:
    """Who asks wants the run no more; it goes on for the others who have asked for it."""
    if visitor := visitors.now():
        runs.store().leave(row.id, visitor.id)


def joined(row: Row) -> Row:
    """The run, of which who asks is now an owner."""
    visitor = visitors.now()
    return runs.store().join(row.id, visitor.id, visitor.name) if visitor else row


def keep_engine() -> None:
    """See that an engine is there, for a run that somebody waits for."""
    ensure_engine(runs.store().root)


def wake_engine(after: float = 0.0) -> None:
    """Have an engine start without waiting for it, so that its workers are warm by the time of the first click."""
    timer = Timer(after, _wake, (ensure_engine, store_root()))  # as they are now, however late that is
    timer.daemon = True
    timer.start()


def _wake(ensure: Callable[[Path], None], root: Path) -> None:
    try:
        ensure(root)
    except OSError as problem:  # whoever asks for a run is told
        log.warning("%s", problem)


def compiling() -> str:
    """What a waiting run waits for where workers compile their kernels, or nothing."""
    workers = compiling_workers(runs.store().root)
    return count("runs.waiting.compiling", len(workers), worker=workers[0]) if workers else ""

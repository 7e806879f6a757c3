"""A run that rests, forked into several strategies: all go on from the same weights and are compared."""

from __future__ import annotations

from dataclasses import replace
from typing import NamedTuple

import streamlit as st

from core.comparison.command import command_of_forks
from core.comparison.plan import UPDATES, Budget, Member, Plan, along, updates_of
from core.comparison.record import comparison_of, keep
from core.engine.comparing import title_of
from core.experiment.experiment import FAMILIES, Experiment
from core.runs.fork import forked, moments, start_from
from core.runs.states import RESTING
from core.runs.store import Row
from dashboard.core_words import named, plain_words
from dashboard.lookups import runs
from dashboard.runs import limits, submit
from dashboard.settings import COMPARISON, RUNS
from dashboard.wording import count, joined, say

AXES = ("miner", "sampler", "loss")
USUAL = {
    "miner": ("semi-hard", "batch-hard", "random"),
    "sampler": ("p-by-k", "shuffled", "hard-classes"),
    "loss": ("triplet", "contrastive", "multi-similarity"),
}
SEEDS, USUAL_SEEDS, MOST_UPDATES, MOST = (1, 3, 5), 3, 100_000, 4
MENU, PROBLEM, LEAVING = (f"fork.{what}" for what in ("menu", "problem", "leaving"))


class Asked(NamedTuple):
    """What somebody chose: the run, the epoch that it is forked after, what differs, how long and how often."""

    name: str
    epoch: float
    axis: str
    strategies: tuple[str, ...]
    updates: int
    seeds: int


def offer(name: str, row: Row | None) -> None:
    """The button for a run that rests and keeps weights, and behind it what goes on from them."""
    if st.session_state.pop(LEAVING, False):
        st.switch_page("views/compare.py")
    run = runs.find_run(name)
    if row is None or run is None or not row.kind.is_trained or row.state not in ("finished", *RESTING):
        return
    if not (kept := moments(run)):
        return
    button = say("runs.fork.button")
    with st.popover(button, icon=":material/call_split:", key=MENU, on_change="rerun") as menu:
        if menu.open:
            _choose(name, sorted(set(kept.values()), reverse=True), run.experiment())


def _choose(name: str, epochs: list[float], own: Experiment) -> None:
    axes = [axis for axis in AXES if axis != "miner" or own.loss.consumes is not None]
    epoch = st.segmented_control(
        say("runs.fork.epoch"), epochs, default=epochs[0], required=True, format_func="{:.4g}".format, key="fork.epoch"
    )
    axis = st.segmented_control(
        say("runs.fork.axis"),
        axes,
        default=axes[0],
        required=True,
        format_func=lambda one: say(f"runs.fork.{one}"),
        key="fork.axis",
    )
    strategies = _choose_strategies(axis)
    left, right = st.columns(2)
    updates = left.number_input(
        say("runs.fork.updates"), 1, MOST_UPDATES, min(updates_of(own), MOST_UPDATES), key="fork.updates"
    )
    with right:
        seeds = st.segmented_control(
            say("runs.fork.seeds"), SEEDS, default=USUAL_SEEDS, required=True, key="fork.seeds"
        )
    st.button(
        count("runs.fork.start", len(strategies) * seeds),
        type="primary",
        icon=":material/play_arrow:",
        key="fork.start",
        disabled=len(strategies) < 2,
        on_click=_start,
        args=(Asked(name, epoch, axis, tuple(strategies), int(updates), seeds),),
    )
    st.caption(say("runs.fork.meaning"))
    if problem := st.session_state.pop(PROBLEM, ""):
        st.error(plain_words(problem))


def _choose_strategies(axis: str) -> list[str]:
    return st.multiselect(
        say("runs.fork.strategies"),
        list(FAMILIES[axis]),
        default=list(USUAL[axis]),
        max_selections=MOST,
        format_func=named,
        key=f"fork.strategies.{axis}",
    )


def _start(asked: Asked) -> None:
    try:
        comparison_id, names = _begun(asked)
    except ValueError as problem:
        st.session_state[PROBLEM] = str(problem)
        return
    st.session_state[MENU] = False
    COMPARISON.take_along(comparison_id)
    RUNS.take_along(names)
    st.session_state[LEAVING] = True


def _begun(asked: Asked) -> tuple[str, list[str]]:
    """The comparison with all of its trainings asked for, and its runs from the first seed."""
    parent = runs.run_of(asked.name)
    own = parent.experiment()
    submit.check_is_there(own)  # before anything is read of it
    start = start_from(parent, asked.epoch)
    strategies = along(own, asked.axis, asked.strategies)
    plan = forked(Plan(strategies, tuple(range(asked.seeds)), Budget(UPDATES, asked.updates)), parent, start)
    members = plan.members()
    for member in members[: len(strategies)]:
        submit.check(member.experiment)
    if new := [one for one in members if runs.row_of(one.run_id) is None]:
        limits.check(runs.store(), len(new))  # for all of them, before the first is begun
    by_id: dict[str, Member] = {}
    for member in members:
        title = say("runs.fork.run", strategy=title_of(member))
        by_id[submit.ask_for_fork(start, member.experiment, title).id] = member
    submit.keep_engine()
    title = say("runs.fork.title", strategies=joined("things", map(named, asked.strategies)), run=start.origin.title)
    made = replace(comparison_of(title, plan, by_id), command=command_of_forks(plan, asked.axis))
    keep(runs.store().root, made)
    return made.id, list(by_id)[: len(strategies)]

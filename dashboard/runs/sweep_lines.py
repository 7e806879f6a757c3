"""The lines of the list of runs that stand for a whole sweep, and what opens below one: its runs by strategy and
seed."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from datetime import datetime
from itertools import groupby

import streamlit as st

from core.runs.forecast import end_of
from core.runs.states import UNDER_WAY
from core.runs.store import Row
from core.runs.sweeps import Part, parts
from dashboard.core_words import strategy_named
from dashboard.lookups import forecasts, runs
from dashboard.lookups.disk_use import size_in_words
from dashboard.lookups.listed_runs import ListedSweep, when
from dashboard.markdown import plain
from dashboard.runs.waiting import about
from dashboard.wording import count, say

OPENED = "runs.sweep.opened"
MOST_RUNS = 60  # of one sweep, until all are asked for
ALL = "runs.sweep.all"
COUNTED = ("finished", "running", "waiting", "failed", "resting")


def in_words(line: ListedSweep, now: datetime) -> str:
    """How many runs it has and where they stand, about when the last ends, the best number, the size, and when it was
    begun."""
    of = line.summary
    said = [count("runs.sweep.runs", of.count)]
    if of.finished < of.count:
        said += [say(f"runs.sweep.{what}", number=getattr(of, what)) for what in COUNTED if getattr(of, what)]
    if of.under_way and of.share:
        said.append(say("runs.sweep.share", share=100 * of.share))
    if (ends := ends_in(line)) is not None:
        said.append(say("runs.sweep.ends", time=about(ends)))
    if of.map_at_r >= 0:
        said.append(say("runs.sweep.best", number=of.map_at_r))
    if of.size:
        said.append(size_in_words(of.size))
    return " · ".join([*said, when(line.sweep.created, now)])


def ends_in(line: ListedSweep) -> float | None:
    """Seconds until the last of its runs ends; None where none is under way, and where that is not known."""
    if not line.summary.under_way:
        return None
    expected = forecasts.expected()
    under_way = [part.row.id for part in parts(runs.store(), line.sweep.id) if part.row.state in UNDER_WAY]
    return end_of(expected.get(run_id) for run_id in under_way)


def is_open(line: ListedSweep) -> bool:
    """Whether its runs are shown."""
    return st.session_state.get(OPENED) == line.sweep.id


def open_or_close(sweep_id: str) -> None:
    """Only one is open at a time."""
    st.session_state[OPENED] = None if st.session_state.get(OPENED) == sweep_id else sweep_id
    st.session_state[ALL] = False


def show_runs(
    shown: Sequence[Part], pick: Callable[[Row], None] | None, chosen: Collection[str], icon: Callable[[str], str]
) -> None:
    """Of each strategy a heading, and a small button for each of its runs; `pick` is what a click does, if anything."""
    most = len(shown) if st.session_state.get(ALL) else MOST_RUNS
    with st.container(gap="xxsmall", key="runs.sweep.members"):
        for strategy, found in groupby(shown[:most], key=lambda part: part.strategy):
            own = list(found)
            has_folds = len({part.fold for part in own}) > 1
            st.caption(f"**{plain(strategy_named(strategy))}**{_size(own)}")
            with st.container(horizontal=True, gap="xxsmall"):
                for part in own:
                    _button(part, pick, part.row.id in chosen, icon, has_folds=has_folds)
        if len(shown) > most:
            more = say("runs.sweep.more", count=len(shown) - most)
            st.button(more, key="runs.sweep.more", type="tertiary", on_click=_show_all)


def _button(
    part: Part, pick: Callable[[Row], None] | None, is_chosen: bool, icon: Callable[[str], str], *, has_folds: bool
) -> None:
    label = say("runs.sweep.fold" if has_folds else "runs.sweep.seed", seed=part.seed, fold=part.fold)
    if part.row.map_at_r >= 0:
        label = say("runs.sweep.reached", run=label, number=part.row.map_at_r)
    st.button(
        f"**{label}**" if is_chosen else label,
        key=f"runs.pick.{part.row.id}",
        icon=f":material/{'check' if is_chosen else icon(part.row.state)}:",
        type="tertiary",
        disabled=pick is None,
        on_click=pick,
        args=(part.row,),
    )


def _size(own: Sequence[Part]) -> str:
    """The sizes of its runs together."""
    size = sum(max(part.row.size, 0) for part in own)
    return f" · {size_in_words(size)}" if size else ""


def _show_all() -> None:
    st.session_state[ALL] = True

"""The whole queue: what is at work and what waits, whose it is, and about when each begins and ends. The runs of a
sweep are one line."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import streamlit as st

from core.runs.forecast import Expected, end_of
from core.runs.states import ACTIVE, UNDER_WAY
from core.runs.store import Row
from core.runs.sweeps import Sweep, newest_sweep_of, parts
from dashboard.entrance import visitors
from dashboard.entrance.rights import may_see
from dashboard.lookups import forecasts, runs
from dashboard.lookups.runs import state_in_words
from dashboard.markdown import plain, table
from dashboard.runs.run_panel import asked_for_by
from dashboard.runs.waiting import about, of_others
from dashboard.wording import count, say

MOST_LINES = 25
LOOKED_AT = 100  # runs that wait, from the first one
COUNT = "runs.queue.count"


class Queued(NamedTuple):
    """A line: a run, or the runs of a sweep that are among the first; `place` is that of the first one that waits."""

    title: str
    rows: tuple[Row, ...]
    place: int | None
    sweep: Sweep | None = None


def show() -> None:
    """A table of it, and how many there are in all; nothing where nothing is asked for."""
    at_work = runs.store().in_states(*ACTIVE)
    most = st.session_state.get(COUNT, MOST_LINES)
    waiting = runs.store().next_queued(LOOKED_AT * most // MOST_LINES)
    found = lines(at_work, waiting)
    if not found:
        return
    is_of_many = not visitors.chosen_way.is_open
    expected = forecasts.expected()
    head = [say(f"runs.queue.{what}") for what in ("run", "place", "state", "begins", "ends")]
    cells = [_cells(line, expected) + ([asked_for_by(line.rows[0])] if is_of_many else []) for line in found[:most]]
    with st.container(key="runs.queue"):
        st.markdown(table([*head, *([say("runs.queue.by")] if is_of_many else [])], cells))
    in_all = runs.store().queued_count()
    if len(found) > most or in_all > len(waiting):
        st.button(say("runs.queue.more"), key="runs.queue.more", type="tertiary", on_click=_show_more)
    st.caption(" · ".join([count("runs.queue.waiting", in_all), say("runs.queue.meaning")]))


def lines(at_work: Sequence[Row], waiting: Sequence[Row]) -> list[Queued]:
    """What is at work first, then what waits, in the order of the queue; a sweep stands where its first run does."""
    sweeps = newest_sweep_of(runs.store(), [row.id for row in (*at_work, *waiting)])
    places = {row.id: number for number, row in enumerate(waiting, start=1)}
    grouped: dict[str, list[Row]] = {}
    for row in (*at_work, *waiting):
        grouped.setdefault(sweeps[row.id].id if row.id in sweeps else row.id, []).append(row)
    found = []
    for rows in grouped.values():
        sweep = sweeps.get(rows[0].id)
        first = rows[0]
        shown = (sweep.title if sweep else first.title) if may_see(first) else of_others()
        place = next((places[row.id] for row in rows if row.id in places), None)
        found.append(Queued(shown, tuple(rows), place, sweep))
    return found


def _cells(line: Queued, expected: dict[str, Expected]) -> list[str]:
    first = line.rows[0]
    begins = expected.get(first.id, Expected(None, None)).begins
    if line.sweep is None:
        ends, state = expected.get(first.id, Expected(None, None)).ends, state_in_words(first)
    else:
        own = [part.row for part in parts(runs.store(), line.sweep.id) if part.row.state in UNDER_WAY]
        ends = end_of(expected.get(row.id) for row in own)
        running = sum(row.state in ACTIVE for row in own)
        state = say("runs.queue.sweep", running=running, waiting=len(own) - running)
    place = say("runs.queue.at_work") if first.state in ACTIVE else str(line.place)
    return [plain(line.title), place, state, _time(begins, first.state in ACTIVE), _time(ends, False)]


def _time(seconds: float | None, is_at_work: bool) -> str:
    if is_at_work:
        return say("runs.queue.begun")
    if seconds is None:
        return say("runs.queue.unknown")
    return say("runs.queue.now") if seconds < 1 else say("runs.queue.in", time=about(seconds))


def _show_more() -> None:
    st.session_state[COUNT] = st.session_state.get(COUNT, MOST_LINES) + MOST_LINES

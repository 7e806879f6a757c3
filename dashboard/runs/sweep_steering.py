"""What is done to all runs of a sweep at once: cancel it, resume it, retry what has failed. Each reader steers their
own runs, a teacher all, as with a single run."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import NamedTuple

import streamlit as st

from core.comparison.asked import ask_again, asked_for, take_back
from core.comparison.record import kept
from core.runs.states import UNDER_WAY
from core.runs.store import Row
from core.runs.sweeps import LISTED, parts
from dashboard.entrance import visitors
from dashboard.entrance.rights import is_one_of_several, may_see, may_steer, may_steer_of
from dashboard.lookups import runs
from dashboard.runs import limits
from dashboard.runs.run_editor import done
from dashboard.runs.submit import REFUSED, joined, keep_engine, leave, show_refusal
from dashboard.wording import count, say

ICONS = {"cancel": "stop", "resume": "play_arrow", "retry": "replay"}


class Steerable(NamedTuple):
    """The runs of a sweep that who asks may cancel, resume and retry."""

    cancel: tuple[Row, ...]
    resume: tuple[Row, ...]
    retry: tuple[Row, ...]


def steerable(sweep_id: str) -> Steerable:
    """As they are now; what somebody has just asked for is left out until the engine has answered."""
    rows = [part.row for part in parts(runs.store(), sweep_id, LISTED) if may_see(part.row)]
    at_rest = [row for row in rows if row.wanted != "run"]
    return Steerable(
        tuple(row for row in rows if row.state in UNDER_WAY and row.wanted == "run" and may_steer(row)),
        tuple(row for row in at_rest if row.state in ("paused", "stopped")),
        tuple(row for row in at_rest if row.state == "failed"),
    )


def offer(sweep_id: str, place: str) -> None:
    """The buttons for what there is to do, in a row; `place` tells two rows of one sweep on a page apart."""
    found = steerable(sweep_id)
    do: dict[str, Callable[[Sequence[Row]], None]] = {
        "cancel": partial(cancel, sweep_id),
        "resume": partial(resume, sweep_id),
        "retry": partial(retry, sweep_id),
    }
    for what, rows in found._asdict().items():
        if rows:
            st.button(
                count(f"runs.sweep.{what}", len(rows)),
                key=f"{place}.{what}.{sweep_id}",
                icon=f":material/{ICONS[what]}:",
                help=say(f"runs.sweep.{what}_help"),
                on_click=partial(do[what], rows),
            )


def show(sweep_id: str) -> None:
    """The same beside the matrix of the comparison, with why the last click came to nothing."""
    if any(steerable(sweep_id)):
        with st.container(horizontal=True, gap="xsmall", key="compare.matrix.steering"):
            offer(sweep_id, "compare.matrix")
    show_refusal()


def cancel(sweep_id: str, rows: Sequence[Row]) -> None:
    """End them, and ask for no more of the sweep than there is; what others have asked for as well goes on for these.
    Resume, or Undo, lets all of them go on."""
    shared = [row for row in rows if is_one_of_several(row)]
    own = [row.id for row in rows if row not in shared]
    for row in shared:
        leave(row)
    no_longer_asked_for(sweep_id)
    runs.store().want_all(own, "stop")
    keep_engine()
    done(count("runs.sweep.done.cancelled", len(rows)), partial(_go_on, sweep_id, rows))


def no_longer_asked_for(sweep_id: str) -> None:
    """Have the engine ask for no more of it, where who asks may say so."""
    root = runs.store().root
    asked = asked_for(root, sweep_id)
    if asked is not None and may_steer_of(asked.owner):
        take_back(root, sweep_id)


def resume(sweep_id: str, rows: Sequence[Row]) -> None:
    """Have them go on, what was never begun from its beginning, and what is still to be asked for; where there is no
    room for them, REFUSED is why."""
    if _wanted(sweep_id, rows):
        done(count("runs.sweep.done.resumed", len(rows)), partial(_end, rows))


def retry(sweep_id: str, rows: Sequence[Row]) -> None:
    """Try again what has failed, from where it had come to."""
    if _wanted(sweep_id, rows):
        done(count("runs.sweep.done.retried", len(rows)), partial(_end, rows))


def _wanted(sweep_id: str, rows: Sequence[Row]) -> bool:
    try:
        limits.check(runs.store(), len(rows))
    except ValueError as problem:
        st.session_state[REFUSED] = str(problem)
        return False
    _go_on(sweep_id, rows)
    return True


def _go_on(sweep_id: str, rows: Sequence[Row]) -> None:
    comparison = kept(runs.store().root, sweep_id)
    if comparison is not None and may_steer_of(str(comparison.asked.get("owner", ""))):
        ask_again(runs.store().root, comparison)
    runs.store().want_all([row.id for row in rows], "run")
    if visitors.now():
        for row in rows:
            joined(row)
    keep_engine()


def _end(rows: Sequence[Row]) -> None:
    runs.store().want_all([row.id for row in rows], "stop")
    keep_engine()

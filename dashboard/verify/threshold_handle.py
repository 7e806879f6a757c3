"""Where the handle of the Verify page stands, and how it agrees with the goal.

The goal is kept in the session and repeated in the address. Letting go of the handle makes it "by hand"; choosing a
goal moves the handle. Two counters keep late messages of a quick reader harmless: the handle's name counts the moves
that goals made, so that an older release is nothing new, and the chooser's key counts how often the handle took over,
so that what the chooser said before is not taken for a choice.
"""

from __future__ import annotations

from typing import Any

import streamlit as st

from core.verification.goals import GOALS, Far, Goal, Hand
from dashboard.settings import GOAL, NUMBERS, THRESHOLD
from dashboard.url import is_way_back, keep_together
from dashboard.wording import say

FIGURE, TYPED = "verify.distances", "verify.typed"


def handle_name(name: str, step: int) -> str:
    """A new name after every move from outside, so that the browser lets go of the old place."""
    return f"threshold.{_kept('moves', 0)}.{name}.{step}"


def begin_run(name: str) -> None:
    """Drop a threshold by hand that is of other data than the run that is shown now: its address names none."""
    before = _kept("of_run", name)
    _keep(of_run=name)
    if before != name and not is_way_back() and _kept("goal", Far.name) == Hand.name and THRESHOLD.text is None:
        st.session_state[TYPED] = None
        GOAL.keep(None)
        _keep(goal=None, takeovers=_kept("takeovers", 0) + 1)
        move()


def adopt_release(name: str, step: int, *, is_similarity: bool = False) -> None:
    """Take over where the reader let go of the handle, as a distance; call it before the chooser is drawn.

    On a way back in the browser the address decides instead.
    """
    if is_way_back():
        st.session_state[TYPED] = None
        _keep(goal=None, takeovers=_kept("takeovers", 0) + 1)
        move()
        return
    reported = st.session_state.get(FIGURE, {}).get("handles") or {}
    released = reported.get(handle_name(name, step))
    if released is None:
        return
    if GOAL.is_fixed and kept_goal() != Hand.name:  # by a teacher's link: back to where the goal has it
        move()
        return
    threshold = 0.0 - float(released) if is_similarity else float(released)
    if _kept("goal", Far.name) != Hand.name:
        _keep(goal=Hand.name, takeovers=_kept("takeovers", 0) + 1)
    if threshold != _kept("threshold", None):
        st.session_state[TYPED] = None
    _keep(threshold=threshold)


def kept_goal() -> str:
    """The name of the goal: at first that of the address, with its threshold."""
    if _kept("goal", None) is None:
        _keep(goal=GOAL.value(Far.name, GOALS, shown=Far.title), threshold=THRESHOLD.value(0.0))
    return _kept("goal", Far.name)


def kept_threshold() -> float:
    """Where the handle stands."""
    return _kept("threshold", 0.0)


def chooser_key() -> str:
    """The key of the widget that chooses the goal."""
    return f"verify.chooser.{_kept('takeovers', 0)}"


def choose_goal(key: str) -> None:
    """Take over what the chooser with this key says."""
    if key == chooser_key():  # an earlier chooser may still speak when the handle has taken over
        _keep(goal=st.session_state[key])
        move()


def place(threshold: float) -> None:
    """Put the handle there."""
    _keep(threshold=threshold)
    move()


def move() -> None:
    """Let the handle stand where the goal has it, and no longer where the reader left it."""
    _keep(moves=_kept("moves", 0) + 1)


def show_in_address(goal: Goal, threshold: float) -> None:
    """Repeat the goal in the address, and remember where the handle stands."""
    _keep(threshold=threshold)
    is_new = goal.name != GOAL.value(Far.name, GOALS, shown=Far.title)
    if is_new or (goal.is_given and threshold != THRESHOLD.value(0.0)):
        own = {number.key for number in goal.numbers.values()}
        others = [(asked, None) for key, asked in NUMBERS.items() if key not in own]
        keep_together([(GOAL, goal.name), (THRESHOLD, threshold if goal.is_given else None), *others])
    elif THRESHOLD.text is not None and not goal.is_given:
        THRESHOLD.refuse(say("verify.goal.only_by_hand"), say("verify.goal.threshold", threshold=threshold))


def _kept(name: str, otherwise: Any) -> Any:
    return st.session_state.get(f"verify.{name}", otherwise)


def _keep(**values: Any) -> None:
    for name, value in values.items():
        st.session_state[f"verify.{name}"] = value

"""What a reader of the Verify page chooses: the goal and its numbers, the protocol; and how these and the handle agree.

The goal is kept in the session and repeated in the URL as `goal`, `threshold` and its numbers (`Goal.numbers`).
Letting go of the handle makes it "by hand"; choosing a goal moves the handle. Two counters keep late messages of a
quick reader harmless: the handle's name counts the moves that goals made, so that an older release is nothing new, and
the chooser's key counts how often the handle took over, so that what the chooser said before is not taken for a choice.
"""

from __future__ import annotations

from dataclasses import replace
from math import isfinite
from typing import Any

import streamlit as st

from core.evidence.appraisal import Appraisal
from core.evidence.evidence import Evidence
from core.params import Param, params_of
from core.verification.goals import GOALS, Far, Goal, Hand
from core.verification.goals.base import Number
from core.verification.protocols import FOLDS, OTHERS, SAME
from core.verification.weighted_curve import PAIRS, WEIGHTS
from dashboard.url import addressed
from dashboard.verify.sections import SECTIONS

FIGURE, TYPED = "verify.distances", "verify.typed"
FAR, HAND = Far.name, Hand.name
REPORTS = {OTHERS: "on other identities", FOLDS: "over the folds", SAME: "on the same pairs"}
TARGETS = (10.0, 1.0, 0.1, 0.01, 0.001)  # percent


def handle_name(name: str, step: int) -> str:
    """A new name after every move from outside, so that the browser lets go of the old place."""
    return f"threshold {_kept('moves', 0)} of {name} at {step}"


def adopt_release(name: str, step: int) -> None:
    """Take over where the reader let go of the handle; call it before the chooser is drawn."""
    reported = st.session_state.get(FIGURE, {}).get("handles") or {}
    released = reported.get(handle_name(name, step))
    if released is None:
        return
    if _kept("goal", FAR) != HAND:
        _keep(goal=HAND, takeovers=_kept("takeovers", 0) + 1)
    if float(released) != _kept("threshold", None):
        st.session_state[TYPED] = None
    _keep(threshold=float(released))


def chosen_goal(*, is_similarity: bool = False) -> Goal:
    """The goal of the chooser, drawn here, with its limit or the threshold itself, which is asked for as the scores
    were given."""
    if _kept("goal", None) is None:
        _keep(goal=st.query_params.get("goal", FAR), threshold=_number(st.query_params.get("threshold")))
    if _kept("goal", FAR) not in GOALS:
        _keep(goal=FAR)
    key = _chooser()
    name = st.segmented_control(
        "Goal",
        list(GOALS),
        default=_kept("goal", FAR),
        required=True,
        format_func=lambda name: GOALS[name].title,
        key=key,
        on_change=_choose,
        args=(key,),
        label_visibility="collapsed",
    )
    kind = GOALS[name]
    if kind is Hand:
        _hand_input(is_similarity=is_similarity)
        return Hand(_kept("threshold", 0.0))
    asked = ((declared, kind.numbers[declared.name]) for declared in params_of(kind))
    return kind(**{declared.name: _number_input(kind, declared, number) for declared, number in asked})


def offer_targets(goal: Goal, evidence: Evidence) -> None:
    """Round limits to click; those that the pairs cannot show to be met are grey, and say what it would take."""
    ((name, number),) = goal.numbers.items()
    for percent in TARGETS:
        needed = evidence.identities_for(replace(goal, **{name: percent / 100}))
        reason = (
            f"These {evidence.identities:,} identities cannot show so small a rate, were no error seen at all. "
            f"It takes about {needed:,} such identities."
        )
        st.button(
            f"{percent:g} %",
            key=f"verify.target.{number.key}.{percent}",
            on_click=_aim,
            args=(number.key, percent),
            disabled=needed > 0,
            help=reason if needed else None,
            type="tertiary",
        )


def on_the_safe_side(goal: Goal) -> bool:
    """Whether the limit is to be met with 95 % certainty; drawn here, for goals that have one, and kept in the URL."""
    if goal.side is None:
        return False
    return st.toggle("Safe side", key="safe", bind="query-params", on_change=_move)


def chosen_weights(found: Appraisal) -> str:
    """What counts alike in the rates, as the URL says; `offer_weights` draws the choice below the figure."""
    offered = tuple(WEIGHTS) if found.by_identity else (PAIRS,)
    return st.session_state[addressed("weights", offered)[0]]


def offer_weights(found: Appraisal) -> None:
    """Let the reader weigh pairs or identities, where both can be."""
    if not found.by_identity:
        return
    key, keep = addressed("weights", tuple(WEIGHTS))

    def move() -> None:
        keep()
        _move()

    st.segmented_control(
        "Rates",
        tuple(WEIGHTS),
        required=True,
        format_func=lambda name: f"by {'pair' if name == PAIRS else 'identity'}",
        key=key,
        on_change=move,
        help="; ".join(WEIGHTS.values()).capitalize() + ".",
        label_visibility="collapsed",
    )


def chosen_protocol(found: Appraisal, *, own_folds: bool = False) -> str:
    """Whose pairs report, drawn here where there is a choice; first the folds that pairs came with."""
    offered = sorted(found.protocols, key=lambda name: name != FOLDS) if own_folds else found.protocols
    if len(offered) == 1:
        return offered[0]
    key, keep = addressed("protocol", offered)
    return st.selectbox(
        "Reported",
        offered,
        format_func=REPORTS.__getitem__,
        key=key,
        on_change=keep,
        label_visibility="collapsed",
    )


def _number_input(kind: type[Goal], declared: Param, number: Number) -> float:
    """The value of a parameter, asked for in percent where it is a share."""
    is_limit = kind.side is not None
    value = st.number_input(
        number.label,
        number.low,
        number.high,
        number.default,
        step=number.step,
        format="%g",
        key=number.key,
        bind="query-params",
        on_change=_move,
        help=None if is_limit else declared.help[0].upper() + declared.help[1:],
        icon=":material/percent:" if is_limit else None,
        label_visibility="collapsed" if is_limit else "visible",
        width=96 if is_limit else 118,
    )
    return value / 100 if declared.unit == "share" else value


def _hand_input(*, is_similarity: bool) -> None:
    """The threshold itself, to type: of a similarity accepted from there up, of a distance up to there.

    It is empty, with where the handle stands as a hint, until somebody types. Its key never changes, since a browser
    that is sent another box while keys are held down takes the old number for an answer.
    """
    sign = -1.0 if is_similarity else 1.0
    st.number_input(
        "Similarity at least" if is_similarity else "Distance at most",
        value=None,
        format="%.6g",
        key=TYPED,
        on_change=_set_by_hand,
        args=(sign,),
        placeholder=f"{0.0 + sign * _kept('threshold', 0.0):.6g}",
        label_visibility="collapsed",
        icon=":material/keyboard_arrow_right:" if is_similarity else ":material/keyboard_arrow_left:",
        width=148,
    )


def _set_by_hand(sign: float) -> None:
    typed = st.session_state[TYPED]
    if typed is not None:
        _keep(threshold=0.0 + sign * float(typed))
        _move()


def _aim(key: str, percent: float) -> None:
    st.session_state[key] = percent
    _move()


def show_in_address(goal: Goal, threshold: float) -> None:
    """Repeat the goal in the URL, where it is not the default, and remember where the handle stands."""
    _keep(threshold=threshold)
    wanted = {"goal": goal.name if goal.name != FAR else "", "threshold": str(threshold) if goal.is_given else ""}
    for name, value in wanted.items():
        if value != st.query_params.get(name, ""):
            if value:
                st.query_params[name] = value
            else:
                del st.query_params[name]


def _chooser() -> str:
    return f"verify.chooser.{_kept('takeovers', 0)}"


def _choose(key: str) -> None:
    if key == _chooser():  # an earlier chooser may still speak when the handle has taken over
        _keep(goal=st.session_state[key])
        _move()


def _move() -> None:
    _keep(moves=_kept("moves", 0) + 1)


def _kept(name: str, otherwise: Any) -> Any:
    return st.session_state.get(f"verify.{name}", otherwise)


def _keep(**values: Any) -> None:
    for name, value in values.items():
        st.session_state[f"verify.{name}"] = value


def _number(text: str | None) -> float:
    """0 for what is no finite number."""
    try:
        value = float(text or 0)
    except ValueError:
        return 0.0
    return value if isfinite(value) else 0.0


def choose_section() -> str:
    """Which section is drawn below the curves, kept in the URL as `section`."""
    key, keep = addressed("section", list(SECTIONS))
    section = st.segmented_control(
        "Section",
        list(SECTIONS),
        required=True,
        format_func=lambda name: SECTIONS[name].TITLE,
        key=key,
        on_change=keep,
        label_visibility="collapsed",
    )
    assert section is not None, "the address chooses one before it is drawn"
    return section

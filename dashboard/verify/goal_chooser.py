"""The goal that a reader of the Verify page chooses, with its numbers or the threshold itself."""

from __future__ import annotations

from dataclasses import replace

import streamlit as st

from core.evidence.evidence import Evidence
from core.params import Param, params_of
from core.verification.goals import GOALS, Goal, Hand
from core.verification.goals.base import Number
from dashboard.core_words import named, translated
from dashboard.settings import NUMBERS
from dashboard.url import Between
from dashboard.verify.threshold_handle import TYPED, choose_goal, chooser_key, kept_goal, kept_threshold, move, place
from dashboard.wording import say

TARGETS = (10.0, 1.0, 0.1, 0.01, 0.001)  # percent


def chosen_goal(*, is_similarity: bool = False) -> Goal:
    """The goal of the chooser, drawn here, with its limit or the threshold itself, which is asked for as the scores
    were given."""
    goal = kept_goal()
    key = chooser_key()
    name = st.segmented_control(
        say("verify.goal.label"),
        list(GOALS),
        default=goal,
        required=True,
        format_func=lambda name: named(GOALS[name].title),
        key=key,
        on_change=choose_goal,
        args=(key,),
        label_visibility="collapsed",
    )
    kind = GOALS[name]
    if kind is Hand:
        _hand_input(is_similarity=is_similarity)
        return Hand(kept_threshold())
    asked = ((declared, kind.numbers[declared.name]) for declared in params_of(kind))
    return kind(**{declared.name: _number_input(kind, declared, number) for declared, number in asked})


def offer_targets(goal: Goal, evidence: Evidence) -> None:
    """Round limits to click; those that the pairs cannot show to be met are grey, and say what it would take."""
    ((name, number),) = goal.numbers.items()
    for percent in TARGETS:
        needed = evidence.identities_for(replace(goal, **{name: percent / 100}))
        st.button(
            say("verify.goal.percent", percent=percent),
            key=f"verify.target.{number.key}.{percent}",
            on_click=_aim,
            args=(number.key, percent),
            disabled=needed > 0,
            help=say("verify.goal.too_small", identities=evidence.identities, needed=needed) if needed else None,
            type="tertiary",
        )


def _aim(key: str, percent: float) -> None:
    NUMBERS[key].keep(percent)
    move()


def _number_input(kind: type[Goal], declared: Param, number: Number) -> float:
    """The value of a parameter, asked for in percent where it is a share."""
    is_limit, setting = kind.side is not None, NUMBERS[number.key]
    asked = setting.value(
        number.default,
        Between(number.low, number.high),
        say("verify.goal.outside", low=number.low, high=number.high),
    )
    value = st.number_input(
        translated(number.label),
        number.low,
        number.high,
        step=number.step,
        format="%g",
        help=None if is_limit else _sentence(translated(declared.help)),
        icon=":material/percent:" if is_limit else None,
        label_visibility="collapsed" if is_limit else "visible",
        width=96 if is_limit else 118,
        **setting.widget(asked, move),
    )
    return value / 100 if declared.unit == "share" else value


def _sentence(text: str) -> str:
    return text[0].upper() + text[1:]


def _hand_input(*, is_similarity: bool) -> None:
    """The threshold itself, to type: of a similarity accepted from there up, of a distance up to there.

    It is empty, with where the handle stands as a hint, until somebody types. Its key never changes, since a browser
    that is sent another box while keys are held down takes the old number for an answer.
    """
    sign = -1.0 if is_similarity else 1.0
    st.number_input(
        say("verify.goal.similarity" if is_similarity else "verify.goal.distance"),
        value=None,
        format="%.6g",
        key=TYPED,
        on_change=_set_by_hand,
        args=(sign,),
        placeholder=f"{0.0 + sign * kept_threshold():.6g}",
        label_visibility="collapsed",
        icon=":material/keyboard_arrow_right:" if is_similarity else ":material/keyboard_arrow_left:",
        width=148,
    )


def _set_by_hand(sign: float) -> None:
    typed = st.session_state[TYPED]
    if typed is not None:
        place(0.0 + sign * float(typed))

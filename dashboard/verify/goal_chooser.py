"""What a reader of the Verify page chooses: the goal and its numbers, the protocol; and how these and the handle agree.

The goal is kept in the session and repeated in the URL as `goal`, `threshold` and its numbers (NUMBERS). Letting go of
the handle makes it "by hand"; choosing a goal moves the handle. Two counters keep late messages of a quick reader
harmless: the handle's name counts the moves that goals made, so that an older release is nothing new, and the chooser's
key counts how often the handle took over, so that what the chooser said before is not taken for a choice.
"""

from __future__ import annotations

from math import isfinite
from typing import Any, NamedTuple

import streamlit as st

from core.evidence.appraisal import Appraisal
from core.evidence.evidence import Evidence
from core.verification.goals import ACCURACY, COST, EER, F_BETA, FAR, FRR, HAND, LIMITED, YOUDEN, Costs, Goal
from core.verification.protocols import FOLDS, OTHERS, SAME
from core.verification.weighted_curve import PAIRS, WEIGHTS
from dashboard.url import addressed
from dashboard.verify.sections import SECTIONS

FIGURE, TYPED = "verify.distances", "verify.typed"
GOALS = {
    FAR: "FAR at most",
    FRR: "FRR at most",
    EER: "EER",
    ACCURACY: "Accuracy",
    YOUDEN: "Youden",
    F_BETA: "F-beta",
    COST: "Cost",
    HAND: "By hand",
}
REPORTS = {OTHERS: "on other identities", FOLDS: "over the folds", SAME: "on the same pairs"}
TARGETS = (10.0, 1.0, 0.1, 0.01, 0.001)  # percent


class Number(NamedTuple):
    """A number that a goal asks for: its label, its bounds and its default, by its key in the URL."""

    label: str
    low: float
    high: float
    default: float
    step: float
    help: str


NUMBERS: dict[str, dict[str, Number]] = {
    FAR: {"far": Number("FAR at most, %", 0.0, 100.0, 1.0, 0.1, "Share of impostors that may be let in")},
    FRR: {"frr": Number("FRR at most, %", 0.0, 100.0, 5.0, 0.1, "Share of genuine pairs that may be refused")},
    F_BETA: {"beta": Number("Beta", 0.01, 100.0, 1.0, 0.1, "How often more recall counts than precision")},
    COST: {
        "accept": Number("Cost, false accept", 0.0, 1e6, 10.0, 1.0, "What letting an impostor in costs, in any unit"),
        "reject": Number("Cost, false reject", 0.0, 1e6, 1.0, 1.0, "What refusing a genuine one costs, in that unit"),
        "genuine": Number("Genuine, %", 0.0, 100.0, 90.0, 1.0, "How many of 100 attempts are genuine"),
    },
}


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
    kind = st.segmented_control(
        "Goal",
        list(GOALS),
        default=_kept("goal", FAR),
        required=True,
        format_func=GOALS.__getitem__,
        key=key,
        on_change=_choose,
        args=(key,),
        label_visibility="collapsed",
    )
    numbers = {key: _number_input(key, number) for key, number in NUMBERS.get(kind, {}).items()}
    if kind == HAND:
        _hand_input(is_similarity=is_similarity)
    if kind == COST:
        return Goal(kind, costs=Costs(numbers["accept"], numbers["reject"], numbers["genuine"] / 100))
    if kind in LIMITED:
        return Goal(kind, numbers[kind] / 100)
    return Goal(kind, {F_BETA: numbers.get("beta", 0.0), HAND: _kept("threshold", 0.0)}.get(kind, 0.0))


def offer_targets(goal: Goal, evidence: Evidence) -> None:
    """Round limits to click; those that the pairs cannot show to be met are grey, and say what it would take."""
    for percent in TARGETS:
        needed = evidence.identities_for(Goal(goal.kind, percent / 100))
        reason = (
            f"These {evidence.identities:,} identities cannot show so small a rate, were no error seen at all. "
            f"It takes about {needed:,} such identities."
        )
        st.button(
            f"{percent:g} %",
            key=f"verify.target.{goal.kind}.{percent}",
            on_click=_aim,
            args=(goal.kind, percent),
            disabled=needed > 0,
            help=reason if needed else None,
            type="tertiary",
        )


def on_the_safe_side(goal: Goal) -> bool:
    """Whether the limit is to be met with 95 % certainty; drawn here, for goals that have one, and kept in the URL."""
    if goal.kind not in LIMITED:
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


def _number_input(key: str, number: Number) -> float:
    return st.number_input(
        number.label,
        number.low,
        number.high,
        number.default,
        step=number.step,
        format="%g",
        key=key,
        bind="query-params",
        on_change=_move,
        help=number.help if key not in LIMITED else None,
        icon=":material/percent:" if key in LIMITED else None,
        label_visibility="collapsed" if key in LIMITED else "visible",
        width=96 if key in LIMITED else 118,
    )


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


def _aim(kind: str, percent: float) -> None:
    st.session_state[kind] = percent
    _move()


def show_in_address(goal: Goal, threshold: float) -> None:
    """Repeat the goal in the URL, where it is not the default, and remember where the handle stands."""
    _keep(threshold=threshold)
    wanted = {"goal": goal.kind if goal.kind != FAR else "", "threshold": str(threshold) if goal.kind == HAND else ""}
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

"""The menu in which a sweep is chosen (sweep.py): its widgets, and what they say."""

from __future__ import annotations

import streamlit as st

from core.comparison.axes import USUAL, members_of, parameters_of, suggested
from core.comparison.searches import DRAWN_FIRST, OPTUNA, RANDOM
from core.comparison.tuning import TIMES
from core.experiment.experiment import Experiment
from core.handover.optional_packages import is_installed
from dashboard.compare.sweep import (
    AXES,
    FOLDS,
    MOST,
    OTHER,
    SEEDS,
    TRIALS,
    Sweep,
    bases_of,
    can_be_folded,
    experiment_of,
    parameter_named,
    title_of,
    usual_updates,
)
from dashboard.core_words import written_named
from dashboard.settings import SWEEP_FOLDS
from dashboard.wording import count, say

BASE, AXIS, PARAMETER, CHOSEN, FROM_SEEDS, BUDGET, TUNES, TUNER, HALVES = (
    f"strategies.{what}"
    for what in ("base", "axis", "parameter", "chosen", "seeds", "budget", "tunes", "tuner", "halves")
)
NO_FOLDS = "strategies.no_folds"


def choose() -> Sweep:
    """The widgets, and what they say."""
    left, right = st.columns(2)
    with left:
        axis = st.selectbox(
            say("compare.strategies.axis"),
            AXES,
            key=AXIS,
            format_func=lambda one: say(f"compare.strategies.axes.{one.rpartition('.')[2]}"),
        )
    with right:
        base = st.selectbox(say("compare.strategies.base"), bases_of(axis), key=BASE, format_func=title_of)
    start = experiment_of(base)
    if axis == OTHER:
        axis = st.selectbox(
            say("compare.strategies.parameter"),
            parameters_of(start),
            key=PARAMETER,
            format_func=parameter_named,
        )
    values = _choose_values(start, axis)
    seeds, updates = _choose_amount(base)
    folds = _choose_folds(base)
    tune, tuner, halves = _choose_care(axis, folds)
    return Sweep(base, axis, tuple(values), seeds, updates, folds, tune, tuner, halves)


def _choose_values(base: Experiment, axis: str) -> list[str]:
    """The strategies; other values of a parameter may be typed. What is chosen belongs to what is compared."""
    is_family = axis in USUAL
    offered = members_of(axis) if is_family else suggested(base, axis)
    key = f"{CHOSEN}.{axis}"
    usual = [name for name in USUAL[axis] if name in offered] if is_family else offered
    if st.session_state.get(f"{key}.of") != (offered, usual):
        st.session_state[f"{key}.of"] = offered, usual
        st.session_state[key] = list(usual)
    typed = [value for value in st.session_state[key] if value not in offered]
    return st.multiselect(
        say("compare.strategies.chosen"),
        [*offered, *typed],
        key=key,
        format_func=written_named,
        max_selections=MOST,
        accept_new_options=not is_family,
    )


def _choose_amount(base: str) -> tuple[int, int]:
    left, right = st.columns(2)
    with left:
        seeds = st.segmented_control(
            say("compare.strategies.seeds"), SEEDS, default=SEEDS[0], required=True, key=FROM_SEEDS
        )
    if st.session_state.get(f"{BUDGET}.of") != base:
        st.session_state[f"{BUDGET}.of"] = base
        st.session_state[BUDGET] = usual_updates(base)
    with right:
        updates = st.number_input(
            say("compare.strategies.updates"),
            min_value=1,
            max_value=1_000_000,
            step=50,
            key=BUDGET,
            help=say("compare.strategies.updates_why"),
        )
    return int(seeds or SEEDS[0]), int(updates)


def _choose_folds(base: str) -> int:
    """How many; the address has it also while the settings that are chosen hold out no classes."""
    label, words = say("compare.strategies.folds"), {"options": FOLDS, "format_func": _named_folds}
    if not can_be_folded(base):
        why = say("compare.strategies.no_folds", base=title_of(base))
        st.segmented_control(label, **words, default=0, key=NO_FOLDS, disabled=True, help=why)
        return 0
    chosen = SWEEP_FOLDS.among(FOLDS, shown=_named_folds)
    st.segmented_control(
        label, **words, required=True, help=say("compare.strategies.folds_how"), **SWEEP_FOLDS.widget(chosen)
    )
    if chosen:
        st.caption(say("compare.strategies.folds_buy"))
    return chosen


def _named_folds(folds: int) -> str:
    return count("compare.strategies.of_folds", folds) if folds else say("compare.strategies.one_split")


def _choose_care(axis: str, folds: int) -> tuple[int, str, bool]:
    """How many trials tune each strategy, what chooses them, and whether the worse half is stopped early."""
    is_tunable = axis.partition(".")[2] not in TIMES and not folds
    left, right = st.columns(2)
    with left:
        why = say("compare.strategies.tunes_not_with_folds") if folds else ""
        tunes = st.checkbox(
            say("compare.strategies.tunes"),
            key=TUNES,
            disabled=not is_tunable,  # which would change what is compared, or look at what a fold holds out
            help=why or say("compare.strategies.tunes_how", trials=TRIALS),
        )
    with right:
        halves = st.checkbox(say("compare.strategies.halves"), key=HALVES, help=say("compare.strategies.halves_how"))
    if not (tunes and is_tunable):
        return 0, RANDOM, halves
    return TRIALS, _choose_tuner(), halves


def _choose_tuner() -> str:
    """At random, where there is no other."""
    if not is_installed(OPTUNA):
        return RANDOM
    return (
        st.segmented_control(
            say("compare.strategies.tuner"),
            (RANDOM, OPTUNA),
            format_func=lambda tuner: say(f"compare.strategies.tuners.{tuner}"),
            default=RANDOM,
            required=True,
            key=TUNER,
            help=say("compare.strategies.tuner_how", first=DRAWN_FIRST),
        )
        or RANDOM
    )

"""How the rates of a threshold are reported, as a reader of the Verify page chooses: with which certainty, weights and
pairs; and which section tells more of it."""

from __future__ import annotations

import streamlit as st

from core.evidence.appraisal import Appraisal
from core.verification.goals import Goal
from core.verification.protocols import FOLDS, OTHERS, SAME
from core.verification.weighted_curve import IDENTITIES, PAIRS, WEIGHTS
from dashboard.core_words import translated
from dashboard.settings import PROTOCOL, SAFE_SIDE, SECTION
from dashboard.settings import WEIGHTS as CHOSEN_WEIGHTS
from dashboard.verify.sections import SECTIONS
from dashboard.verify.threshold_handle import move
from dashboard.wording import say

REPORTS = {OTHERS: "verify.report.others", FOLDS: "verify.report.folds", SAME: "verify.report.same"}


def on_the_safe_side(goal: Goal) -> bool:
    """Whether the limit is to be met with 95 % certainty; drawn here, for goals that have one."""
    if goal.side is None:
        return False
    return st.toggle(say("verify.report.safe_side"), **SAFE_SIDE.widget(SAFE_SIDE.value(False), move))


def chosen_weights(appraisal: Appraisal) -> str:
    """What counts alike in the rates, as the address says; `offer_weights` draws the choice below the figure."""
    return CHOSEN_WEIGHTS.among(
        tuple(WEIGHTS) if appraisal.by_identity else (PAIRS,),
        "" if appraisal.by_identity else say("verify.weights.unknown"),
        _by,
    )


def offer_weights(appraisal: Appraisal) -> None:
    """Let the reader weigh pairs or identities, where both can be."""
    if not appraisal.by_identity:
        return
    st.segmented_control(
        say("verify.weights.label"),
        tuple(WEIGHTS),
        required=True,
        format_func=_by,
        help=say("verify.weights.both", pairs=translated(WEIGHTS[PAIRS]), identities=translated(WEIGHTS[IDENTITIES])),
        label_visibility="collapsed",
        **CHOSEN_WEIGHTS.widget(chosen_weights(appraisal), move),
    )


def _by(weights: str) -> str:
    return say("verify.weights.pairs" if weights == PAIRS else "verify.weights.identities")


def chosen_protocol(appraisal: Appraisal, *, own_folds: bool = False) -> str:
    """Whose pairs report, drawn here where there is a choice; first the folds that pairs came with."""
    offered = sorted(appraisal.protocols, key=lambda name: name != FOLDS) if own_folds else appraisal.protocols
    asked = PROTOCOL.among(offered, say("verify.report.too_few"), _reported)
    if len(offered) == 1:
        return offered[0]
    return st.selectbox(
        say("verify.report.label"),
        offered,
        format_func=_reported,
        label_visibility="collapsed",
        **PROTOCOL.widget(asked),
    )


def _reported(protocol: str) -> str:
    return say(REPORTS[protocol])


def choose_section() -> str:
    """Which section is drawn below the curves."""
    section = st.segmented_control(
        say("verify.report.section"),
        list(SECTIONS),
        required=True,
        format_func=_title,
        label_visibility="collapsed",
        **SECTION.widget(SECTION.among(list(SECTIONS), shown=_title)),
    )
    assert section is not None, "the address chooses one before it is drawn"
    return section


def _title(section: str) -> str:
    return say(SECTIONS[section].TITLE)

"""How the rates of a threshold are reported, as a reader of the Verify page chooses: with which certainty, weights and
pairs; and which section tells more of it."""

from __future__ import annotations

import streamlit as st

from core.evidence.appraisal import Appraisal
from core.verification.goals import Goal
from core.verification.protocols import FOLDS, OTHERS, SAME
from core.verification.weighted_curve import PAIRS, WEIGHTS
from dashboard.settings import PROTOCOL, SAFE_SIDE, SECTION
from dashboard.settings import WEIGHTS as CHOSEN_WEIGHTS
from dashboard.verify.sections import SECTIONS
from dashboard.verify.threshold_handle import move

REPORTS = {OTHERS: "on other identities", FOLDS: "over the folds", SAME: "on the same pairs"}


def on_the_safe_side(goal: Goal) -> bool:
    """Whether the limit is to be met with 95 % certainty; drawn here, for goals that have one."""
    if goal.side is None:
        return False
    return st.toggle("Safe side", **SAFE_SIDE.widget(SAFE_SIDE.value(False), move))


def chosen_weights(appraisal: Appraisal) -> str:
    """What counts alike in the rates, as the address says; `offer_weights` draws the choice below the figure."""
    return CHOSEN_WEIGHTS.among(
        tuple(WEIGHTS) if appraisal.by_identity else (PAIRS,),
        "" if appraisal.by_identity else "which this snapshot does not know",
        _by,
    )


def offer_weights(appraisal: Appraisal) -> None:
    """Let the reader weigh pairs or identities, where both can be."""
    if not appraisal.by_identity:
        return
    st.segmented_control(
        "Rates",
        tuple(WEIGHTS),
        required=True,
        format_func=_by,
        help="; ".join(WEIGHTS.values()).capitalize() + ".",
        label_visibility="collapsed",
        **CHOSEN_WEIGHTS.widget(chosen_weights(appraisal), move),
    )


def _by(weights: str) -> str:
    return f"by {'pair' if weights == PAIRS else 'identity'}"


def chosen_protocol(appraisal: Appraisal, *, own_folds: bool = False) -> str:
    """Whose pairs report, drawn here where there is a choice; first the folds that pairs came with."""
    offered = sorted(appraisal.protocols, key=lambda name: name != FOLDS) if own_folds else appraisal.protocols
    asked = PROTOCOL.among(offered, "for which this set or this snapshot has too few identities", REPORTS.__getitem__)
    if len(offered) == 1:
        return offered[0]
    return st.selectbox(
        "Reported",
        offered,
        format_func=REPORTS.__getitem__,
        label_visibility="collapsed",
        **PROTOCOL.widget(asked),
    )


def choose_section() -> str:
    """Which section is drawn below the curves."""
    section = st.segmented_control(
        "Section",
        list(SECTIONS),
        required=True,
        format_func=lambda name: SECTIONS[name].TITLE,
        label_visibility="collapsed",
        **SECTION.widget(SECTION.among(list(SECTIONS), shown=lambda name: SECTIONS[name].TITLE)),
    )
    assert section is not None, "the address chooses one before it is drawn"
    return section

"""A question about a label that dwarfs the others, with the two answers that change what is counted."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
import streamlit as st

from core.handover.words import doubts_in_words
from core.jobs.measure_embeddings import keep
from core.jobs.measure_roles import answered
from core.jobs.withdraw_samples import pairs_without, take_out
from core.thresholds.outcome import Outcome
from core.verification.leaving_out import capped, left_out, pairs_capped, pairs_left_out, second_largest
from core.verification.weighted_curve import IDENTITIES, PAIRS
from dashboard.core_words import plain_words, translated
from dashboard.lookups import runs, scored_pairs
from dashboard.markdown import plain
from dashboard.runs.submit import submit
from dashboard.settings import WEIGHTS
from dashboard.wording import joined, say

CAP = 0.1  # of the genuine pairs of a list: what a capped identity may have at most
PROBLEM, ONE = "asking.problem", "asking.answered"


def offer(name: str) -> None:
    """One question at a time, above what the run tells; as long as nobody answers, the label counts as one identity."""
    for label, question in runs.run_of(name).questions():
        if (name, label) in st.session_state.get(ONE, set()):
            continue
        with st.container(horizontal=True, vertical_alignment="center", gap="small", border=True):
            st.caption(f":material/help: {plain(question[:1].upper() + question[1:])}.", width="stretch")
            st.button(say("verify.question.one"), key="asking.one", on_click=_keep, args=(name, label))
            st.button(say("verify.question.leave"), key="asking.junk", on_click=_answer, args=(name, "junk", label))
            st.button(
                say("verify.question.distractors"),
                key="asking.distractors",
                on_click=_answer,
                args=(name, "distractors", label),
                help=say("verify.question.distractors_help"),
            )
        break
    if PROBLEM in st.session_state:
        st.error(plain_words(st.session_state.pop(PROBLEM)))


def offer_against_doubts(name: str, step: int, outcome: Outcome, card: Mapping[str, Any]) -> None:
    """Why the intervals may mislead, and three ways out where one identity has most of the pairs, each one click."""
    doubts = doubts_in_words(card)
    if not doubts or outcome.weights != PAIRS:
        return
    dominating = [kind.largest for kind in outcome.reported.vouching or () if kind.is_dominated]
    with st.container(horizontal=True, vertical_alignment="center", gap="small", border=True):
        st.caption(f":material/balance: {plain(joined('sentences', map(translated, doubts)))}", width="stretch")
        if not dominating:
            return
        for what, key, is_capped in (("leave", "asking.leave", False), ("cap", "asking.cap", True)):
            st.button(
                say(f"verify.question.{what}"),
                key=key,
                on_click=_thin,
                args=(name, step, dominating[-1]),
                kwargs={"is_capped": is_capped},
            )
        st.button(say("verify.question.alike"), key="asking.weigh", on_click=WEIGHTS.keep, args=(IDENTITIES,))


def _thin(name: str, step: int, place: int, *, is_capped: bool) -> None:
    """Measure without an identity, or with as many of its samples as the next one has; the run itself stays."""
    try:
        if runs.record(name).kind.has_roles and not is_capped:
            junk = [runs.class_names(name)[place]]
            submit(lambda store: keep(store, answered(runs.run_of(name), junk=junk)))
        elif runs.is_of_pairs(name):
            pairs = scored_pairs.pairs(name)
            rows = pairs_capped(pairs, place, CAP, genuine=True) if is_capped else pairs_left_out(pairs, place)
            submit(lambda store: keep(store, pairs_without(name, runs.run_of(name), rows)))
        else:
            labels = runs.labels(name)
            sizes = np.unique(labels, return_counts=True)[1]
            rows = capped(labels, place, second_largest(sizes, place)) if is_capped else left_out(labels, place)
            submit(lambda store: take_out(store, name, runs.run_of(name), step, rows.tolist()))
    except ValueError as problem:
        st.session_state[PROBLEM] = str(problem)


def offer_to_turn(name: str, turn: Callable[[str], None]) -> None:
    """That scores look turned round, and one click to read them the other way."""
    with st.container(horizontal=True, vertical_alignment="center", gap="small", border=True):
        st.caption(
            say("verify.question.smaller" if scored_pairs.is_similarity(name) else "verify.question.larger"),
            width="stretch",
        )
        st.button(
            say("verify.question.turn"), key="asking.turn", icon=":material/swap_vert:", on_click=turn, args=(name,)
        )


def _keep(name: str, label: str) -> None:
    st.session_state[ONE] = {*st.session_state.get(ONE, ()), (name, label)}


def _answer(name: str, kind: str, label: str) -> None:
    try:
        submit(lambda store: keep(store, answered(runs.run_of(name), **{kind: [label]})))
    except ValueError as problem:
        st.session_state[PROBLEM] = str(problem)

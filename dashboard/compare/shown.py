"""Which strategies of a comparison its matrix and figures show, and which one is the baseline."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from core.comparison.record import Comparison
from dashboard.core_words import strategy_named
from dashboard.figures.strategy_looks import looks_of
from dashboard.lookups.strategy_runs import Seeds
from dashboard.markdown import plain
from dashboard.runs import state
from dashboard.settings import BASELINE, SHOWN
from dashboard.url import keep_together
from dashboard.wording import say

OF = "compare.shown.of"  # which comparison the choice is of


class Shown(NamedTuple):
    """The strategies of a comparison that are shown, the baseline first where it is one of them; without a baseline its
    name is empty."""

    comparison: Comparison
    strategies: tuple[str, ...]
    baseline: str


class Beneath(NamedTuple):
    """What a view below the matrix is of: the strategies that are shown, by strategy the seeds that have begun, the
    number of the matrix, and the row in which a view has its own choices."""

    shown: Shown
    begun: Mapping[str, Seeds]
    number: str
    row: DeltaGenerator


def choose(comparison: Comparison) -> Shown:
    """As the address has it: at first all, in their order, and no baseline."""
    names = comparison.strategies
    before, st.session_state[OF] = st.session_state.get(OF), comparison.id
    if before not in (None, comparison.id):
        _forget_what_does_not_fit(names)
    looks = looks_of(names, state.theme())
    with st.container(horizontal=True, horizontal_alignment="distribute", key="compare.shown"):
        shown = st.pills(
            say("compare.shown.label"),
            names,
            selection_mode="multi",
            format_func=lambda name: f"{looks[name].image} {plain(strategy_named(name))}",
            label_visibility="collapsed",
            **SHOWN.widget(_asked(names), then=lambda: _tidy(names)),
        )
        baseline = st.selectbox(
            say("compare.shown.baseline"),
            ["", *names],
            format_func=_baseline,
            label_visibility="collapsed",
            width=220,
            **BASELINE.widget(BASELINE.value("", ["", *names], shown=say("compare.shown.none"))),
        )
    chosen = [name for name in names if name in (shown or names)]
    return Shown(comparison, tuple(sorted(chosen, key=lambda name: name != baseline)), baseline)


def _baseline(name: str) -> str:
    return say("compare.shown.pinned", name=strategy_named(name)) if name else say("compare.shown.none")


def _asked(names: list[str]) -> list[str]:
    """The strategies that the address names, in their order; where it names one that there is not, all of them, with a
    note."""
    asked = SHOWN.value(names)
    if set(asked) <= set(names):
        return [name for name in names if name in asked]
    SHOWN.refuse(say("address.note.not_offered"), say("compare.shown.all"))
    return names


def _tidy(names: list[str]) -> None:
    """All and none both mean all, of which the address says nothing."""
    if set(SHOWN.value(names)) >= set(names) or not any(SHOWN.value(names)):
        SHOWN.keep(None)


def _forget_what_does_not_fit(names: list[str]) -> None:
    """What was chosen in another comparison that has been shown before."""
    chosen = ((SHOWN, SHOWN.value(names)), (BASELINE, [BASELINE.text or names[0]]))
    if stale := [(setting, None) for setting, asked in chosen if not set(asked) <= set(names)]:
        keep_together(stale)

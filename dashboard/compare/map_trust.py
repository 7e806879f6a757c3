"""Below a map of Compare: how far the last map of its run can be trusted, in one line, once somebody asks.

Measuring takes a processor for a while, which whoever moves the maps meanwhile would feel.
"""

from __future__ import annotations

from collections.abc import Iterable

import streamlit as st

from core.maps.other_maps import OWN
from core.runs.states import UNDER_WAY
from core.statistics.map_quality import MapQuality
from dashboard.components.page_end import guarded
from dashboard.lookups import map_qualities, runs
from dashboard.wording import joined, say

ASKED = "compare.maps.trust_asked"
LOOK_SECONDS = 2.0


def show(name: str) -> None:
    """Of an ended run; once asked for, it looks again until it is measured, and says nothing where it cannot be."""
    if not _can_be_asked(name):
        return
    is_asked = st.session_state.get(ASKED, False)
    if (quality := map_qualities.of_last_map(name, asks=is_asked)) is not None:
        st.caption(in_words(quality), help=say("compare.maps.trust_help", k=quality.k, triplets=quality.triplets))
    elif is_asked:
        st.fragment(guarded(_wait), run_every=LOOK_SECONDS)(name)


def offer(names: Iterable[str]) -> None:
    """The button that asks, where anything is left to be measured."""
    if not st.session_state.get(ASKED) and any(_lacks(name) for name in names):
        st.button(
            say("compare.maps.ask_trust"),
            key="compare.trust",
            icon=":material/rule:",
            type="tertiary",
            on_click=lambda: st.session_state.update({ASKED: True}),
        )


def _can_be_asked(name: str) -> bool:
    row = runs.row_of(name)
    is_going_on = row is not None and row.state in UNDER_WAY
    return not is_going_on and not runs.is_of_pairs(name) and not _has_failed(name)


def _lacks(name: str) -> bool:
    return _can_be_asked(name) and map_qualities.of_last_map(name, asks=False) is None


def in_words(quality: MapQuality) -> str:
    """How many true neighbours it keeps, how trustworthy it is, and how many triplets contradict it."""
    said = []
    if quality.k:
        true = quality.k * quality.true_share
        said.append(say("compare.maps.trust", k=quality.k, true=true, trust=quality.trustworthiness))
    if quality.triplets:
        said.append(say("compare.maps.contradicted", share=100 * quality.contradicted))
    return joined("sentences", said) or say("compare.maps.no_trust")


def _wait(name: str) -> None:
    if map_qualities.of_last_map(name) is not None or _has_failed(name):
        st.rerun()
    st.caption(say("compare.maps.measuring"))


def _has_failed(name: str) -> bool:
    snapshots = runs.run_of(name).snapshots()
    return not snapshots or map_qualities.has_failed(name, snapshots[-1].step, OWN)

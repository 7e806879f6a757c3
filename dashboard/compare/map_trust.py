"""Below a map of Compare: how far the last map of its run can be trusted, in one line."""

from __future__ import annotations

import streamlit as st

from core.maps.other_maps import OWN
from core.runs.states import UNDER_WAY
from core.statistics.map_quality import MapQuality
from dashboard.components.page_end import guarded
from dashboard.lookups import map_qualities, runs
from dashboard.wording import joined, say

LOOK_SECONDS = 2.0


def show(name: str) -> None:
    """Of an ended run; looks again until it is measured, and says nothing where it cannot be."""
    row = runs.row_of(name)
    if row is not None and row.state in UNDER_WAY:
        return
    if (quality := map_qualities.of_last_map(name)) is not None:
        st.caption(in_words(quality), help=say("compare.maps.trust_help", k=quality.k, triplets=quality.triplets))
    elif not runs.is_of_pairs(name) and not _has_failed(name):
        st.fragment(guarded(_wait), run_every=LOOK_SECONDS)(name)


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

"""Which pairs count for a threshold, as a reader of the Verify page chooses, and what the easier choice would read."""

from __future__ import annotations

import streamlit as st

from core.statistics.crossing import ALL
from dashboard.lookups import pair_protocols, runs
from dashboard.runs import pair_protocols as sentences
from dashboard.settings import PAIRS
from dashboard.verify.threshold_handle import move
from dashboard.wording import say


def chosen_pairs(name: str, step: int) -> str:
    """What the address says, if the run was measured so at this snapshot; `offer` draws the choice below the figure."""
    return PAIRS.among(pair_protocols.offered(name, step), say("verify.pairs.unknown"), sentences.choice_in_words)


def offer(name: str, step: int, pairs: str) -> None:
    """Let the reader choose, where the run knows groups or sessions, and say what more or fewer pairs would read; else
    what cannot be known."""
    offered = pair_protocols.offered(name, step)
    if len(offered) > 1:
        st.selectbox(
            say("verify.pairs.label"),
            offered,
            format_func=sentences.choice_in_words,
            help=say("verify.pairs.help"),
            **PAIRS.widget(pairs, move),
        )
        shown = [record for record in pair_protocols.records(name) if pairs in (ALL, record.name)]
        for record in shown:
            st.caption(sentences.flattery_in_words(record))
    elif not runs.is_of_pairs(name):
        known = pair_protocols.records(name)
        st.caption(say("verify.pairs.last_only") if known else sentences.unknown_in_words(name))

"""One sample of the map of what two strategies changed: itself, what became of it, its nearest with both, and the ways
to its triplets."""

from __future__ import annotations

import numpy as np
import streamlit as st

from core.comparison.anchor_changes import Changes
from dashboard.core_words import strategy_named
from dashboard.lookups import point_images, rank_lists, runs
from dashboard.lookups.rank_lists import RankList
from dashboard.markdown import plain
from dashboard.runs import state
from dashboard.runs.submit import OF_ONE_RUN
from dashboard.settings import ANCHOR, RUN
from dashboard.url import address_with
from dashboard.wording import say

NEAREST = 6


def show(names: tuple[str, str], of_both: tuple[str, str], changes: Changes, row: int | None) -> None:
    """Of a sample by its row among the held-out samples of a run of each strategy; where there is none, what to do."""
    if row is None:
        st.caption(say("compare.changes.click"))
        return
    with st.container(horizontal=True, vertical_alignment="center", gap="small", key="compare-sample"):
        if image := point_images.image(of_both[0], row):
            with st.container(width="content", key="compare-sample-image"):
                st.image(image, width="stretch", alt=say("compare.changes.image", sample=runs.texts(of_both[0])[row]))
        st.markdown(_in_words(names, of_both[0], changes, row), width="stretch")
    for place, (name, run_id) in enumerate(zip(names, of_both, strict=True)):
        _show_nearest(name, run_id, row, place)


def told(names: tuple[str, str], shares: np.ndarray) -> dict[str, str | float]:
    """Two strategies and their shares (2, 2) before and after, as words have them."""
    (before, of_first), (before_second, of_second) = shares.tolist()
    first, second = (plain(strategy_named(name)) for name in names)
    return {
        "first": first,
        "before": before,
        "of_first": of_first,
        "second": second,
        "before_second": before_second,
        "of_second": of_second,
    }


def _in_words(names: tuple[str, str], run_id: str, changes: Changes, row: int) -> str:
    sample = plain(runs.texts(run_id)[row])
    if np.isnan(changes.before[:, row]).any():
        return say("compare.changes.unknown", sample=sample, row=row)
    shares = np.stack([changes.before, changes.after], axis=2)[:, row]
    words = "compare.changes.sample" if changes.begin_alike else "compare.changes.sample_apart"
    return say(words, sample=sample, row=row, **told(names, shares))


def _show_nearest(strategy: str, run_id: str, row: int, place: int) -> None:
    """The first of a rank list by the last embeddings of a run, in order, and a way to its triplets."""
    listed = rank_lists.rank_list(run_id, runs.run_of(run_id).snapshots()[-1].step, row)
    shown = min(NEAREST, len(listed.rows))
    matches = int(listed.is_match[:shown].sum())
    with st.container(gap="xxsmall", key=f"compare-sample-nearest-{place}"):
        words = say("compare.changes.nearest", strategy=plain(strategy_named(strategy)), matches=matches, count=shown)
        st.caption(words)
        for rank, column in enumerate(st.columns(NEAREST, gap="xxsmall")[:shown]):
            with column:
                _show_answer(run_id, listed, rank)
        st.page_link(
            "views/mine.py",
            label=say("compare.changes.mine", strategy=plain(strategy_named(strategy))),
            icon=":material/filter_alt:",
            query_params=address_with([(RUN, run_id), (ANCHOR, row)], without=OF_ONE_RUN),
        )


def _show_answer(run_id: str, listed: RankList, rank: int) -> None:
    row, is_match, distance = int(listed.rows[rank]), bool(listed.is_match[rank]), float(listed.distances[rank])
    sample, verdict = runs.texts(run_id)[row], say(f"compare.changes.{'right' if is_match else 'wrong'}")
    words = say("compare.changes.answer", place=rank + 1, verdict=verdict, distance=distance, sample=sample)
    if image := point_images.answer(run_id, row, state.theme(), is_match=is_match):
        st.image(image, width="stretch", alt=words)
    mark = f":material/{'check' if is_match else 'close'}:"
    short = say("compare.changes.answer_short", mark=mark, distance=distance)
    st.caption(short if image else f"{plain(sample)}  \n{short}")

"""The query on the right: its nearest in the true space, in order, and what the map and the whole set make of it."""

from __future__ import annotations

import math
from collections.abc import Mapping
from secrets import token_hex
from types import MappingProxyType

import streamlit as st

from dashboard.components import scroll
from dashboard.components.live_figure import live_figure
from dashboard.components.page_end import guarded
from dashboard.explore.controls import make_query
from dashboard.glossary.entries import sentence_of
from dashboard.lookups import neighbourhoods, point_images, rank_lists, runs
from dashboard.lookups.rank_lists import RankList
from dashboard.markdown import plain
from dashboard.runs import state
from dashboard.wording import joined, say

ACROSS = 6
LOOK_SECONDS = 1.0
CURVE_HEIGHT = 150
READER = "explore.reader"
KEY = "explore-query"  # of the query above its answers


def show(name: str, step: int, query: int) -> None:
    """The query's image, its rank list and sentences on it."""
    listed = rank_lists.rank_list(name, step, query)
    own = plain(runs.class_names(name)[runs.labels(name)[query]])
    with st.container(horizontal=True, vertical_alignment="center", gap="small", key=KEY):
        if image := point_images.image(name, query):
            with st.container(width="content", key="explore-query-image"):
                st.image(image, width="stretch", alt=say("explore.query.alt", name=runs.point_names(name)[query]))
        st.markdown(say("explore.query.is", name=plain(runs.point_names(name)[query]), own=own), width="stretch")
    scroll.follow(KEY)
    with st.container(key="explore-answers", gap="xxsmall"):
        for start in range(0, len(listed.rows), ACROSS):
            for column, place in zip(st.columns(ACROSS, gap="xxsmall"), range(start, start + ACROSS), strict=True):
                if place < len(listed.rows):
                    with column:
                        _answer(name, listed, place)
    st.caption(_in_words(listed))


# The terms of the glossary that the numbers of the whole set are.
MEANT: Mapping[str, str] = MappingProxyType(
    {
        **dict.fromkeys(("cmc_1", "cmc_5", "cmc_10"), "cmc"),
        "map": "average_precision",
        "minp": "minp",
        "trust": "trustworthiness",
        "continuity": "continuity",
    }
)


def show_whole(name: str, step: int) -> None:
    """What all queries of the set reach, and what the map does to it; says how far it is while it is looked for."""
    found = neighbourhoods.found(name, step)
    if found is None:
        st.fragment(guarded(_wait), run_every=LOOK_SECONDS)(name, step)
        return
    known, cmc = found.of, found.of.scores.cmc(10)
    if not known.scores.queries:
        st.caption(say("explore.whole.nobody"))
        return
    cells = [cmc[0], cmc[4], cmc[9], known.scores.mean_average_precision, known.scores.mean_inverse_negative_penalty]
    cells += [known.trustworthiness, known.continuity]
    with st.container(horizontal=True, gap="small", key="explore-whole"):
        for (head, term), value in zip(MEANT.items(), cells, strict=True):
            shown = say("explore.whole.unknown") if math.isnan(value) else f"{value:.3f}"
            st.markdown(
                f"{say(f'explore.whole.{head}')}  \n**{shown}**",
                help=sentence_of(term),
                width="content",
            )
    live_figure(
        rank_lists.cmc_curve(name, step, state.theme()),
        key="explore.cmc",
        height=CURVE_HEIGHT,
        alt=say("explore.whole.curve_alt"),
        tween_seconds=0.0,
    )
    count = len(runs.labels(name))
    sampled = say("explore.whole.sampled", shown=len(found.rows), all=count) if len(found.rows) < count else ""
    words = say("explore.whole.lost", share=100 * known.lost_share, k=known.k, queries=known.scores.queries)
    st.caption(joined("sentences", [words, sampled]))


def _answer(name: str, listed: RankList, place: int) -> None:
    row, is_match = int(listed.rows[place]), bool(listed.is_match[place])
    bare = runs.class_names(name)[runs.labels(name)[row]]
    kind = plain(bare)
    verdict = say("explore.query.right" if is_match else "explore.query.wrong")
    own, place_in_list = runs.point_names(name)[row], place + 1
    told = say("explore.query.answer", place=place_in_list, verdict=verdict, name=own, kind=bare)
    helped = say("explore.query.answer", place=place_in_list, verdict=verdict, name=plain(own), kind=kind)
    if image := point_images.answer(name, row, state.theme(), is_match=is_match):
        st.image(image, width="stretch", alt=told)
    else:
        st.caption(kind)
    st.button(
        f"{listed.distances[place]:#.3g}",
        key=f"explore.answer.{place}",
        icon=":material/check:" if is_match else ":material/close:",
        help=helped,
        type="tertiary",
        width="stretch",
        on_click=make_query,
        args=(row,),
    )


def _in_words(listed: RankList) -> str:
    lost = say("explore.query.lost", lost=listed.lost, k=listed.neighbours)
    if not listed.matches:
        return joined("sentences", [say("explore.query.alone"), lost])
    ranked = say(
        "explore.query.ranked",
        matches=listed.matches,
        first=listed.first,
        ap=listed.average_precision,
        inp=listed.inverse_negative_penalty,
    )
    return joined("sentences", [ranked, lost])


def _wait(name: str, step: int) -> None:
    if neighbourhoods.found(name, step) is not None:
        st.rerun()
    is_stopped = neighbourhoods.is_stopped(name, step)
    if is_stopped or neighbourhoods.has_failed(name, step):
        (st.caption if is_stopped else st.warning)(say(f"explore.whole.{'stopped' if is_stopped else 'failed'}"))
        st.button(
            say(f"explore.whole.{'compare' if is_stopped else 'again'}"),
            key="explore.whole.again",
            on_click=neighbourhoods.ask_again,
            args=(name, step),
        )
        return
    now = neighbourhoods.progress(name, step)
    left = say("explore.whole.left", seconds=now.left) if now.left is not None else ""
    points = len(runs.labels(name))
    st.progress(
        now.share, say("explore.whole.looking", share=100 * now.share, points=points, seconds=now.seconds) + left
    )
    if neighbourhoods.others_waiting(name, step, _reader()):
        st.caption(say("explore.whole.others"))
    else:
        cancel = say("explore.whole.cancel")
        st.button(cancel, key="explore.whole.cancel", on_click=neighbourhoods.stop, args=(name, step))


def _reader() -> str:
    """A name for this reader among those who wait for the same."""
    return st.session_state.setdefault(READER, token_hex(8))

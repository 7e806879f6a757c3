"""The last snapshots of strategies beside each other, of one seed or of all: distances, triplets and ROC curves."""

from __future__ import annotations

import streamlit as st

from dashboard.compare import leads
from dashboard.compare.shown import Beneath
from dashboard.components.live_figure import live_figure
from dashboard.core_words import strategy_named
from dashboard.figures.strategy_looks import looks_of
from dashboard.figures.strategy_snapshots import height_of_bars
from dashboard.lookups import strategy_snapshots
from dashboard.lookups.strategy_curves import Shown as Drawn
from dashboard.lookups.strategy_runs import of_seed
from dashboard.markdown import plain
from dashboard.runs import state
from dashboard.settings import FROM_SEED
from dashboard.wording import joined, say

MOST_COLUMNS = 4
DISTANCES_HEIGHT, ROC_HEIGHT = 150, 360
ALL = "all"


def show_distances(of: Beneath) -> None:
    """A histogram of each strategy, with the ways to its run."""
    drawn, seeds = _of_chosen_seed(of)
    looks = looks_of(of.shown.comparison.strategies, state.theme())
    packed = strategy_snapshots.distances(drawn, state.theme()) if drawn else []
    across = min(len(drawn), MOST_COLUMNS)
    for first in range(0, len(drawn), MOST_COLUMNS):
        columns = st.columns(across, gap="medium")
        for place, column in enumerate(columns[: len(drawn) - first], start=first):
            name, own = drawn[place]
            with column:
                with st.container(horizontal=True, vertical_alignment="center"):
                    st.markdown(f"{looks[name].image} **{plain(strategy_named(name))}**", width="stretch")
                    leads.links(own[0].runs[0][0], f"distances.{place}")
                alt = say("compare.distances.alt", strategy=strategy_named(name))
                key = f"compare.distances.{place}"
                live_figure(packed[place], key=key, height=DISTANCES_HEIGHT, alt=alt, tween_seconds=0.0)
    if drawn:
        st.caption(say("compare.distances.caption", seeds=seeds))


def show_triplets(of: Beneath) -> None:
    """A bar of each strategy."""
    drawn, seeds = _of_chosen_seed(of)
    if not drawn:
        return
    packed = strategy_snapshots.triplets(drawn, state.theme())
    if packed is None:
        st.caption(say("compare.triplets.nothing"))
        return
    alt, height = say("compare.triplets.alt"), height_of_bars(len(drawn))
    live_figure(packed, key="compare.triplets", height=height, alt=alt, tween_seconds=0.0)
    st.caption(say("compare.triplets.caption", seeds=seeds))


def show_roc(of: Beneath) -> None:
    """All strategies in one figure."""
    drawn, seeds = _of_chosen_seed(of)
    if drawn:
        packed = strategy_snapshots.roc(tuple(of.shown.comparison.strategies), drawn, state.theme())
        live_figure(packed, key="compare.roc", height=ROC_HEIGHT, alt=say("compare.roc.alt"), tween_seconds=0.0)
        st.caption(say("compare.roc.caption", seeds=seeds))


def _of_chosen_seed(of: Beneath) -> tuple[Drawn, str]:
    """The strategies that are shown and have begun from the seed that the address names, or from any, and in words
    which seeds they are of."""
    seeds = [ALL, *map(str, of.shown.comparison.seeds)]
    asked = seeds[0]
    if len(seeds) > 2:
        asked = of.row.segmented_control(
            say("compare.view.seed"),
            seeds,
            required=True,
            format_func=_title,
            label_visibility="collapsed",
            **FROM_SEED.widget(FROM_SEED.among(seeds, shown=_title)),
        )
    found = {
        name: of_seed(of.begun.get(name, ()), None if asked == ALL else int(asked)) for name in of.shown.strategies
    }
    drawn = tuple((name, own) for name, own in found.items() if own)
    missing = [plain(strategy_named(name)) for name, own in found.items() if not own]
    if not drawn:
        st.caption(say("compare.view.nothing_yet"))
    elif missing:
        st.caption(say("compare.view.no_seed", strategies=joined("things", missing)))
    if early := [_stopped(name, share) for name, share in of.shown.comparison.stopped.items() if name in dict(drawn)]:
        st.caption(say("compare.view.stopped", strategies=joined("things", early)))
    if asked != ALL:
        return drawn, say("compare.view.of_seed", seed=asked)
    is_finished = all(one.is_finished for _, own in drawn for one in own)
    return drawn, say("compare.view.all_finished" if is_finished else "compare.view.all_begun")


def _title(seed: str) -> str:
    return say("compare.view.all_seeds") if seed == ALL else say("compare.view.one_seed", seed=seed)


def _stopped(name: str, share: float) -> str:
    return say("compare.view.stopped_at", strategy=plain(strategy_named(name)), share=share)

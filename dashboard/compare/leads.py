"""From a strategy of a comparison to its runs on the pages of one run."""

from __future__ import annotations

from collections.abc import Mapping

import streamlit as st

from dashboard.compare.shown import Shown
from dashboard.core_words import strategy_named
from dashboard.figures.strategy_looks import looks_of
from dashboard.lookups.strategy_runs import Seeds
from dashboard.markdown import plain
from dashboard.runs import state
from dashboard.settings import RUN
from dashboard.wording import say

PAGES = {"train": "model_training", "mine": "scatter_plot", "verify": "rule"}
MENU = "compare.leads"


def offer(shown: Shown, begun: Mapping[str, Seeds]) -> None:
    """A button, and behind it every run of the strategies that are shown."""
    label = say("compare.leads.open")
    with st.popover(label, icon=":material/open_in_new:", type="tertiary", key=MENU, on_change="rerun") as menu:
        if not menu.open:
            return
        looks = looks_of(shown.comparison.strategies, state.theme())
        there = [name for name in shown.strategies if name in begun]
        for name in there:
            st.markdown(f"{looks[name].image} **{plain(strategy_named(name))}**")
            for one in begun[name]:
                for fold, (run_id, _) in enumerate(one.runs):
                    with st.container(horizontal=True, vertical_alignment="center"):
                        st.caption(_title(one.seed, fold, len(one.runs)), width="stretch")
                        links(run_id, f"menu.{run_id}")
        if not there:
            st.caption(say("compare.leads.nothing"))


def links(run_id: str, key: str) -> None:
    """A small button for each page that shows one run."""
    for page, icon in PAGES.items():
        pressed = st.button(
            "",
            icon=f":material/{icon}:",
            key=f"compare.leads.{page}.{key}",
            type="tertiary",
            help=say(f"compare.leads.{page}"),
        )
        if pressed:
            RUN.take_along(run_id)
            st.switch_page(f"views/{page}.py")


def _title(seed: int, fold: int, folds: int) -> str:
    known = {"seed": seed, "fold": fold + 1}
    return say("compare.leads.fold", **known) if folds > 1 else say("compare.view.one_seed", **known)

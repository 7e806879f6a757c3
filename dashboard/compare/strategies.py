"""Several mining strategies at once: the same experiment with each of them, started with one click and compared."""

from __future__ import annotations

import streamlit as st

from core.comparison.plan import UPDATES, Budget, Member, Plan, along, updates_of
from core.comparison.record import comparison_of, keep
from core.experiment.experiment import Experiment
from core.experiment.presets import PRESETS
from core.miners import MINERS
from dashboard.lookups import kept_comparisons, runs
from dashboard.markdown import plain
from dashboard.runs import limits, submit
from dashboard.settings import COMPARISON, RUNS
from dashboard.url import keep_together
from dashboard.wording import count, say

USUAL = ("random", "semi-hard", "batch-hard", "distance-weighted")
BASES = [  # whose loss mines, and as the first of the strategies does
    name
    for name, preset in PRESETS.items()
    if preset.experiment.miner == Experiment().miner and preset.experiment.loss.consumes is not None
]
SEEDS = (1, 3, 5)
MOST_EARLIER = 5
MENU, BASE, CHOSEN, FROM_SEEDS, PROBLEM = (
    f"strategies.{what}" for what in ("menu", "base", "chosen", "seeds", "problem")
)


def offer(most: int) -> None:
    """The button, and behind it what is trained by which strategies."""
    button = say("compare.strategies.button")
    with st.popover(button, icon=":material/splitscreen_right:", key=MENU, on_change="rerun") as menu:
        if not menu.open:
            return
        base = st.selectbox(
            say("compare.strategies.base"), BASES, key=BASE, format_func=lambda name: PRESETS[name].title
        )
        st.caption(PRESETS[base].why)
        st.session_state.setdefault(CHOSEN, list(USUAL[:most]))
        chosen = st.multiselect(say("compare.strategies.chosen"), list(MINERS), key=CHOSEN, max_selections=most)
        seeds = st.segmented_control(
            say("compare.strategies.seeds"), SEEDS, default=SEEDS[0], required=True, key=FROM_SEEDS
        )
        planned = experiments(base, chosen) if seeds == 1 else [one.experiment for one in members(base, chosen, seeds)]
        there = sum(runs.row_of(one.run_id()) is not None for one in planned)
        if there:
            st.caption(count("compare.strategies.there", there))
        st.button(
            count("compare.strategies.start", new) if (new := len(planned) - there) else say("compare.strategies.show"),
            type="primary",
            icon=":material/play_arrow:",
            disabled=len(chosen) < 2,
            on_click=_start,
            args=(planned, base, chosen, seeds),
        )
        if problem := st.session_state.pop(PROBLEM, ""):
            st.error(plain(problem))
        _offer_earlier()


def _offer_earlier() -> None:
    """The newest comparisons from several seeds, each to be opened again."""
    if earlier := kept_comparisons.listed()[:MOST_EARLIER]:
        st.caption(say("compare.strategies.earlier"))
        for one in earlier:
            key = f"strategies.open.{one.id}"
            st.button(plain(one.title), key=key, type="tertiary", on_click=_open, args=(one.id,))


def _open(comparison_id: str) -> None:
    st.session_state[MENU] = False
    COMPARISON.keep(comparison_id, without=(RUNS,))


def experiments(base: str, miners: list[str]) -> list[Experiment]:
    """The experiment of a preset with each of the miners, and all else the same."""
    return [PRESETS[base].experiment.changed({"miner": {"kind": miner}}) for miner in miners]


def plan(base: str, miners: list[str], seeds: int) -> Plan:
    """The same from several seeds: as many updates for each as the preset makes in its epochs."""
    start = PRESETS[base].experiment
    return Plan(along(start, "miner", miners), tuple(range(seeds)), Budget(UPDATES, updates_of(start)))


def members(base: str, miners: list[str], seeds: int) -> list[Member]:
    """Its trainings; of fewer than two strategies there is nothing to plan."""
    return plan(base, miners, seeds).members() if len(miners) > 1 else []


def _start(planned: list[Experiment], base: str, miners: list[str], seeds: int) -> None:
    try:
        if new := [one for one in planned if runs.row_of(one.run_id()) is None]:
            limits.check(runs.store(), len(new))  # for all of them, before the first is begun
        names = [submit.ask_for(one).id for one in planned]
    except ValueError as problem:
        st.session_state[PROBLEM] = str(problem)
        return
    submit.keep_engine()
    st.session_state[MENU] = False
    if seeds == 1:
        keep_together([(RUNS, names), (COMPARISON, None)])
        return
    by_id = dict(zip(names, members(base, miners, seeds), strict=True))
    title = say("compare.strategies.title", strategies=", ".join(miners), base=PRESETS[base].title)
    made = comparison_of(title, plan(base, miners, seeds), by_id)
    keep(runs.store().root, made)
    keep_together([(RUNS, names[: len(miners)]), (COMPARISON, made.id)])

"""What one strategy of a comparison improved and another did not: two of them, chosen, on a map of the samples."""

from __future__ import annotations

import streamlit as st

from core.comparison.anchor_changes import BOTH, FIRST_ALONE, NEITHER, SECOND_ALONE, Changes
from core.comparison.record import Comparison
from dashboard.compare import changed_sample
from dashboard.components.live_figure import live_figure
from dashboard.components.page_end import guarded
from dashboard.core_words import plain_words, strategy_named
from dashboard.lookups import anchor_changes, kept_comparisons, runs
from dashboard.markdown import plain
from dashboard.runs import state
from dashboard.settings import FIRST, LAYOUT, SAMPLE, SECOND
from dashboard.url import Setting
from dashboard.wording import count, joined, say

HEIGHT = 430
LOOK_SECONDS = 2.0
START, OF_FIRST, OF_SECOND = LAYOUTS = ("start", "first", "second")
OPEN, MAP, CLICKED = (f"compare.changes.{what}" for what in ("open", "map", "clicked"))


def show(comparison_id: str) -> None:
    """The section, folded where the address names nothing of it; looked at again while its runs are measured."""
    comparison = kept_comparisons.find(comparison_id)
    if comparison is None or len(comparison.strategies) < 2:
        return
    is_open = any(one.text is not None for one in (FIRST, SECOND, SAMPLE))
    with st.expander(say("compare.changes.title"), expanded=is_open, key=OPEN, on_change="rerun") as section:
        if section.open:
            is_measuring = anchor_changes.is_measuring(comparison)
            st.fragment(guarded(_show), run_every=LOOK_SECONDS if is_measuring else None)(comparison.id, is_measuring)


def _show(comparison_id: str, was_measuring: bool) -> None:
    comparison = kept_comparisons.find(comparison_id)
    if comparison is None:
        return
    first, second = _chosen(comparison)
    if first == second:
        st.caption(say("compare.changes.same"))
        return
    try:
        changes = anchor_changes.changes(comparison, first, second)
    except ValueError as problem:
        st.caption(plain_words(problem))
        return
    if anchor_changes.is_measuring(comparison) != was_measuring:
        st.rerun()
    if changes is None:
        st.caption(say("compare.changes.measuring" if was_measuring else "compare.changes.waiting"))
    else:
        _draw(comparison, (first, second), changes)


def _chosen(comparison: Comparison) -> tuple[str, str]:
    names = comparison.strategies
    left, right = st.columns(2)
    with left:
        first = _select(FIRST, "compare.changes.first", names)
    with right:
        return first, _select(SECOND, "compare.changes.second", sorted(names, key=lambda name: name == first))


def _select(setting: Setting[str], label: str, names: list[str]) -> str:
    return st.selectbox(
        say(label), names, format_func=strategy_named, **setting.widget(setting.among(names, shown=strategy_named))
    )


def _draw(comparison: Comparison, names: tuple[str, str], changes: Changes) -> None:
    """The map of a run from the first seed that counts, and beside it what it says."""
    first, second = (anchor_changes.trained(comparison, name) for name in names)
    of_both = dict(first)[changes.seeds[0]], dict(second)[changes.seeds[0]]
    picture, words = st.columns([1.7, 1], gap="medium")
    with words:
        st.markdown("  \n".join(_counts(names, changes)))
        layout = _chosen_layout(comparison, names)
        below = st.container()
    with picture:
        shown, sample = of_both[layout == OF_SECOND], _chosen_sample(changes)
        snapshots = runs.run_of(shown).snapshots()
        step = snapshots[0 if layout == START else -1].step
        live_figure(
            anchor_changes.map_of(shown, step, names, (first, second), state.theme(), sample),
            key=MAP,
            height=HEIGHT,
            alt=say("compare.changes.alt", first=strategy_named(names[0]), second=strategy_named(names[1])),
            sprite=runs.sprite(shown),
            select="point",
        )
        st.caption(_meaning(comparison, names, changes))
    with below:
        changed_sample.show(names, of_both, changes, sample)


def _chosen_sample(changes: Changes) -> int | None:
    """The one that was clicked last, or that the address names."""
    selected = (st.session_state.get(MAP) or {}).get("selected")
    clicked = state.fresh(CLICKED, selected)
    if clicked is not None:
        SAMPLE.keep(next((row for rows in clicked.values() for row in rows), None))
    samples = changes.before.shape[1]
    why = say("compare.changes.not_there", count=samples)
    return SAMPLE.value(None, range(samples), why, say("compare.changes.no_sample"))


def _counts(names: tuple[str, str], changes: Changes) -> list[str]:
    """How many samples each mark stands for, and how many chance alone would give."""
    first, second = (plain(strategy_named(name)) for name in names)
    counts = changes.counts
    lines = [
        say("compare.changes.of_first", number=counts[FIRST_ALONE], first=first),
        say("compare.changes.of_second", number=counts[SECOND_ALONE], second=second),
        say("compare.changes.of_both", number=counts[BOTH]),
        say("compare.changes.of_neither", number=counts[NEITHER]),
    ]
    if changes.by_chance is None:
        return [*lines, say("compare.changes.no_chance")]
    return [*lines, say("compare.changes.chance", number=changes.by_chance, first=first, second=second)]


def _chosen_layout(comparison: Comparison, names: tuple[str, str]) -> str:
    usual = START if comparison.start else OF_FIRST
    first, second = map(strategy_named, names)
    titles = {START: say("compare.changes.before"), OF_FIRST: first, OF_SECOND: second}
    return st.segmented_control(
        say("compare.changes.layout"),
        LAYOUTS,
        required=True,
        format_func=lambda layout: plain(titles[layout]),
        **LAYOUT.widget(LAYOUT.value(usual, LAYOUTS, shown=titles[usual])),
    )


def _meaning(comparison: Comparison, names: tuple[str, str], changes: Changes) -> str:
    seeds = count("compare.matrix.seeds", len(changes.seeds))
    shares = "compare.changes.shares" if changes.begin_alike else "compare.changes.shares_apart"
    words = [
        say("compare.changes.meaning", samples=sum(changes.counts), seeds=seeds),
        say(shares, **changed_sample.told(names, changes.mean_shares)),
    ]
    words += [say("compare.changes.first_fold")] if comparison.folds else []
    return joined("sentences", words if comparison.start else [*words, say("compare.changes.untrained")])

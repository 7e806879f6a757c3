"""How a number goes in each strategy, over updates, epochs or seconds, and beside the baseline."""

from __future__ import annotations

from collections.abc import Mapping

import streamlit as st

from core.comparison.curves import HELD, OVER, SECONDS
from core.comparison.reached import NUMBERS
from dashboard.compare.shown import Beneath
from dashboard.components.live_figure import live_figure
from dashboard.core_words import strategy_named, translated
from dashboard.lookups import strategy_curves
from dashboard.lookups.strategy_runs import Seeds, counted, paired
from dashboard.markdown import plain
from dashboard.runs import state
from dashboard.settings import OVER as OVER_SETTING
from dashboard.settings import TO_BASELINE
from dashboard.wording import joined, say

HEIGHT = 330


def show(of: Beneath) -> None:
    """A line with its band for each strategy that is shown and has begun."""
    shown, begun, number, row = of
    title = translated(NUMBERS[number].title)
    if number not in HELD:
        st.caption(
            say(
                "compare.curves.not_held",
                number=title,
                held=joined("things", (translated(NUMBERS[key].title) for key in HELD)),
            )
        )
        return
    with row:
        over, is_difference = _choose(shown.baseline)
    there = tuple((name, begun[name]) for name in shown.strategies if name in begun)
    if not there:
        st.caption(say("compare.view.nothing_yet"))
        return
    strategies, theme = tuple(shown.comparison.strategies), state.theme()
    words = {"number": title, "over": say(f"compare.curves.{over}").lower()}
    if not is_difference:
        figure = strategy_curves.curves(strategies, there, number, over, theme)
        alt = say("compare.curves.alt", **words)
        counts = {name: len(counted(seeds)) for name, seeds in there}
    elif others := _comparable(shown.baseline, there, begun):
        baseline = shown.baseline, begun[shown.baseline]
        figure = strategy_curves.differences(strategies, others, baseline, number, over, theme)
        alt = say("compare.curves.alt_differences", **words, baseline=strategy_named(shown.baseline))
        counts = {name: len(paired(seeds, baseline[1])) for name, seeds in others}
    else:
        st.caption(say("compare.curves.alone"))
        return
    live_figure(figure, key="compare.curves", height=HEIGHT, alt=alt, tween_seconds=0.0)
    st.caption(_meaning(counts, over, plain(strategy_named(shown.baseline)) if is_difference else ""))


def _choose(baseline: str) -> tuple[str, bool]:
    """Over what the curves go, and whether they are differences to the baseline."""
    over = st.segmented_control(
        say("compare.curves.over"),
        list(OVER),
        required=True,
        format_func=_axis,
        label_visibility="collapsed",
        **OVER_SETTING.widget(OVER_SETTING.among(list(OVER), shown=_axis)),
    )
    if not baseline:
        return over, False
    label = say("compare.curves.differences", baseline=plain(strategy_named(baseline)))
    return over, st.toggle(label, **TO_BASELINE.widget(TO_BASELINE.value(False)))


def _axis(over: str) -> str:
    return say(f"compare.curves.{over}")


def _comparable(baseline: str, there: strategy_curves.Shown, begun: Mapping[str, Seeds]) -> strategy_curves.Shown:
    """Those that have a seed in common with the baseline."""
    seeds = {one.seed for one in begun.get(baseline, ())}
    return tuple((name, of) for name, of in there if name != baseline and seeds & {one.seed for one in of})


def _meaning(counts: Mapping[str, int], over: str, baseline: str) -> str:
    """What lines and bands are, and of how many seeds each."""
    words = say("compare.curves.differences_mean", baseline=baseline) if baseline else say("compare.curves.means")
    if set(counts.values()) == {1}:
        words = say("compare.curves.one")
    elif len(set(counts.values())) == 1:
        words = joined("sentences", [words, say("compare.curves.from_seeds", seeds=max(counts.values()))])
    else:
        each = [
            say("compare.curves.of_strategy", strategy=plain(strategy_named(name)), seeds=of)
            for name, of in counts.items()
        ]
        words = joined("sentences", [words, say("compare.curves.from_seeds", seeds=joined("things", each))])
    return joined("sentences", [words, say("compare.curves.seconds_mean")]) if over == SECONDS else words

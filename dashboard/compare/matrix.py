"""The heart of a comparison: every two strategies beside each other, as far as their trainings are measured."""

from __future__ import annotations

import streamlit as st

from core.comparison.differences import Comparison as Pair
from core.comparison.differences import Trainings, compared, level_of
from core.comparison.reached import NUMBERS
from core.comparison.record import Comparison
from core.evidence.seeded_differences import BETTER, OPEN, SeededDifference
from core.records.main_numbers import MAP_AT_R
from dashboard.compare import beneath, difference_map, take_home
from dashboard.compare.shown import Shown, choose
from dashboard.components.live_figure import live_figure
from dashboard.components.page_end import guarded
from dashboard.core_words import plain_words, strategy_named, translated
from dashboard.figures.strategy_matrix import height_of, strategy_matrix
from dashboard.lookups import kept_comparisons, runs
from dashboard.markdown import plain
from dashboard.runs import state, sweep_steering
from dashboard.runs.submit import keep_engine
from dashboard.settings import COMPARISON, NUMBER, OF_ONE_COMPARISON, RUNS
from dashboard.wording import count, joined, say

LOOK_SECONDS = 2.0
MOST_SAID = 6  # differences in words
MOST_MAPS = 4


def show_chosen() -> None:
    """The comparison that the address names, with a note where there is none."""
    if COMPARISON.text is None:
        return
    found = kept_comparisons.find(COMPARISON.text)
    if found is None:
        COMPARISON.refuse(say("compare.matrix.gone"), say("compare.matrix.nothing"))
        return
    is_moving = _is_moving(found)
    st.fragment(guarded(_show), run_every=LOOK_SECONDS if is_moving else None)(found.id, is_moving)
    difference_map.show(found.id)
    if _pairs(kept_comparisons.results(found), MAP_AT_R.key)[0]:
        take_home.offer(found)


def _is_moving(comparison: Comparison) -> bool:
    """Whether trainings are under way, or are still to be measured."""
    return (
        kept_comparisons.is_asked_for(comparison)
        or bool(kept_comparisons.standing(comparison).under_way)
        or kept_comparisons.is_measuring(comparison)
    )


def _show(comparison_id: str, was_moving: bool) -> None:
    comparison = kept_comparisons.find(comparison_id)
    if comparison is None:
        return
    is_moving = _is_moving(comparison)
    if is_moving != was_moving:
        st.rerun()
    if is_moving:
        keep_engine()
    with st.container(border=True, key="compare.matrix"):
        with st.container(horizontal=True, vertical_alignment="center"):
            st.markdown(f"**{plain(comparison.title)}**", width="stretch")
            st.button(
                say("compare.matrix.close"),
                key="compare.matrix.close",
                icon=":material/close:",
                type="tertiary",
                on_click=COMPARISON.keep,
                args=(None, OF_ONE_COMPARISON),
            )
        _say_how_far(comparison)
        sweep_steering.show(comparison.id)
        if not comparison.members:
            return
        chosen, number = choose(comparison), _chosen_number()
        _draw(chosen, number)
        beneath.show(chosen, number)


def _say_how_far(comparison: Comparison) -> None:
    if comparison.trials and not comparison.members:
        _say_how_tuned(comparison)
    if comparison.problem:
        st.error(say("compare.matrix.problem", problem=plain_words(comparison.problem)))
    if not comparison.members:
        return
    standing = kept_comparisons.standing(comparison)
    unit, amount = next(iter(comparison.budget.items()))
    budget = say(f"compare.matrix.budget.{unit}", amount=amount)
    words = [
        say(
            "compare.matrix.made",
            strategies=len(comparison.strategies),
            seeds=count("compare.matrix.seeds", len(comparison.seeds)),
            budget=budget,
        )
    ]
    if comparison.folds:
        words.append(say("compare.matrix.folds", folds=comparison.folds))
    if comparison.start:
        start = comparison.start
        words.append(say("compare.matrix.forked", title=plain(str(start["title"])), epoch=start["epoch"]))
    if standing.finished < standing.count:
        words.append(say("compare.matrix.trained", finished=standing.finished, count=standing.count))
        st.progress(standing.finished / standing.count)
    if standing.failed:
        words.append(count("compare.matrix.failed", standing.failed))
    st.caption(joined("sentences", words))
    for strategy, share in comparison.stopped.items():
        st.caption(say("compare.matrix.stopped", strategy=_called(strategy), share=share))


def _say_how_tuned(comparison: Comparison) -> None:
    trials = kept_comparisons.tuning(comparison)
    st.progress(trials.finished / trials.count)
    st.caption(say("compare.matrix.tuning", finished=trials.finished, count=trials.count))


def _draw(shown: Shown, key: str) -> None:
    """Of the strategies that are shown, however many are compared: what is hidden makes no interval narrower."""
    results = kept_comparisons.results(shown.comparison)
    every, seeds = _pairs(results, key)
    names = [name for name in shown.strategies if name in results]
    pairs = [one for one in every if {one.first, one.second} <= set(names)]
    if not pairs:
        st.caption(say("compare.matrix.too_few" if every else "compare.matrix.waiting"))
        return
    levels = {name: level_of(results[name], key) for name in names}
    with st.container(key="compare.matrix.wide"):
        live_figure(
            strategy_matrix(names, levels, pairs, state.theme()),
            key="compare.matrix.figure",
            height=height_of(len(names)),
            alt=say("compare.matrix.alt", number=translated(NUMBERS[key].title)),
            tween_seconds=0.0,
        )
    with st.container(key="compare.matrix.narrow"):  # in place of it where cells have no room: see pages.css
        st.markdown("\n".join(_each(names, levels, pairs)))
    if seeds > 1:
        st.markdown("  \n".join(_in_words(pairs, key)))
    st.caption(_meaning(every, seeds))


def _meaning(pairs: list[Pair], seeds: int) -> str:
    """What the cells are, and over what their intervals hold."""
    if seeds == 1:
        over = say("compare.matrix.over.identities")
    elif not any(one.difference.identities for one in pairs):
        over = say("compare.matrix.over.seeds")
    elif apart := [_both_of(one) for one in pairs if not one.difference.identities]:
        over = say("compare.matrix.over.some", pairs=joined("things", apart))
    else:
        over = say("compare.matrix.over.both")
    return say("compare.matrix.meaning", over=over, comparisons=len(pairs), seeds=seeds)


def _both_of(pair: Pair) -> str:
    return say("compare.matrix.over.apart", first=_called(pair.first), second=_called(pair.second))


def _called(strategy: str) -> str:
    return plain(strategy_named(strategy))


def _pairs(results: dict[str, Trainings], key: str) -> tuple[list[Pair], int]:
    """Every two strategies that have a seed in common, and from how many seeds the fewest are."""
    if len(results) < 2 or not set.intersection(*(set(trainings) for trainings in results.values())):
        return [], 0
    found = compared(results, key)
    return found, min(one.difference.seeds for one in found)


def _in_words(pairs: list[Pair], key: str) -> list[str]:
    """The clear differences, the largest first, or that there is none."""
    clear = sorted((one for one in pairs if one.verdict != OPEN), key=lambda one: -abs(one.difference.value))
    if not clear:
        return [say("compare.matrix.none", number=translated(NUMBERS[key].title))]
    lines = []
    for one in clear[:MOST_SAID]:
        describes = NUMBERS[key].more_is_better is None
        is_in_order = one.difference.value > 0 if describes else one.verdict == BETTER
        first, second = (one.first, one.second) if is_in_order else (one.second, one.first)
        word = "other" if describes else "better"
        difference = abs(one.difference.value)
        lines.append(
            say(f"compare.matrix.is_{word}", first=_called(first), second=_called(second), difference=difference)
        )
    if len(clear) > MOST_SAID:
        lines.append(count("compare.matrix.more", len(clear) - MOST_SAID))
    return lines


def _each(names: list[str], levels: dict[str, SeededDifference], pairs: list[Pair]) -> list[str]:
    """What each strategy reaches, and every difference, as a list."""
    reached = [f"- **{_called(name)}** {_with_ends(levels[name], '')}" for name in names]
    return reached + [
        say(
            "compare.matrix.pair",
            first=_called(one.first),
            second=_called(one.second),
            difference=_with_ends(one.difference, "+"),
            verdict=say(f"figures.strategies.{one.verdict.replace(' ', '_')}"),
        )
        for one in pairs
    ]


def _with_ends(of: SeededDifference, sign: str) -> str:
    if of.low == float("-inf"):
        return f"{of.value:{sign}z.3f}"
    ends = {what: f"{getattr(of, what):{sign}z.3f}" for what in ("value", "low", "high")}
    return say("compare.matrix.with_ends", **ends)


def name_its_runs() -> None:
    """Where the address names a comparison and no runs, have it name those of the first seed."""
    found = kept_comparisons.find(COMPARISON.text) if COMPARISON.text and RUNS.text is None else None
    if found is not None:
        there = [next((one for one in found.runs_of(name) if runs.row_of(one)), "") for name in found.strategies]
        if any(there):
            RUNS.keep_in_place([name for name in there if name][:MOST_MAPS])


def _chosen_number() -> str:
    return st.segmented_control(
        say("compare.matrix.number"),
        list(NUMBERS),
        required=True,
        format_func=lambda key: translated(NUMBERS[key].title),
        label_visibility="collapsed",
        **NUMBER.widget(NUMBER.value(MAP_AT_R.key, NUMBERS, shown=translated(NUMBERS[MAP_AT_R.key].title))),
    )

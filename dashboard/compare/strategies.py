"""Several strategies at once: the same settings with each of them, started with one click and compared."""

from __future__ import annotations

from dataclasses import replace

import streamlit as st

from core.comparison.asked import Asked, ask, ask_again
from core.comparison.axes import USUAL
from core.comparison.halving import SHARES
from core.comparison.plan import samples_of
from core.comparison.record import comparison_of, keep
from core.experiment.experiment import Experiment
from dashboard.compare.sweep import Sweep, parameter_named, title_of
from dashboard.compare.sweep_menu import choose
from dashboard.core_words import plain_words, strategy_named, written_named
from dashboard.entrance import visitors
from dashboard.entrance.rights import may_steer_of
from dashboard.lookups import kept_comparisons, runs
from dashboard.lookups.estimates import price_of
from dashboard.markdown import plain
from dashboard.runs import limits, submit
from dashboard.runs.waiting import about
from dashboard.settings import COMPARISON, RUNS
from dashboard.url import keep_together
from dashboard.wording import count, joined, say

MOST_EARLIER = 5
MENU, PROBLEM = "strategies.menu", "strategies.problem"
ALIKE = 1.1  # times as many samples
MEGABYTE, GIGABYTE = 1e6, 1e9


def offer(most: int) -> None:
    """The button, and behind it what is trained by which strategies; of so many at most the maps are shown at once."""
    button = say("compare.strategies.button")
    with st.popover(button, icon=":material/splitscreen_right:", key=MENU, on_change="rerun") as menu:
        if not menu.open:
            return
        sweep = choose()
        try:
            _offer_start(sweep, most)
        except ValueError as problem:  # of a value that was typed
            st.error(plain_words(problem))
        if problem := st.session_state.pop(PROBLEM, ""):
            st.error(plain_words(problem))
        _offer_earlier()


def _offer_start(sweep: Sweep, most: int) -> None:
    if len(sweep.values) < 2:
        st.caption(say("compare.strategies.too_few"))
        return
    planned = sweep.experiments
    there = sum(runs.row_of(one.run_id()) is not None for one in planned)
    st.caption(_cost(sweep, [one for one in planned if runs.row_of(one.run_id()) is None]))
    if unequal := _unequal(sweep):
        st.caption(unequal)
    if there:
        st.caption(count("compare.strategies.there", there))
    st.button(
        count("compare.strategies.start", new) if (new := len(planned) - there) else say("compare.strategies.show"),
        type="primary",
        icon=":material/play_arrow:",
        on_click=_start,
        args=(sweep, most),
    )


def _cost(sweep: Sweep, new: list[Experiment]) -> str:
    """How many trainings these are, with what tunes them, and what they cost in time and room."""
    trials = _trials(sweep)
    of_members, of_trials = price_of(new, _share(sweep)), price_of(trials)
    words = {"runs": count("compare.strategies.runs", len(new) + len(trials)), "updates": sweep.updates}
    if of_members.seconds is None or of_trials.seconds is None:
        return say("compare.strategies.cost_unknown", **words)
    seconds, room = of_members.seconds + of_trials.seconds, of_members.bytes + of_trials.bytes
    return say("compare.strategies.cost", time=about(seconds), room=_room(room), **words)


def _unequal(sweep: Sweep) -> str:
    """How many samples an update of each strategy sees, where these are not about as many."""
    sizes = {one.name: samples_of(one.experiment) for one in sweep.strategies}
    if max(sizes.values()) <= ALIKE * min(sizes.values()):
        return ""
    said = [
        say("compare.strategies.sees", samples=size, strategy=plain(strategy_named(name)))
        for name, size in sizes.items()
    ]
    return say("compare.strategies.unequal", samples=joined("things", said))


def _trials(sweep: Sweep) -> list[Experiment]:
    """What tunes them, as far as it says how long that takes: the first seed, looked at once, as often as there are
    trials."""
    first = [one.experiment for one in sweep.members if one.seed == 0] if sweep.tune else []
    return [replace(one, schedule=replace(one.schedule, snapshots=1)) for one in first] * sweep.tune


def _share(sweep: Sweep) -> float:
    """Which share of all updates is trained where the worse half is stopped early, twice."""
    if not sweep.halves:
        return 1.0
    first, second = SHARES
    number = len(sweep.values)
    half = max(-(-number // 2), 2)
    quarter = max(-(-half // 2), 2)
    return min((first * number + (second - first) * half + (1 - second) * quarter) / number, 1.0)


def _room(size: float) -> str:
    if size >= GIGABYTE:
        return say("compare.strategies.gigabytes", size=size / GIGABYTE)
    return say("compare.strategies.megabytes", size=size / MEGABYTE)


def _offer_earlier() -> None:
    """The newest comparisons from several seeds, each to be opened again."""
    if earlier := kept_comparisons.listed(MOST_EARLIER):
        st.caption(say("compare.strategies.earlier"))
        for one in earlier:
            key = f"strategies.open.{one.id}"
            st.button(plain(one.title), key=key, type="tertiary", on_click=_open, args=(one.id,))


def _open(comparison_id: str) -> None:
    st.session_state[MENU] = False
    COMPARISON.keep(comparison_id, without=(RUNS,))


def name_of(sweep: Sweep) -> str:
    """What its comparison is called."""
    words = {"strategies": joined("things", map(written_named, sweep.values)), "base": title_of(sweep.base)}
    if sweep.axis in USUAL:
        return say("compare.strategies.title", **words)
    return say("compare.strategies.parameter_title", parameter=parameter_named(sweep.axis), **words)


def _start(sweep: Sweep, most: int) -> None:
    try:
        if sweep.tune or sweep.halves:
            shown, comparison_id = _ask(sweep), None
        else:
            shown, comparison_id = _submit(sweep)
    except ValueError as problem:
        st.session_state[PROBLEM] = str(problem)
        return
    submit.keep_engine()
    st.session_state[MENU] = False
    if isinstance(shown, str):
        COMPARISON.keep(shown, without=(RUNS,))
    else:
        keep_together([(RUNS, shown[:most]), (COMPARISON, comparison_id)])


def _submit(sweep: Sweep) -> tuple[list[str], str | None]:
    """Ask for all trainings: their runs, and the comparison that they are where they are more than one of each."""
    planned = sweep.experiments
    if new := [one for one in planned if runs.row_of(one.run_id()) is None]:
        limits.check(runs.store(), len(new))  # for all of them, before the first is begun
    names = [submit.ask_for(one, is_member=not sweep.is_single).id for one in planned]
    if sweep.is_single:
        return names, None
    made = comparison_of(name_of(sweep), sweep.plan, dict(zip(names, sweep.members, strict=True)))
    keep(runs.store().root, made)
    return names[: len(sweep.values)], made.id


def _ask(sweep: Sweep) -> str:
    """Have the engine carry it out from its tuning to its end; the comparison that says how far it is."""
    for strategy in sweep.plan.strategies:
        submit.check(strategy.experiment)
    visitor, root = visitors.now(), runs.store().root
    owner = (visitor.id, visitor.name) if visitor else ("", "")
    limits.check(runs.store(), len(sweep.members) + sweep.tune * len(sweep.values))
    how = {"tune": sweep.tune, "tuner": sweep.tuner, "halves": sweep.halves}
    asked = Asked.of(name_of(sweep), sweep.plan, owner=owner, **how)
    there = kept_comparisons.find(asked.id)
    if there is None:
        keep(root, asked.begun())
        ask(root, asked)
    elif may_steer_of(str(there.asked.get("owner", ""))):
        ask_again(root, there)  # where it was cancelled, or stood still
    return asked.id

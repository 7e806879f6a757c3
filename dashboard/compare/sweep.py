"""What a sweep is made of, as its menu chooses it: what is compared on which settings, from how many seeds."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import streamlit as st

from core.comparison.axes import MARGIN, USUAL, members_of, parameters_of, suggested
from core.comparison.plan import UPDATES, Budget, Member, Plan, Strategy, along, updates_of
from core.comparison.tuning import TIMES
from core.experiment.experiment import Experiment
from core.experiment.presets import PRESETS
from core.params import params_of
from dashboard.lookups import runs
from dashboard.settings import RUN, RUNS
from dashboard.wording import say

OTHER = "other"
AXES = ("miner", "sampler", "loss", MARGIN, "distance", "encoder", OTHER)
SEEDS = (1, 3, 5)
MOST = 8  # strategies
TRIALS = 6  # of each, where it is tuned
BASE, AXIS, PARAMETER, CHOSEN, FROM_SEEDS, BUDGET, TUNES, HALVES = (
    f"strategies.{what}" for what in ("base", "axis", "parameter", "chosen", "seeds", "budget", "tunes", "halves")
)


@dataclass(frozen=True)
class Sweep:
    """`values` of an `axis` as core/comparison/plan.py names them, on the settings of `base`, a preset or a run."""

    base: str
    axis: str
    values: tuple[str, ...]
    seeds: int
    updates: int
    tune: int = 0
    halves: bool = False

    @property
    def is_single(self) -> bool:
        """Whether it is each strategy once, as its settings are, and these make as many updates for all: runs like all
        others, beside each other."""
        if self.seeds > 1 or self.tune or self.halves:
            return False
        return all(updates_of(one.experiment) == self.updates for one in self.strategies)

    @cached_property
    def plan(self) -> Plan:
        """Raises ValueError for what makes no comparison."""
        return Plan(self.strategies, tuple(range(self.seeds)), Budget(UPDATES, self.updates))

    @cached_property
    def strategies(self) -> tuple[Strategy, ...]:
        """Raises ValueError for what there is not."""
        return along(experiment_of(self.base), self.axis, self.values)

    @cached_property
    def members(self) -> list[Member]:
        """Its trainings, without those that tune."""
        return self.plan.members()

    @property
    def experiments(self) -> list[Experiment]:
        """What is asked for, in the order of `members`."""
        of_plan = self.members  # also where they are not asked for: what makes no comparison is refused
        return [one.experiment for one in (self.strategies if self.is_single else of_plan)]


def experiment_of(base: str) -> Experiment:
    """Of a preset or a run."""
    return PRESETS[base].experiment if base in PRESETS else runs.run_of(base).experiment()


def usual_updates(base: str) -> int:
    """As many as its settings make."""
    return updates_of(experiment_of(base))


def bases_of(axis: str) -> list[str]:
    """What can be compared on: the runs that are looked at, then the presets, as far as they have what is compared."""
    looked_at = [name for name in dict.fromkeys((*(RUNS.text or "").split(","), RUN.text or "")) if _is_trained(name)]
    return [name for name in (*looked_at, *PRESETS) if _suits(experiment_of(name), axis)]


def _is_trained(name: str) -> bool:
    return bool(name) and name in runs.choosable()


def _suits(base: Experiment, axis: str) -> bool:
    """Miners are compared by a loss that mines, and as the usual one does it; margins where there is one."""
    if axis == "miner":
        return base.miner == Experiment().miner and base.loss.consumes is not None
    return axis != MARGIN or any(one.name == "margin" for one in params_of(base.loss))


def title_of(base: str) -> str:
    """What it is called in the menu."""
    return (
        PRESETS[base].title
        if base in PRESETS
        else say("compare.strategies.like", title=runs.titles_of([base]).get(base, base))
    )


def choose() -> Sweep:
    """The widgets, and what they say."""
    left, right = st.columns(2)
    with left:
        axis = st.selectbox(
            say("compare.strategies.axis"),
            AXES,
            key=AXIS,
            format_func=lambda one: say(f"compare.strategies.axes.{one.rpartition('.')[2]}"),
        )
    with right:
        base = st.selectbox(say("compare.strategies.base"), bases_of(axis), key=BASE, format_func=title_of)
    start = experiment_of(base)
    if axis == OTHER:
        axis = st.selectbox(
            say("compare.strategies.parameter"),
            parameters_of(start),
            key=PARAMETER,
            format_func=lambda name: name.replace(".", " ").replace("_", " "),
        )
    values = _choose_values(start, axis)
    seeds, updates = _choose_amount(base)
    left, right = st.columns(2)
    with left:
        tunes = st.checkbox(
            say("compare.strategies.tunes"),
            key=TUNES,
            disabled=axis.partition(".")[2] in TIMES,  # which would change what is compared
            help=say("compare.strategies.tunes_how", trials=TRIALS),
        )
    with right:
        halves = st.checkbox(say("compare.strategies.halves"), key=HALVES, help=say("compare.strategies.halves_how"))
    return Sweep(
        base,
        axis,
        tuple(values),
        seeds,
        updates,
        TRIALS if tunes and axis.partition(".")[2] not in TIMES else 0,
        halves,
    )


def _choose_values(base: Experiment, axis: str) -> list[str]:
    """The strategies; other values of a parameter may be typed. What is chosen belongs to what is compared."""
    is_family = axis in USUAL
    offered = members_of(axis) if is_family else suggested(base, axis)
    key = f"{CHOSEN}.{axis}"
    usual = [name for name in USUAL[axis] if name in offered] if is_family else offered
    if st.session_state.get(f"{key}.of") != (offered, usual):
        st.session_state[f"{key}.of"] = offered, usual
        st.session_state[key] = list(usual)
    typed = [value for value in st.session_state[key] if value not in offered]
    return st.multiselect(
        say("compare.strategies.chosen"),
        [*offered, *typed],
        key=key,
        max_selections=MOST,
        accept_new_options=not is_family,
    )


def _choose_amount(base: str) -> tuple[int, int]:
    left, right = st.columns(2)
    with left:
        seeds = st.segmented_control(
            say("compare.strategies.seeds"), SEEDS, default=SEEDS[0], required=True, key=FROM_SEEDS
        )
    if st.session_state.get(f"{BUDGET}.of") != base:
        st.session_state[f"{BUDGET}.of"] = base
        st.session_state[BUDGET] = usual_updates(base)
    with right:
        updates = st.number_input(
            say("compare.strategies.updates"),
            min_value=1,
            max_value=1_000_000,
            step=50,
            key=BUDGET,
            help=say("compare.strategies.updates_why"),
        )
    return int(seeds or SEEDS[0]), int(updates)

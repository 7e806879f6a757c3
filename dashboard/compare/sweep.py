"""What a sweep is made of, as its menu chooses it: what is compared on which settings, from which seeds and folds."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from core.comparison.axes import MARGIN
from core.comparison.plan import UPDATES, Budget, Member, Plan, Strategy, along, updates_of
from core.comparison.searches import RANDOM
from core.experiment.experiment import Experiment
from core.experiment.presets import PRESETS
from core.experiment.splits import ByIdentity
from core.params import params_of
from dashboard.core_words import named, setting_named
from dashboard.lookups import runs
from dashboard.settings import RUN, RUNS
from dashboard.wording import say

OTHER = "other"
AXES = ("miner", "sampler", "loss", MARGIN, "distance", "encoder", OTHER)
SEEDS = (1, 3, 5)
FOLDS = (0, 2, 4, 8)  # 0: one split
MOST = 8  # strategies
TRIALS = 6  # of each, where it is tuned


@dataclass(frozen=True)
class Sweep:
    """`values` of an `axis` as core/comparison/plan.py names them, on the settings of `base`, a preset or a run."""

    base: str
    axis: str
    values: tuple[str, ...]
    seeds: int
    updates: int
    folds: int = 0
    tune: int = 0
    tuner: str = RANDOM
    halves: bool = False

    @property
    def is_single(self) -> bool:
        """Whether it is each strategy once, as its settings are, and these make as many updates for all: runs like all
        others, beside each other."""
        if self.seeds > 1 or self.folds or self.tune or self.halves:
            return False
        return all(updates_of(one.experiment) == self.updates for one in self.strategies)

    @cached_property
    def plan(self) -> Plan:
        """Raises ValueError for what makes no comparison."""
        return Plan(self.strategies, tuple(range(self.seeds)), Budget(UPDATES, self.updates), self.folds)

    @cached_property
    def strategies(self) -> tuple[Strategy, ...]:
        """Raises ValueError for what there is not."""
        return along(experiment_of(self.base), self.axis, self.values)

    @cached_property
    def members(self) -> list[Member]:
        """Its trainings, without those that tune. Raises ValueError, too, where there are too few classes for its
        folds."""
        if self.folds:
            self.plan.check_folds()
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


def can_be_folded(base: str) -> bool:
    """Whether its settings hold out whole classes, as folds do."""
    return isinstance(experiment_of(base).split, ByIdentity)


def _is_trained(name: str) -> bool:
    return bool(name) and name in runs.choosable()


def _suits(base: Experiment, axis: str) -> bool:
    """Miners are compared by a loss that mines, and as the usual one does it; margins where there is one."""
    if axis == "miner":
        return base.miner == Experiment().miner and base.loss.consumes is not None
    return axis != MARGIN or any(one.name == "margin" for one in params_of(base.loss))


def parameter_named(axis: str) -> str:
    """What a parameter, "loss.margin" say, is called in the menu."""
    return setting_named(axis.replace(".", " ").replace("_", " "))


def title_of(base: str) -> str:
    """What it is called in the menu."""
    return (
        named(PRESETS[base].title)
        if base in PRESETS
        else say("compare.strategies.like", title=runs.differing_titles([base])[0])
    )

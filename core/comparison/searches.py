"""How the trials of one strategy are chosen: at random, or by what those before them have reached.

Both begin with the strategy as it is and draw the rest around it, evenly on a scale of ratios. Random draws, by
scikit-learn's sampler, are all known at once. Those of optuna are its tree-structured Parzen estimator's (Bergstra et
al. 2011): after a few random ones each is drawn where better trials lie closer than worse ones, and waits for those
before it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from importlib import import_module
from math import isfinite
from typing import Any, NamedTuple, Protocol

RANDOM, OPTUNA = "random", "optuna"
SEED = 0
DRAWN_FIRST = 3  # trials of optuna, the strategy as it is among them, before any is drawn by what others have reached
DIGITS = 3  # of a value

Values = dict[str, float]


class Range(NamedTuple):
    """Of a value that is tuned: the strategy's own, from where to where it is drawn, and what it may be at all."""

    own: float
    low: float
    high: float
    least: float
    most: float

    def within(self, value: float) -> float:
        """A value that was drawn, in few digits and within what it may be."""
        return min(max(float(f"{value:.{DIGITS}g}"), self.least), self.most)


class Search(Protocol):
    """The trials of one strategy, round by round: each is the values that it changes, none of the first."""

    def asked(self) -> list[Values]:
        """The next round; empty once all are asked for."""
        ...

    def told(self, reached: Sequence[float]) -> None:
        """What the trials of the last round have reached, in their order, more is better; -inf where one failed."""
        ...


class RandomSearch:
    """All at once, and the same whatever they reach."""

    def __init__(self, ranges: Mapping[str, Range], count: int) -> None:
        self._ranges, self._left = ranges, count

    def asked(self) -> list[Values]:
        """As a search does it."""
        if not self._left:
            return []
        from scipy.stats import loguniform
        from sklearn.model_selection import ParameterSampler

        spread = {name: loguniform(of.low, of.high) for name, of in self._ranges.items()}
        drawn: list[Values] = list(ParameterSampler(spread, self._left - 1, random_state=SEED))
        self._left = 0
        return [{}, *(_within(self._ranges, values) for values in drawn)]

    def told(self, reached: Sequence[float]) -> None:
        """Nothing more is chosen by it."""


class OptunaSearch:
    """The first few at once, and then one by one. Raises ModuleNotFoundError where optuna is not installed."""

    def __init__(self, ranges: Mapping[str, Range], count: int) -> None:
        optuna = import_module("optuna")
        optuna.logging.set_verbosity(optuna.logging.WARNING)
        bounds = {name: (max(of.low, of.least), min(of.high, of.most)) for name, of in ranges.items()}
        sampler = optuna.samplers.TPESampler(seed=SEED, n_startup_trials=DRAWN_FIRST)
        self._study = optuna.create_study(direction="maximize", sampler=sampler)
        self._study.enqueue_trial({name: min(max(ranges[name].own, low), high) for name, (low, high) in bounds.items()})
        drawn = optuna.distributions.FloatDistribution
        self._spread = {name: drawn(low, high, log=True) for name, (low, high) in bounds.items()}
        self._failed = optuna.trial.TrialState.FAIL
        self._ranges, self._count = ranges, count
        self._asked: list[Any] = []
        self._round: list[Any] = []

    def asked(self) -> list[Values]:
        """As a search does it."""
        before = len(self._asked)
        size = min(1 if before else DRAWN_FIRST, self._count - before)
        self._round = [self._study.ask(self._spread) for _ in range(size)]
        self._asked += self._round
        found = [_within(self._ranges, trial.params) for trial in self._round]
        return found if before else [{}, *found[1:]]

    def told(self, reached: Sequence[float]) -> None:
        """As a search does it; optuna learns nothing from a trial that failed."""
        for trial, value in zip(self._round, reached, strict=True):
            if isfinite(value):
                self._study.tell(trial, value)
            else:
                self._study.tell(trial, state=self._failed)


SEARCHES: dict[str, type[RandomSearch] | type[OptunaSearch]] = {RANDOM: RandomSearch, OPTUNA: OptunaSearch}


def _within(ranges: Mapping[str, Range], values: Mapping[str, float]) -> Values:
    return {name: ranges[name].within(value) for name, value in values.items()}

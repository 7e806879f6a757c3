"""As much of optuna as a search uses, where it is not installed: it remembers what it is told, draws first trials at
one and two thirds of each range, and later ones next to the best of all that was told."""

from __future__ import annotations

import sys
from importlib.machinery import ModuleSpec
from types import ModuleType, SimpleNamespace
from typing import Any

import pytest

FAIL = "FAIL"


class Study:
    """Of one strategy."""

    def __init__(self, direction: str, sampler: SimpleNamespace) -> None:
        assert direction == "maximize"
        self.sampler = sampler
        self.first: dict[str, float] = {}
        self.trials: list[SimpleNamespace] = []

    def enqueue_trial(self, values: dict[str, float]) -> None:
        self.first = values

    def ask(self, spread: dict[str, SimpleNamespace]) -> SimpleNamespace:
        self.trials.append(SimpleNamespace(params=self._drawn(spread), value=None, state="RUNNING"))
        return self.trials[-1]

    def tell(self, trial: SimpleNamespace, value: float | None = None, state: str = "COMPLETE") -> None:
        assert trial.state == "RUNNING", "each is told once"
        trial.value, trial.state = value, state

    def _drawn(self, spread: dict[str, SimpleNamespace]) -> dict[str, float]:
        number, done = len(self.trials), [one for one in self.trials if one.state == "COMPLETE"]
        if not number:
            return self.first
        if len(done) < self.sampler.n_startup_trials:
            return {name: of.low * (of.high / of.low) ** (number / 3) for name, of in spread.items()}
        best = max(done, key=lambda one: one.value)
        return {name: min(value * (1 + 0.01 * number), spread[name].high) for name, value in best.params.items()}


def put_in(patch: pytest.MonkeyPatch) -> list[Study]:
    """In place of optuna; the studies that are made of it."""
    studies: list[Study] = []

    def create_study(**how: Any) -> Study:
        studies.append(Study(**how))
        return studies[-1]

    module: Any = ModuleType("optuna")
    module.__spec__ = ModuleSpec("optuna", None)
    module.create_study = create_study
    module.logging = SimpleNamespace(WARNING=30, set_verbosity=lambda level: None)
    module.samplers = SimpleNamespace(TPESampler=SimpleNamespace)
    module.distributions = SimpleNamespace(
        FloatDistribution=lambda low, high, log: SimpleNamespace(low=low, high=high, log=log)
    )
    module.trial = SimpleNamespace(TrialState=SimpleNamespace(FAIL=FAIL))
    patch.setitem(sys.modules, "optuna", module)
    return studies

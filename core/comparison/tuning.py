"""Each strategy at its best: learning rate and margin chosen by the same number of trials, on a validation.

A strategy that happens to suit the defaults would else win for that. Trials are trained from one seed on a part of what
trains, and judged by the rest of it, so that nothing is chosen on the samples by which strategies are compared. The
first trial is the strategy as it is; the others are drawn around it (searches.py), from the same seed for every
strategy.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from core.comparison.plan import Member, Plan, Strategy
from core.comparison.searches import RANDOM, SEARCHES, Range
from core.experiment.experiment import Experiment
from core.params import params_of

VALIDATION_SHARE = 0.25
RATE, MARGIN = "learning_rate", "margin"
TIMES = {RATE: 4.0, MARGIN: 2.0}  # as large or small as a strategy's own, at most


class Tuning:
    """The trials of all strategies of a plan, `count` of each, with the plan's budget: asked for in rounds, since what
    a round has reached may decide what the next one tries.

    Rounds that are told the same again ask for the same again: so a tuning goes on where it was cut, by trials that are
    there already. Raises ValueError for fewer than two trials, for plans whose trials would look at what strategies are
    compared on, and where there is no such tuner.
    """

    def __init__(self, plan: Plan, count: int, tuner: str = RANDOM) -> None:
        _check(plan, count)
        if tuner not in SEARCHES:
            raise ValueError(f"the tuner must be one of {', '.join(SEARCHES)}, got {tuner!r}. Choose one of them.")
        self._plan, search = plan, SEARCHES[tuner]
        self._searches = [search(_ranges(one.experiment), count) for one in plan.strategies]
        self._tried: list[list[Member]] = [[] for _ in plan.strategies]
        self._reached: list[list[float]] = [[] for _ in plan.strategies]

    def asked(self) -> list[Member]:
        """The trials of the next round, strategy by strategy; none once all are reached."""
        asked: list[Member] = []
        for strategy, search, tried in zip(self._plan.strategies, self._searches, self._tried, strict=True):
            of_round = [
                Member(f"{strategy.name}, trial {number}", self._plan.seeds[0], 0, _trial(self._plan, strategy, values))
                for number, values in enumerate(search.asked(), start=len(tried) + 1)
            ]
            tried += of_round
            asked += of_round
        return asked

    def told(self, reached: Sequence[float]) -> None:
        """What the trials of the last round have reached on their validation, in their order, -inf where one failed."""
        rest = iter(reached)
        for search, tried, known in zip(self._searches, self._tried, self._reached, strict=True):
            of_round = [next(rest) for _ in tried[len(known) :]]
            search.told(of_round)
            known += of_round

    @property
    def trials(self) -> list[Member]:
        """All that were asked for by now, strategy by strategy."""
        return [one for tried in self._tried for one in tried]

    @property
    def best(self) -> Plan:
        """The plan with each strategy as its best trial has it: the first of equal ones."""
        strategies = []
        for strategy, tried, known in zip(self._plan.strategies, self._tried, self._reached, strict=True):
            place = max(range(len(known)), key=lambda number, known=known: (known[number], -number))
            changes = chosen_of(tried[place].experiment)
            strategies.append(Strategy(strategy.name, strategy.experiment.changed(changes)))
        return replace(self._plan, strategies=tuple(strategies))


def chosen_of(experiment: Experiment) -> dict[str, dict[str, float]]:
    """What tuning chooses of an experiment, by family."""
    chosen: dict[str, dict[str, float]] = {"schedule": {RATE: experiment.schedule.learning_rate}}
    if _has_margin(experiment):
        chosen["loss"] = {MARGIN: experiment.loss.described()[MARGIN]}
    return chosen


def _check(plan: Plan, count: int) -> None:
    if plan.folds:
        raise ValueError(
            f"a comparison with folds must be without tuning, got {plan.folds} folds: each identity that a trial would "
            "be judged by is held out in one of them. Tune without folds."
        )
    if plan.origin:
        raise ValueError(
            f"forks must be compared without tuning, got {count} trials: {plan.origin.title} was trained on the "
            "samples that a trial would be judged by. Leave the tuning out."
        )
    alike = {json.dumps(_untuned(strategy.experiment).used(), sort_keys=True) for strategy in plan.strategies}
    if len(alike) < len(plan.strategies):
        raise ValueError(
            "what is compared must be left alone by tuning, got strategies that differ in a learning rate or margin "
            "alone, which tuning would choose anew. Compare them without tuning."
        )
    if count < 2:
        raise ValueError(f"trials must be at least 2, the strategy as it is and another, got {count}. Try 6 say.")


def _trial(plan: Plan, strategy: Strategy, values: Mapping[str, float]) -> Experiment:
    """A strategy with these values of what is tuned, looked at once, at its end."""
    experiment = strategy.experiment.changed(_changes(strategy.experiment, values))
    split = replace(experiment.split, validation_share=VALIDATION_SHARE)
    return replace(plan, snapshots=1).training(Strategy(strategy.name, replace(experiment, split=split)), plan.seeds[0])


def _ranges(experiment: Experiment) -> dict[str, Range]:
    """Of the learning rate, and of the margin where the loss has one."""
    values = {RATE: experiment.schedule.learning_rate}
    if _has_margin(experiment):
        values[MARGIN] = float(experiment.loss.described()[MARGIN]) or 0.1
    ranges = {}
    for name, own in values.items():
        _, part = _home(experiment, name)
        declared = next(one for one in params_of(part) if one.name == name)
        low, high = own / TIMES[name], own * TIMES[name]
        ranges[name] = Range(own, low, high, declared.low or 0.0, declared.high or high)
    return ranges


def _changes(experiment: Experiment, values: Mapping[str, float]) -> dict[str, dict[str, float]]:
    changes: dict[str, dict[str, float]] = {}
    for name, value in values.items():
        changes.setdefault(_home(experiment, name)[0], {})[name] = value
    return changes


def _home(experiment: Experiment, name: str) -> tuple[str, Any]:
    """The family that a tuned value belongs to, and the experiment's member of it."""
    return ("schedule", experiment.schedule) if name == RATE else ("loss", experiment.loss)


def _untuned(experiment: Experiment) -> Experiment:
    """With one and the same of all that is tuned."""
    changes: dict[str, dict[str, float]] = {"schedule": {RATE: 0.001}}
    if _has_margin(experiment):
        changes["loss"] = {MARGIN: 0.1}
    return experiment.changed(changes)


def _has_margin(experiment: Experiment) -> bool:
    return any(declared.name == MARGIN for declared in params_of(experiment.loss))

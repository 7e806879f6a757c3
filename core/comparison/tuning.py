"""Each strategy at its best: learning rate and margin chosen by the same number of trials, on a validation.

A strategy that happens to suit the defaults would else win for that. Trials are trained from one seed on a part of what
trains, and judged by the rest of it, so that nothing is chosen on the samples by which strategies are compared. The
first trial is the strategy as it is; the others are drawn around it, by scikit-learn's sampler and the same seed for
every strategy.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from core.comparison.plan import Member, Plan, Strategy
from core.experiment.experiment import Experiment
from core.params import params_of

VALIDATION_SHARE = 0.25
RATE, MARGIN = "learning_rate", "margin"
TIMES = {RATE: 4.0, MARGIN: 2.0}  # as large or small as a strategy's own, at most
SEED = 0


def trials_of(plan: Plan, count: int) -> list[Member]:
    """So many trials of each strategy, each with the plan's budget. Raises ValueError for fewer than two."""
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
    return [
        Member(f"{strategy.name}, trial {number}", plan.seeds[0], 0, trial)
        for strategy in plan.strategies
        for number, trial in enumerate(_trained(plan, strategy, count), start=1)
    ]


def tuned(plan: Plan, trials: Sequence[Member], reached: Sequence[float]) -> Plan:
    """The plan with each strategy as its best trial has it, by what each trial has reached on its validation: the
    first of equal ones. `trials` are those of `trials_of`, in their order."""
    each = len(trials) // len(plan.strategies)
    strategies = []
    for place, strategy in enumerate(plan.strategies):
        own = range(place * each, (place + 1) * each)
        best = trials[max(own, key=lambda number: (reached[number], -number))].experiment
        strategies.append(Strategy(strategy.name, strategy.experiment.changed(chosen_of(best))))
    return replace(plan, strategies=tuple(strategies))


def chosen_of(experiment: Experiment) -> dict[str, dict[str, float]]:
    """What tuning chooses of an experiment, by family."""
    chosen: dict[str, dict[str, float]] = {"schedule": {RATE: experiment.schedule.learning_rate}}
    if _has_margin(experiment):
        chosen["loss"] = {MARGIN: experiment.loss.described()[MARGIN]}
    return chosen


def _trained(plan: Plan, strategy: Strategy, count: int) -> list[Experiment]:
    split = replace(strategy.experiment.split, validation_share=VALIDATION_SHARE)
    around = [strategy.experiment, *map(strategy.experiment.changed, _draws(strategy.experiment, count - 1))]
    tried = tuple(Strategy(str(number), replace(one, split=split)) for number, one in enumerate(around))
    return [member.experiment for member in Plan(tried, plan.seeds[:1], plan.budget, snapshots=1).members()]


def _draws(experiment: Experiment, count: int) -> list[dict[str, dict[str, float]]]:
    """Learning rates, and margins where the loss has one, drawn evenly on a scale of ratios within their bounds."""
    from scipy.stats import loguniform
    from sklearn.model_selection import ParameterSampler

    own = {RATE: experiment.schedule.learning_rate}
    if _has_margin(experiment):
        own[MARGIN] = float(experiment.loss.described()[MARGIN]) or 0.1
    ranges = {name: loguniform(value / TIMES[name], value * TIMES[name]) for name, value in own.items()}
    drawn: list[dict[str, float]] = list(ParameterSampler(ranges, count, random_state=SEED))
    return [_within(experiment, values) for values in drawn]


def _within(experiment: Experiment, values: dict[str, float]) -> dict[str, dict[str, float]]:
    families: dict[str, Any] = {RATE: ("schedule", experiment.schedule), MARGIN: ("loss", experiment.loss)}
    changes: dict[str, dict[str, float]] = {}
    for name, value in values.items():
        family, part = families[name]
        declared = next(one for one in params_of(part) if one.name == name)
        bounded = min(max(float(f"{value:.3g}"), declared.low or 0.0), declared.high or value)
        changes.setdefault(family, {})[name] = bounded
    return changes


def _untuned(experiment: Experiment) -> Experiment:
    """With one and the same of all that is tuned."""
    changes: dict[str, dict[str, float]] = {"schedule": {RATE: 0.001}}
    if _has_margin(experiment):
        changes["loss"] = {MARGIN: 0.1}
    return experiment.changed(changes)


def _has_margin(experiment: Experiment) -> bool:
    return any(declared.name == MARGIN for declared in params_of(experiment.loss))

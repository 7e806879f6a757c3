"""Which trainings a comparison is made of: each strategy from each seed, and on each fold, with the same budget.

All that is not the strategy is the same: the first weights and the batches of a seed as far as sampler and loss allow,
the held-out samples, and how much is trained, in updates, in samples that the encoder sees or in seconds.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, NamedTuple

import numpy as np

from core.experiment.experiment import FAMILIES, Experiment
from core.experiment.splits import ByIdentity
from core.params import Param, params_of
from core.records.run_record import Origin
from core.samplers import SAMPLERS
from core.samplers.base import Sampler
from core.samplers.expected_batch import Composition

UPDATES, PASSES, SECONDS = "updates", "passes", "seconds"
BUDGETS = (UPDATES, PASSES, SECONDS)
MOST_MEMBERS = 1000
SNAPSHOTS = 12  # of each training, at the same updates for all; its maps take longer than short trainings
MOST = 1e7  # of a budget
MOST_PROBE, FEWEST_PROBE = 10_000, 10
SAMPLES, CLASSES, OF_CLASS = "batch_size", "classes_per_batch", "samples_per_class"  # of a batch, as samplers have them
PAIR = 2  # samples of each class, where a sampler names classes alone


class Budget(NamedTuple):
    """How much each training may use: updates, samples that pass through its encoder, or seconds of updates."""

    kind: str
    amount: float


class Strategy(NamedTuple):
    """What is compared, by a name: a training in full but for its seed, its fold and its budget."""

    name: str
    experiment: Experiment


class Member(NamedTuple):
    """One training of a comparison; with an `origin` it goes on from that checkpoint of another run."""

    strategy: str
    seed: int
    fold: int
    experiment: Experiment
    origin: Origin | None = None

    @property
    def run_id(self) -> str:
        """Of its run."""
        return self.experiment.run_id(self.origin.written() if self.origin else None)


@dataclass(frozen=True)
class Plan:
    """Strategies, by different names, from these seeds, each with this budget; with `folds` every strategy and seed is
    trained as often, each time without the identities of one fold, and 0 is the one split of the strategies.
    Each is looked at `snapshots` times and at its start, where seconds do not end it.

    With an `origin` all of them go on from one checkpoint, and a seed is that of the batches and of what miners draw.
    """

    strategies: tuple[Strategy, ...]
    seeds: tuple[int, ...]
    budget: Budget
    folds: int = 0
    snapshots: int = SNAPSHOTS
    origin: Origin | None = None

    def __post_init__(self) -> None:
        names = [strategy.name for strategy in self.strategies]
        if len(names) < 2 or len(set(names)) < len(names):
            raise ValueError(
                f"a comparison must have two strategies or more, by different names, got {', '.join(names) or 'none'}. "
                "Name another."
            )
        if not self.seeds or len(set(self.seeds)) < len(self.seeds):
            raise ValueError(f"seeds must be different ones, at least one, got {list(self.seeds)}. Give 0, 1, 2 say.")
        described = [json.dumps(one.experiment.used(), sort_keys=True) for one in self.strategies]
        if len(set(described)) < len(described):
            second = next(place for place, one in enumerate(described) if one in described[:place])
            raise ValueError(
                f"strategies must be different trainings, got {names[described.index(described[second])]} and "
                f"{names[second]}, which are the same one. Leave one of them out."
            )
        least = 0.0 if self.budget.kind == SECONDS else 1.0
        if self.budget.kind not in BUDGETS or not least <= self.budget.amount < MOST or not self.budget.amount:
            raise ValueError(
                f"the budget must be at least 1 update, or a number of {', '.join(BUDGETS)}, got "
                f"{self.budget.amount:g} {self.budget.kind}. Give 500 updates say."
            )
        if self.folds == 1 or self.folds < 0:
            raise ValueError(f"folds must be 0 for one split, or 2 and more, got {self.folds}. Give 5 say.")
        if self.folds and self.origin:
            raise ValueError(
                f"forks must keep the split of the run that they start from, got {self.folds} folds, some of whose "
                "held-out samples it was trained on. Compare forks without folds."
            )
        count = len(names) * len(self.seeds) * max(self.folds, 1)
        if count > MOST_MEMBERS:
            raise ValueError(
                f"a comparison must have at most {MOST_MEMBERS:,} trainings, got {count:,}. Take fewer strategies, "
                "seeds or folds."
            )

    def members(self) -> list[Member]:
        """All trainings, those first that make a first comparison complete. Raises ValueError where the budget or
        the folds do not fit a strategy."""
        return [
            Member(strategy.name, seed, fold, self.training(strategy, seed, fold), self.origin)
            for seed in self.seeds
            for fold in range(max(self.folds, 1))
            for strategy in self.strategies
        ]

    def check_folds(self) -> None:
        """Raise ValueError where there are too few classes for so many folds, or where what they leave to train is too
        few for the batches of a strategy. The first fold holds out as many classes as any other, or more."""
        for strategy in self.strategies:
            experiment = self.training(strategy, self.seeds[0])
            labels = experiment.dataset.labels()[experiment.split.split_of(experiment.dataset).training_rows]
            experiment.sampler.check(len(np.unique(labels)), len(labels))

    def training(self, strategy: Strategy, seed: int, fold: int = 0) -> Experiment:
        """One training of a strategy in full. Raises ValueError where the budget or the folds do not fit it."""
        experiment = strategy.experiment
        split = experiment.split
        if self.folds:
            if not isinstance(split, ByIdentity):
                raise ValueError(f"folds must be of a split by identity, got {split.name}. Split so, or without folds.")
            split = replace(split, folds=self.folds, fold=fold)
        labels = experiment.dataset.labels()
        rows = split.split_of(experiment.dataset)
        probe = int(np.clip(len(rows.evaluation_rows), FEWEST_PROBE, MOST_PROBE))
        schedule = replace(
            experiment.schedule,
            seed=seed,
            drawn_apart=True,
            probe_points=probe,
            snapshots=self.snapshots,
            **self._limits(experiment, labels[rows.training_rows]),
        )
        return replace(experiment, split=split, schedule=schedule)

    def _limits(self, experiment: Experiment, labels: np.ndarray) -> dict[str, Any]:
        """Of the schedule, on training samples with these labels."""
        kind, amount = self.budget
        if kind == SECONDS:
            return {"updates": 0, "seconds": float(amount)}
        if kind == UPDATES:
            return {"updates": int(amount), "seconds": 0.0}
        return {"updates": max(round(amount / _batch(experiment, labels).samples), 1), "seconds": 0.0}


def updates_of(experiment: Experiment) -> int:
    """How many updates an experiment makes in its epochs, or its limit where it has one."""
    if experiment.schedule.updates:
        return experiment.schedule.updates
    rows = experiment.split.split_of(experiment.dataset).training_rows
    return experiment.schedule.epochs * _batch(experiment, experiment.dataset.labels()[rows]).batches


def samples_of(experiment: Experiment) -> float:
    """How many samples an update sees, on average."""
    rows = experiment.split.split_of(experiment.dataset).training_rows
    return _batch(experiment, experiment.dataset.labels()[rows]).samples


def along(base: Experiment, axis: str, values: Sequence[str]) -> tuple[Strategy, ...]:
    """The base with each of the members of a family ("miner"), named "random" and so on, or with each value of a
    parameter ("loss.margin"), named "margin 0.2". A loss comes with the distance, miner and sampler that it wants, a
    sampler with batches as large as those of the base.

    Raises ValueError for a family, parameter or value that there is not.
    """
    family, _, parameter = axis.partition(".")
    if family not in FAMILIES:
        raise ValueError(f"the axis must begin with one of {', '.join(FAMILIES)}, got {axis!r}. Choose one of them.")
    said = f"{parameter.replace('_', ' ')} " if parameter else ""
    return tuple(Strategy(f"{said}{value}", _changed(base, family, parameter, value)) for value in values)


def _changed(base: Experiment, family: str, parameter: str, value: str) -> Experiment:
    if parameter:
        declared = _declared(base, family, parameter)
        return base.changed({family: {parameter: declared.parse(f"{family}.{parameter}", value)}})
    if value not in FAMILIES[family]:
        raise ValueError(f"{family} must be one of {', '.join(FAMILIES[family])}, got {value!r}. Choose one of them.")
    if family == "sampler":
        return replace(base, sampler=_as_large(base, SAMPLERS[value]))
    changed = base.changed({family: {"kind": value}})
    if family != "loss":
        return changed
    suited = changed.changed(changed.loss.suits)
    return replace(suited, sampler=_as_large(base, type(suited.sampler)))


def _as_large(base: Experiment, sampler: type[Sampler]) -> Sampler:
    """The base's own sampler, or another whose batches hold as many samples, as far as there are classes for them: it
    would else win by what it sees in as many updates. One that chooses classes has at most half of them at a time, or
    it had nothing to choose."""
    if sampler is type(base.sampler):
        return base.sampler
    labels = base.dataset.labels()[base.split.split_of(base.dataset).training_rows]
    size, declared = round(samples_of(base)), {one.name: one for one in params_of(sampler)}
    each = getattr(base.sampler, OF_CLASS, declared[OF_CLASS].default) if OF_CLASS in declared else PAIR
    most = len(np.unique(labels)) // (2 if sampler.needs_centres else 1)
    sizes = [
        (classes, max(round(size / classes), 1) if OF_CLASS in declared else PAIR) for classes in range(2, most + 1)
    ]
    classes, each = min(sizes, key=lambda of: (abs(of[0] * of[1] - size), abs(of[1] - each)), default=(2, each))
    asked = {SAMPLES: size, CLASSES: classes, OF_CLASS: each}
    known = [declared[name] for name in asked if name in declared]
    return sampler(**{one.name: int(np.clip(asked[one.name], one.low, one.high)) for one in known})


def _declared(base: Experiment, family: str, parameter: str) -> Param:
    part = getattr(base, family)
    for declared in params_of(type(part)):
        if declared.name == parameter:
            return declared
    names = ", ".join(declared.name for declared in params_of(type(part))) or "none"
    raise ValueError(f"{part.name} must have the parameter of the axis, got {parameter!r} beside {names}. Choose one.")


def _batch(experiment: Experiment, labels: np.ndarray) -> Composition:
    counts = np.unique(labels, return_counts=True)[1]
    batch = experiment.sampler.expected_batch(counts)
    assert batch is not None, "every sampler says what a batch of it holds"
    return batch

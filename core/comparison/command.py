"""A comparison as the command line that makes it again: the same trainings, by the ids of their runs."""

from __future__ import annotations

import shlex
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from core.comparison.plan import SNAPSHOTS, Budget, Plan, Strategy, along
from core.comparison.record import Comparison
from core.comparison.searches import RANDOM
from core.comparison.tuning import TIMES
from core.experiment.experiment import FAMILIES, Experiment
from core.experiment.options import DEFAULTS, shortest_words
from core.experiment.splits import ByIdentity
from core.params import params_of

PROGRAM = ("python", "-m", "core", "compare")
AXES = {"miners": "miner", "losses": "loss", "samplers": "sampler", "distances": "distance", "encoders": "encoder"}
"""The options that name the members of a family, each with its family."""
OUT, SLOTS = "--out", "--slots"
FOLDER = "comparison"
PLANNED = ("seed", "drawn_apart", "probe_points", "snapshots", "updates", "seconds")  # of the schedule, by a plan


def asked_by(words: Sequence[str]) -> str:
    """The command that these words were said to, without where its files went and how many were trained at a time."""
    kept, rest = list(PROGRAM), iter(words)
    for word in rest:
        if word in (OUT, SLOTS):
            next(rest, None)
        elif word.partition("=")[0] not in (OUT, SLOTS):
            kept.append(word)
    return shlex.join(kept)


def command_of(comparison: Comparison, experiments: Mapping[str, Experiment], folder: str = FOLDER) -> str:
    """The command that makes a kept comparison again, with `folder` for its files: the one that asked for it, or one
    that asks for the same trainings, which are `experiments` by the ids of their runs.

    Empty where no command does: strategies that differ in more than one thing, seeds that do not count from 0, rates
    that were tuned by nobody knows how many trials, trainings that are gone, or were looked at otherwise; and of forks
    where nobody kept the one that asked for them.
    """
    command = comparison.command or ("" if comparison.start else _derived(comparison, experiments))
    return f"{command} {OUT} {shlex.quote(folder)}" if command else ""


def command_of_forks(plan: Plan, axis: str) -> str:
    """The command that forks a run of the store into the members of a family, "miner" say, as this plan has it; without
    a folder for its files."""
    assert plan.origin is not None, "forks start from somewhere"
    (option,) = (option for option, family in AXES.items() if family == axis)
    start = f"{plan.origin.run}@{plan.origin.epoch:.4f}".rstrip("0").rstrip(".")
    names = ",".join(strategy.name for strategy in plan.strategies)
    budget = f"{plan.budget.amount:.12g} {plan.budget.kind}"
    seeds = str(len(plan.seeds))
    return shlex.join([*PROGRAM, "--from", start, f"--{option}", names, "--seeds", seeds, "--budget", budget])


def command_for(plan: Plan, *, tune: int = 0, tuner: str = RANDOM, halves: bool = False) -> str:
    """The command that carries out a plan, each strategy tuned by so many trials of a tuner and the worse half stopped
    early where that is wished; without a folder for its files. Empty where no command does."""
    if plan.snapshots != SNAPSHOTS or list(plan.seeds) != list(range(len(plan.seeds))):
        return ""
    found = _axis_of([_bare(one.experiment, plan.folds) for one in plan.strategies])
    if found is None or (tune and found[0][1].partition(".")[2] in TIMES):
        return ""
    (axis, base), (unit, amount) = found, plan.budget
    words = [*PROGRAM, *axis, "--seeds", str(len(plan.seeds)), "--budget", f"{amount:.12g} {unit}"]
    words += ["--folds", str(plan.folds)] if plan.folds else []
    words += ["--tune", str(tune)] if tune else []
    words += ["--tuner", tuner] if tune and tuner != RANDOM else []
    words += ["--halve"] if halves else []
    return shlex.join([*words, *shortest_words(base)])


def _derived(comparison: Comparison, experiments: Mapping[str, Experiment]) -> str:
    there = comparison.members.keys() <= experiments.keys()
    if comparison.tuned or comparison.stopped or not comparison.members or not there:
        return ""
    names, ((unit, amount),) = comparison.strategies, comparison.budget.items()
    of_each = [[experiments[run_id] for run_id in comparison.runs_of(name)] for name in names]
    if any(one.schedule.snapshots != SNAPSHOTS for runs in of_each for one in runs):
        return ""
    bare = [{_bare(one, comparison.folds) for one in runs} for runs in of_each]
    if any(len(kinds) > 1 for kinds in bare):
        return ""
    strategies = tuple(Strategy(name, next(iter(kinds))) for name, kinds in zip(names, bare, strict=True))
    return command_for(Plan(strategies, tuple(comparison.seeds), Budget(unit, amount), comparison.folds))


def _bare(experiment: Experiment, folds: int) -> Experiment:
    """Without what a plan sets for each training (`Plan.members`)."""
    usual = {name: getattr(DEFAULTS.schedule, name) for name in PLANNED}
    split = experiment.split
    if folds and isinstance(split, ByIdentity):
        split = replace(split, folds=0, fold=0)
    return replace(experiment, schedule=replace(experiment.schedule, **usual), split=split)


def _axis_of(strategies: Sequence[Experiment]) -> tuple[list[str], Experiment] | None:
    """The words that name what is compared, and what they change: of all that gives these strategies the shortest."""
    wanted = [one.used() for one in strategies]
    for axis, values in _axes(strategies):
        found = [
            base
            for base in _bases(strategies, axis)
            if [_bare(one.experiment, 0).used() for one in along(base, axis, values)] == wanted
        ]
        if found:
            option = next((option for option, family in AXES.items() if family == axis), "")
            named = ",".join(values)
            words = [f"--{option}", named] if option else ["--axis", axis, "--values", named]
            return words, min(found, key=lambda base: len(shortest_words(base)))
    return None


def _axes(strategies: Sequence[Experiment]) -> Iterator[tuple[str, list[str]]]:
    """Families, and then parameters, in which all strategies differ, each with the values."""
    families = [family for family in FAMILIES if len(FAMILIES[family]) > 1]
    for family in sorted(families, key=lambda family: family != "loss"):  # which brings others of its own
        values = [getattr(one, family).name for one in strategies]
        if _are_different(values):
            yield family, values
    for family in FAMILIES:
        parts = [getattr(one, family) for one in strategies]
        if len({part.name for part in parts}) == 1:
            for declared in params_of(parts[0]):
                values = [_spelled(getattr(part, declared.name)) for part in parts]
                if _are_different(values):
                    yield f"{family}.{declared.name}", values


def _are_different(values: Sequence[str]) -> bool:
    """And can stand with commas between them."""
    return len(set(values)) == len(values) and not any("," in value or not value.strip() for value in values)


def _spelled(value: object) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def _bases(strategies: Sequence[Experiment], axis: str) -> list[Experiment]:
    """What the strategies may be changes of: of what all have, with what there is without a word where they differ; or
    of one of them."""
    family, _, parameter = axis.partition(".")
    first, usual = strategies[0], Experiment.suited(DEFAULTS.loss)
    if parameter:
        part = getattr(first, family)
        default = next(declared.default for declared in params_of(part) if declared.name == parameter)
        return [replace(first, **{family: replace(part, **{parameter: default})}), *strategies]
    differing = {name for name in FAMILIES if len({getattr(one, name) for one in strategies}) > 1}
    return [replace(first, **{name: getattr(usual, name) for name in differing}), *strategies]

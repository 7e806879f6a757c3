"""What a kept comparison has found so far, gathered from the store: for whatever takes it home."""

from __future__ import annotations

import json
import shlex
from collections.abc import Collection, Mapping
from pathlib import Path

from core.comparison.command import command_of
from core.comparison.differences import Trainings
from core.comparison.record import COMPARISON_ID, Comparison, all_kept, kept
from core.comparison.results import Results, Training, by_strategy, differences_of, levels_of
from core.experiment.experiment import Experiment, differences
from core.jobs.measure_reached import measured
from core.records.run_record import Origin
from core.runs.run_folder import Run
from core.system.locations import store_root

TUNE = "--tune"  # of `python -m core compare`, before the number of trials
TUNER = "--tuner"  # before what chose them
TOLD = "comparison.json"  # that `python -m core compare` writes beside the runs


def gathered(
    root: Path,
    comparison: Comparison,
    reached: Mapping[str, Trainings] | None = None,
    *,
    among: Collection[str] | None = None,
) -> Results:
    """Of the store at `root`: what its finished trainings have reached, which is measured where `reached` does not say
    it. Only those `among` these runs count, where they are given, and none of a strategy that was stopped early, as
    another comparison may have trained it. Raises ValueError where no two strategies are trained from one seed."""
    counted = [run_id for run_id in _going(comparison) if among is None or run_id in among]
    finished = {run_id: Run(_folder(root, run_id)) for run_id in counted if _is_finished(root, run_id)}
    folds = comparison.folds
    if reached is None:
        found = [(*_who(comparison, run_id), measured(root, run)) for run_id, run in finished.items()]
        reached = by_strategy(found, folds)
    reached = {name: by_seed for name, by_seed in reached.items() if name not in comparison.stopped}
    if len(reached) < 2 or not set.intersection(*(set(by_seed) for by_seed in reached.values())):
        raise ValueError(
            f"a comparison must have two strategies that are trained from one seed, got {len(reached)} of "
            f"{len(comparison.strategies)} with their numbers. Wait until they are trained."
        )
    experiments = {run_id: run.experiment() for run_id, run in finished.items()}
    trainings = [_training(comparison, run_id, run) for run_id, run in finished.items()]
    return Results(
        title=comparison.title,
        created=comparison.created,
        levels=levels_of(reached),
        differences=differences_of(reached),
        budget=comparison.budget,
        seeds=sorted({seed for by_seed in reached.values() for seed in by_seed}),
        folds=folds,
        trainings=sorted(
            trainings, key=lambda one: (comparison.strategies.index(one.strategy), one.seed, one.fold or 0)
        ),
        facts=_facts(comparison, finished, experiments),
        tuned=comparison.tuned,
        command=command_of(comparison, experiments),
        asked=comparison.strategies,
    )


def comparison_named(named: str) -> tuple[Path, Comparison]:
    """The store and the comparison in it, of the folder of a comparison or of an id in the store. Raises ValueError
    where there is none, and where a folder has several and does not say which."""
    folder = Path(named)
    found = kept(store_root(), named) if COMPARISON_ID.fullmatch(named) else None
    if found is not None:
        return store_root(), found
    there = all_kept(folder)
    if len(there) > 1 and (runs := _last_runs(folder)):
        there = [one for one in there if set(one.members) == runs]
    if len(there) != 1:
        raise ValueError(
            "there must be the folder of a comparison, or the id of one in the store, got "
            f"{len(there) or 'none'} at {named!r}. Check the name."
        )
    return folder, there[0]


def _last_runs(folder: Path) -> set[str]:
    """Those of the comparison that was told last there."""
    try:
        return set(json.loads((folder / TOLD).read_text())["runs"])
    except (OSError, ValueError, KeyError, TypeError):
        return set()


def _going(comparison: Comparison) -> list[str]:
    """The runs of all strategies that were not stopped early."""
    return [run_id for run_id, (name, _, _) in comparison.members.items() if name not in comparison.stopped]


def _folder(root: Path, run_id: str) -> Path:
    return root / "runs" / run_id


def _is_finished(root: Path, run_id: str) -> bool:
    folder = _folder(root, run_id)
    return (folder / "run.json").exists() and (folder / "result.json").exists()


def _who(comparison: Comparison, run_id: str) -> tuple[str, int]:
    strategy, seed, _ = comparison.members[run_id]
    return str(strategy), int(seed)


def _training(comparison: Comparison, run_id: str, run: Run) -> Training:
    strategy, seed, fold = comparison.members[run_id]
    shown = int(fold) if comparison.folds else None
    return Training(str(strategy), int(seed), shown, run_id, run.record().experiment, run.snapshots())


def _facts(
    comparison: Comparison, finished: Mapping[str, Run], experiments: Mapping[str, Experiment]
) -> dict[str, str]:
    """Data, protocol, budget, seeds, and the settings that strategies have of their own."""
    first = next(iter(finished))
    data, ((unit, amount),) = finished[first].record().known_data, comparison.budget.items()
    each = {
        name: next(one for one in comparison.runs_of(name) if one in finished) for name in _there(comparison, finished)
    }
    folds = f", {comparison.folds} folds, each held out once" if comparison.folds else ""
    classes = f" of {data.evaluation_classes:,} identities" if data.evaluation_classes else ""
    trainings = len(_going(comparison))
    facts = {
        "Data": experiments[first].dataset.title,
        "Held out": f"{data.protocol}: {data.evaluation_count:,} samples{classes}{folds}",
        "Trained on": f"{data.training_count:,} samples",
        "Budget": f"{amount:,.12g} {'samples through the encoder' if unit == 'passes' else unit} for each training",
        **_beginning(comparison),
        "Seeds": ", ".join(map(str, comparison.seeds)),
        "Trainings": f"{trainings}" if len(finished) == trainings else f"{len(finished)} of {trainings} finished",
    }
    for strategy, share in comparison.stopped.items():
        facts[f"Stopped early: {strategy}"] = f"after {share:.0%} of its updates, so nothing is said of it"
    own = differences([experiments[run_id] for run_id in each.values()])
    for setting, values in own.items():
        told = "; ".join(f"{name}: {'–' if value is None else value}" for name, value in zip(each, values, strict=True))
        facts[f"Setting: {setting}"] = told
    return facts


def _beginning(comparison: Comparison) -> dict[str, str]:
    """Where it is so, the checkpoint that all start from, and by how many trials each was tuned."""
    facts = {}
    if comparison.start:
        start = Origin.read(comparison.start)
        facts["Starts from"] = f"{start.title}, after {start.epoch:.4g} epochs ({start.step:,} updates)"
    if trials := _trials_each(comparison):
        facts["Tuned by"] = f"{trials} trials each{_tuner(comparison)}"
    return facts


def _trials_each(comparison: Comparison) -> int:
    """As many as the store keeps, and else as its command asks for; 0 where nobody knows."""
    if comparison.trials:
        return len(comparison.trials) // len(comparison.strategies)
    words = shlex.split(comparison.command)
    return int(words[words.index(TUNE) + 1]) if TUNE in words[:-1] else 0


def _tuner(comparison: Comparison) -> str:
    """What chose the trials, where its command names it."""
    words = shlex.split(comparison.command)
    return f", chosen by {words[words.index(TUNER) + 1]}" if TUNER in words[:-1] else ""


def _there(comparison: Comparison, finished: Mapping[str, Run]) -> list[str]:
    return [name for name in comparison.strategies if any(one in finished for one in comparison.runs_of(name))]

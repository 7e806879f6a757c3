"""A comparison as files to take home."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from pathlib import Path
from typing import Any

from core.comparison.record import Comparison
from core.comparison.results import Results, Training
from core.experiment.experiment import Experiment, differences
from core.handover.comparison_figures import write_figures
from core.handover.comparison_report import report
from core.handover.comparison_tables import write_csv, write_parquet
from core.handover.mlflow_runs import write_mlflow
from core.handover.optional_packages import check_installed, mlflow_python
from core.jobs.comparison_results import gathered
from core.records.step import Step
from core.runs.run_folder import Run
from core.system.atomic_files import write_bytes

REPORT = "report.html"
LONGEST_NAME = 80  # of a folder


def export_comparison(
    root: Path,
    comparison: Comparison,
    kind: str,
    out: str,
    said: Callable[[str], None] = lambda what: None,
    among: Collection[str] | None = None,
) -> str | None:
    """Write a kind (`COMPARISON_KINDS`) of what the comparison has found so far in the store at `root`, of all of its
    runs or of those `among` these; `out` is a folder that is there, of `mlflow` any folder or a URI, and then the id of
    MLflow's run is given back.

    Raises ValueError where no two strategies can be compared yet, and where a package is missing.
    """
    said("gathering what each training has reached")
    results = gathered(root, comparison, among=among)
    said(f"writing {kind}")
    return COMPARISON_KINDS[kind](root, results, out)


def check_can_be_written(kind: str) -> None:
    """Raise ValueError, without loading anything, where this machine lacks what a kind needs."""
    if kind == "events":
        check_installed("event files", "tensorboard")
    elif kind == "mlflow":
        mlflow_python()


def write_files(folder: Path, results: Results) -> None:
    """All that needs no other package: tables as CSV and as Parquet, figures, and the page."""
    write_csv(folder, results)
    write_parquet(folder, results)
    write_figures(folder, results)
    write_bytes(folder / REPORT, report(results).encode())


def write_sweep_events(root: Path, folder: Path, results: Results) -> None:
    """Event files in a folder for each training, strategy/seed; the HParams view knows them by strategy, seed, fold
    and the settings in which they differ."""
    from core.handover.event_files import write_events

    check_installed("event files", "tensorboard")
    trainings, names = results.trainings, folder_names(results.strategies)
    compared = hparams_of(trainings)
    for place, one in enumerate(trainings):
        own = {key: (values[place], *values) for key, values in compared.items()}
        path = f"{names[one.strategy]}/{one.name.replace(', ', '-').replace(' ', '-')}"
        write_events(folder, path, one.settings, _updates(root, one.run), one.snapshots, own)


def hparams_of(trainings: Sequence[Training]) -> dict[str, list[Any]]:
    """By name one value for each training: its strategy, seed and fold, and each setting that is not the same in all;
    where one has no such setting its value is empty."""
    which: dict[str, list[Any]] = {
        "strategy": [one.strategy for one in trainings],
        "seed": [one.seed for one in trainings],
    }
    if any(one.fold is not None for one in trainings):
        which["fold"] = [one.fold for one in trainings]
    apart = differences([Experiment.from_described(one.settings) for one in trainings])
    own = {name.replace(" ", "_"): _of_one_kind(values) for name, values in apart.items() if name != "schedule seed"}
    return which | {name: values for name, values in own.items() if name not in ("split_fold",)}


def folder_names(strategies: Sequence[str]) -> dict[str, str]:
    """Of each strategy a folder, by its name as far as every disk takes it, and no two the same."""
    names: dict[str, str] = {}
    for strategy in strategies:
        plain = "".join(letter if letter.isalnum() or letter in "-_.+ " else "_" for letter in strategy)
        plain = plain.strip(" .")[:LONGEST_NAME] or "strategy"
        taken = {name.lower() for name in names.values()}
        number = next(
            n for n in range(1, len(strategies) + 2) if (f"{plain}-{n}" if n > 1 else plain).lower() not in taken
        )
        names[strategy] = f"{plain}-{number}" if number > 1 else plain
    return names


def _updates(root: Path, run_id: str) -> Sequence[Step]:
    return Run(root / "runs" / run_id).steps()


def _of_one_kind(values: Sequence[Any]) -> list[Any]:
    """As they are where all are numbers, or all truths, else as texts: TensorBoard wants one kind."""
    kinds = {type(value) for value in values}
    if kinds <= {int, float} or kinds == {bool}:
        return list(values)
    return ["" if value is None else str(value) for value in values]


COMPARISON_KINDS: Mapping[str, Callable[[Path, Results, str], str | None]] = {
    "files": lambda root, results, out: write_files(Path(out), results),
    "csv": lambda root, results, out: write_csv(Path(out), results),
    "parquet": lambda root, results, out: write_parquet(Path(out), results),
    "figures": lambda root, results, out: write_figures(Path(out), results),
    "html": lambda root, results, out: write_bytes(Path(out) / REPORT, report(results).encode()),
    "events": lambda root, results, out: write_sweep_events(root, Path(out), results),
    "mlflow": lambda root, results, out: write_mlflow(out, results, lambda run_id: _updates(root, run_id)),
}
"""What a comparison can be taken home as, and what writes it."""

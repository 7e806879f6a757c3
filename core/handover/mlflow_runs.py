"""A comparison for MLflow: a run for all of it, and one nested in it for each training, with settings, curves by update
and tags."""

from __future__ import annotations

import json
import subprocess
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

from core.comparison.results import Results, Training
from core.handover import mlflow_writer
from core.handover.comparison_figures import write_figures
from core.handover.comparison_report import report
from core.handover.comparison_tables import OF_SNAPSHOTS, write_csv
from core.handover.event_files import OF_UPDATES
from core.handover.optional_packages import mlflow_python
from core.records.fields import JsonObject
from core.records.step import Step
from core.system.atomic_files import write_bytes

EXPERIMENT = "Metric Lab"
LONGEST = 500  # letters of a setting, of which MLflow takes 6,000 and a page shows fewer
SECONDS = 1800.0
Updates = Callable[[str], Sequence[Step]]


def write_mlflow(store: str, results: Results, updates: Updates) -> str:
    """Into the tracking store of a URI, or of a folder; the id of the run of the comparison. `updates` gives those of a
    run by its id. Raises ValueError where MLflow is not installed, and where it refuses, with what it says."""
    python = mlflow_python()
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        write_csv(folder, results)
        write_figures(folder, results)
        write_bytes(folder / "report.html", report(results).encode())
        told = runs_of(results, updates) | {"artifacts": sorted(str(file) for file in folder.iterdir())}
        (folder / "runs.json").write_text(json.dumps(told), encoding="utf-8")
        command = [python, "-I", str(Path(mlflow_writer.__file__)), str(folder / "runs.json"), store]
        done = subprocess.run(command, capture_output=True, text=True, timeout=SECONDS, check=False)
    if done.returncode:
        last = (done.stderr.strip().splitlines() or ["no word"])[-1]
        raise ValueError(f"MLflow must take the runs into {store}, got {last[:300]} Check the store and its MLflow.")
    return done.stdout.split()[-1]


def runs_of(results: Results, updates: Updates) -> JsonObject:
    """What mlflow_writer.py takes, but for the files that go along."""
    start = round(datetime.fromisoformat(results.created).timestamp() * 1000)
    levels = results.levels.items()
    ends = [
        [f"{key}.{_key(name)}.{end}", value, start, 0]
        for name, own in levels
        for key, of in own.items()
        for end, value in (("value", of.value), ("low", of.low), ("high", of.high))
        if abs(value) < float("inf")
    ]
    unit, amount = next(iter(results.budget.items()))
    params = {"strategies": ", ".join(results.strategies), "budget": f"{amount:.12g} {unit}"}
    params |= {"seeds": ", ".join(map(str, results.seeds)), "folds": str(results.folds)}
    return {
        "experiment": EXPERIMENT,
        "title": results.title[:250],
        "tags": {"kind": "comparison", "command": results.command},
        "params": _short(params | {f"about.{_key(name)}": value for name, value in results.facts.items()}),
        "metrics": ends,
        "runs": [_training(one, updates(one.run), start) for one in results.trainings],
    }


def _training(one: Training, updates: Sequence[Step], start: int) -> JsonObject:
    fold = {} if one.fold is None else {"fold": str(one.fold)}
    which = {"strategy": one.strategy, "seed": str(one.seed), **fold}
    settings = {f"{family}.{name}": str(value) for family, of in one.settings.items() for name, value in of.items()}
    return {
        "name": f"{one.strategy}, {one.name}"[:250],
        "tags": {"kind": "training", "run": one.run, **which},
        "params": _short(which | settings),
        "metrics": [*_of_updates(updates, start), *_of_snapshots(one, start)],
    }


def _of_updates(updates: Sequence[Step], start: int) -> Iterator[list[Any]]:
    seconds = 0.0
    for step in updates:
        seconds += step.seconds
        for key in OF_UPDATES:
            yield [f"update/{key}", getattr(step, key), start + round(1000 * seconds), step.step]


def _of_snapshots(one: Training, start: int) -> Iterator[list[Any]]:
    for at in one.snapshots:
        for column in OF_SNAPSHOTS:
            if (value := getattr(at, column.name)) is not None:
                yield [f"held-out/{column.name}", float(value), start + round(1000 * at.seconds), at.step]


def _short(params: Mapping[str, str]) -> dict[str, str]:
    return {key: value[:LONGEST] for key, value in params.items()}


def _key(name: str) -> str:
    """A name in letters that MLflow takes in a key."""
    return "".join(letter if letter.isascii() and (letter.isalnum() or letter in "_-. /") else "_" for letter in name)

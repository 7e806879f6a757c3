"""A job in parts for the engine's tests: it adds up squares, one a part, and leaves a line for all that is done."""

from __future__ import annotations

import json
import os
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import numpy as np

from core.runs.parts import clear, keep, missing, results, spread

TICK = 0.02


def total(
    folder: Path,
    experiment: Mapping[str, Any],
    *,
    device: str,
    report: Callable,
    wanted: Callable[[], str],
    part: str = "",
) -> str:
    """The sum of the squares of 0 to `parts` - 1; files `begun`, `made` and `gathered` tell what was done by whom."""
    if part:
        return make(folder, experiment, part, report, wanted)
    spread(folder, [str(number) for number in range(experiment["parts"])])
    tell(folder, experiment, report)
    if missing(folder):
        return "parts"
    write_line(folder / "gathered", str(os.getpid()))
    found = sum(int(arrays["value"]) for arrays in results(folder))
    (folder / "result.json").write_text(json.dumps({"total": found}))
    clear(folder)
    return "finished"


def make(folder: Path, experiment: Mapping[str, Any], part: str, report: Callable, wanted: Callable[[], str]) -> str:
    """A part that is `held` waits for a file `go-<part>` or `go`; `together` parts wait until as many have begun."""
    write_line(folder / "begun", f"{part}:{os.getpid()}")
    while not may_go(folder, experiment, part):
        if wanted() != "run":
            return "paused" if wanted() == "pause" else "stopped"
        time.sleep(TICK)
    if experiment.get("fault") == part:
        raise ValueError("margin must be above 0, got -1. Take 0.2.")
    keep(folder, part, {"value": np.array(int(part) ** 2)})
    write_line(folder / "made", part)
    tell(folder, experiment, report)
    return "finished"


def may_go(folder: Path, experiment: Mapping[str, Any], part: str) -> bool:
    if len((folder / "begun").read_text().split()) < experiment.get("together", 1):
        return False
    return part not in experiment.get("held", []) or any((folder / name).exists() for name in ("go", f"go-{part}"))


def tell(folder: Path, experiment: Mapping[str, Any], report: Callable) -> None:
    kept = experiment["parts"] - len(missing(folder))
    report({"epoch": kept, "epochs": experiment["parts"], "step": 0, "seconds": 0.0})


def write_line(path: Path, line: str) -> None:
    with path.open("a") as file:
        file.write(f"{line}\n")

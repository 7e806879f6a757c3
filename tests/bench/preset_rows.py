"""What the first two presets reach on held-out samples beside raw pixels, how long they take, how often maps move."""

from __future__ import annotations

import shlex
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from core.arguments import command_line
from core.datasets.strokes import Strokes
from core.experiment import Experiment
from core.presets import PRESETS
from core.runs import Run
from core.samplers import PByK
from core.schedule import Schedule

# 5,000 points on the map, and as many images to learn from as fill an epoch of some seconds.
LARGE = Experiment(
    dataset=Strokes(identities=650),
    sampler=PByK(classes_per_batch=20, samples_per_class=8),
    schedule=Schedule(epochs=10, probe_points=5000, maps_per_epoch=8),
)
LOOK_EVERY = 0.05  # seconds
# How long a preset may take, with everything from the start of the process.
SECONDS = {"digits": 30.0, "fashion": 120.0}


def rows() -> list[dict[str, Any]]:
    with tempfile.TemporaryDirectory() as folder:
        found = [row for preset in SECONDS for row in _rows_of(preset, Path(folder) / preset)]
        run, _, rate = _trained(LARGE, Path(folder) / "large")
        points = run.description()["data"]["probe_count"]
        return [*found, _row(f"maps a second at {points:,} points", rate, "1/s", 1.0, "asked", rate, ">= 1")]


def _rows_of(preset: str, folder: Path) -> list[dict[str, Any]]:
    run, seconds, rate = _trained(PRESETS[preset].experiment, folder)
    result, allowed = run.result(), SECONDS[preset]
    raw = result["baselines"]["raw pixels"]
    recall, precision = result["recall_at_1"], result["map_at_r"]
    gain = recall - raw["recall_at_1"]
    beside = f"asked (raw pixels {raw['recall_at_1']:.3f})"
    rows = [
        _row(f"{preset}: whole run", seconds, "s", allowed, "allowed", seconds / allowed, "<= 1"),
        _row(f"{preset}: maps a second", rate, "1/s", 2.0, "asked", rate / 2, ">= 1"),
    ]
    if preset == "digits":
        rows.append(_row("digits: Recall@1", recall, "", 0.98, beside, recall / 0.98, "> 1"))
        name = f"asked (raw pixels {raw['map_at_r']:.3f})"
        return [*rows, _row("digits: MAP@R", precision, "", 0.90, name, precision / 0.90, "> 1")]
    rows.append(_row(f"{preset}: Recall@1 gained", gain, "", 0.05, beside, gain / 0.05, ">= 1"))
    name, ratio = "raw pixels", precision / raw["map_at_r"]
    return [*rows, _row(f"{preset}: MAP@R", precision, "", raw["map_at_r"], name, ratio, ">= 1.8")]


def _trained(experiment: Experiment, folder: Path) -> tuple[Run, float, float]:
    """The run as the command line makes it, the seconds that the whole command took, and the maps a second.

    Those are counted from the first map seen to the last, training going on meanwhile, as a page would see them come.
    """
    words = shlex.split(command_line(experiment))[1:]
    run, seen, started = Run(folder), [(0, 0.0)], time.monotonic()
    with subprocess.Popen([sys.executable, *words, "--out", str(folder)], stdout=subprocess.DEVNULL) as command:
        while command.poll() is None:
            count = len(run.maps())
            if count > seen[-1][0]:
                seen.append((count, time.monotonic()))
            time.sleep(LOOK_EVERY)
    seconds = time.monotonic() - started
    if command.returncode:
        raise subprocess.CalledProcessError(command.returncode, command.args)
    (first, begun), (last, ended) = seen[1], seen[-1]
    return run, seconds, (last - first) / (ended - begun)


def _row(what: str, ours: float, unit: str, peer: float, peer_name: str, ratio: float, bar: str) -> dict[str, Any]:
    sign, limit = bar.split()
    holds = {"<=": ratio <= float(limit), ">=": ratio >= float(limit), ">": ratio > float(limit)}[sign]
    return {
        "what": what,
        "ours": ours,
        "unit": unit,
        "peer": peer,
        "peer_name": peer_name,
        "ratio": ratio,
        "bar": bar,
        "holds": holds,
    }

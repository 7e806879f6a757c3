"""What presets reach on held-out samples beside what costs no training, how long they take, how often maps move.

What a training reaches leans on luck: the same seed gives another gain on another processor, through the last bits. So
bars on results hold as the mean over five seeds, and the worst of them is told beside it.
"""

from __future__ import annotations

import multiprocessing
import os
import shlex
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import replace
from pathlib import Path
from statistics import mean
from typing import Any

from core.datasets.strokes import Strokes
from core.experiment.experiment import Experiment
from core.experiment.options import command_line
from core.experiment.presets import PRESETS
from core.experiment.schedule import Schedule
from core.makers.trained_numbers import trained_numbers
from core.runs.run_folder import Run
from core.samplers import PByK

# 5,000 points on the map, and as many images to learn from as fill an epoch of some seconds.
LARGE = Experiment(
    dataset=Strokes(identities=650),
    sampler=PByK(classes_per_batch=20, samples_per_class=8),
    schedule=Schedule(epochs=10, probe_points=5000, maps_per_epoch=8),
)
LOOK_EVERY = 0.05  # seconds
# How long a preset may take, with everything from the start of the process.
SECONDS = {"digits": 30.0, "fashion": 120.0, "pictograms": 120.0, "faces": 60.0}
SEEDS = range(5)

Row = dict[str, Any]


def rows() -> list[Row]:
    with tempfile.TemporaryDirectory() as folder:
        found = [row for preset in SECONDS for row in _rows_of(preset, Path(folder) / preset)]
        run, _, rate = _trained(LARGE, Path(folder) / "large")
        points = run.record().known_data.probe_count
        return [*found, _row(f"maps a second at {points:,} points", rate, "1/s", 1.0, "asked", rate, ">= 1")]


def _rows_of(preset: str, folder: Path) -> list[Row]:
    _, seconds, rate = _trained(PRESETS[preset].experiment, folder)
    allowed = SECONDS[preset]
    return [
        _row(f"{preset}: whole run", seconds, "s", allowed, "allowed", seconds / allowed, "<= 1"),
        _row(f"{preset}: maps a second", rate, "1/s", 2.0, "asked", rate / 2, ">= 1"),
        *quality_rows(preset, _over_seeds(PRESETS[preset].experiment)),
    ]


def _over_seeds(experiment: Experiment) -> list[Row]:
    """What the experiment reaches from each seed, beside what costs no training on the same held-out samples."""
    os.environ["OMP_NUM_THREADS"] = "1"
    with ProcessPoolExecutor(os.cpu_count(), multiprocessing.get_context("spawn")) as pool:
        seeded = [replace(experiment, schedule=replace(experiment.schedule, seed=seed)) for seed in SEEDS]
        return list(pool.map(trained_numbers, seeded))


def quality_rows(preset: str, results: Sequence[Mapping[str, Any]]) -> list[Row]:
    """The bars on what a preset reaches, as the mean over its seeds."""

    def beside(name: str, key: str) -> float:
        return mean(result["baselines"][name][key] for result in results)

    recalls, precisions = ([result[key] for result in results] for key in ("recall_at_1", "map_at_r"))
    raw_recall, raw_precision = (beside("raw pixels", key) for key in ("recall_at_1", "map_at_r"))
    gain = _mean_row(f"{preset}: MAP@R", precisions, raw_precision, "raw pixels", ">= 1.8")
    if preset == "digits":
        return [
            _mean_row("digits: Recall@1", recalls, 0.98, f"asked (raw pixels {raw_recall:.3f})", "> 1"),
            _mean_row("digits: MAP@R", precisions, 0.90, f"asked (raw pixels {raw_precision:.3f})", "> 1"),
        ]
    if preset == "pictograms":
        return [gain, _mean_row(f"{preset}: MAP@R", precisions, beside("PCA", "map_at_r"), "PCA", ">= 1.5")]
    if preset == "faces":
        gains = [precision - raw_precision for precision in precisions]
        return [
            _mean_row("faces: MAP@R gained", gains, 0.10, f"asked (raw pixels {raw_precision:.3f})", ">= 1"),
            _mean_row("faces: EER", [result["eer"] for result in results], 0.10, "allowed", "<= 1", worst=max),
        ]
    gains = [recall - raw_recall for recall in recalls]
    return [
        _mean_row(f"{preset}: Recall@1 gained", gains, 0.05, f"asked (raw pixels {raw_recall:.3f})", ">= 1"),
        gain,
    ]


def _mean_row(
    what: str,
    values: Sequence[float],
    peer: float,
    peer_name: str,
    bar: str,
    worst: Callable[[Sequence[float]], float] = min,
) -> Row:
    """A mean over seeds with the worst of them, which is told and not judged."""
    told = f"{what}, mean of {len(values)} seeds, worst {worst(values):.4f}"
    return _row(told, mean(values), "", peer, peer_name, mean(values) / peer, bar)


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

"""Whether the collapse alarm stays silent on every preset over five seeds, and rings on a training that collapses."""

from __future__ import annotations

import multiprocessing
import os
from concurrent.futures import ProcessPoolExecutor
from dataclasses import replace
from typing import Any

from core.experiment.experiment import Experiment
from core.experiment.presets import DIGITS, PRESETS
from core.miners import BatchHard
from tests.bench.alarm_sides import alarms

SEEDS = range(5)
ABSURD = replace(DIGITS, miner=BatchHard(), schedule=replace(DIGITS.schedule, learning_rate=1.0, epochs=1))


def rows() -> list[dict[str, Any]]:
    os.environ["OMP_NUM_THREADS"] = "1"
    with ProcessPoolExecutor(os.cpu_count(), multiprocessing.get_context("spawn")) as pool:
        healthy = {
            name: [pool.submit(alarms, _seeded(preset.experiment, seed)) for seed in SEEDS]
            for name, preset in PRESETS.items()
        }
        absurd = [pool.submit(alarms, _seeded(ABSURD, seed)) for seed in SEEDS]
        found = [
            _row(
                f"{name}: snapshots with an alarm, {len(SEEDS)} seeds",
                sum(run.result()[0] for run in runs),
                sum(run.result()[1] for run in runs),
                wants_alarm=False,
            )
            for name, runs in healthy.items()
        ]
        rung = sum(run.result()[0] > 0 for run in absurd)
        return [*found, _row("batch-hard at a rate of 1: alarm in the first epoch", rung, len(SEEDS), wants_alarm=True)]


def _seeded(experiment: Experiment, seed: int) -> Experiment:
    return replace(experiment, schedule=replace(experiment.schedule, seed=seed))


def _row(what: str, ours: int, whole: int, *, wants_alarm: bool) -> dict[str, Any]:
    return {
        "what": what,
        "ours": ours,
        "unit": None,
        "peer": whole,
        "peer_name": "in all",
        "ratio": ours / whole,
        "bar": "= 1" if wants_alarm else "= 0",
        "holds": ours == (whole if wants_alarm else 0),
    }

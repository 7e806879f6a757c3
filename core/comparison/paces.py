"""About how long a training takes and how much room: what is said before many are started.

assets/paces.json holds what a thousand samples through the encoder and back cost, and a thousand held-out samples of a
snapshot with its statistics and map, on one core of one machine: `python -m core.makers.paces assets/paces.json`. Other
machines differ, so a store that has trained before says by how much (`pace_here`).
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from functools import cache
from math import exp, log
from statistics import median
from typing import NamedTuple

from core.comparison.plan import samples_of, updates_of
from core.experiment.experiment import Experiment
from core.system.locations import ASSETS

FILE = ASSETS / "paces.json"
EARLY_LOOKS = 6  # snapshots of a first epoch beside its end, about
OF_A_POINT, OF_A_SNAPSHOT = 2_300, 170  # bytes beside the embedding: once, and in each snapshot
OF_A_RUN = 5_000_000  # bytes: four checkpoints of a compact encoder, and what else there is once


class Work(NamedTuple):
    """Seconds on the machine of the paces, and bytes."""

    seconds: float
    bytes: float


def work_of(experiment: Experiment) -> Work | None:
    """What its training does; None where nothing was measured that is like it."""
    pace = paces().get(pace_name(experiment))
    if pace is None:
        return None
    points = min(experiment.schedule.probe_points, len(experiment.split.split_of(experiment.dataset).evaluation_rows))
    looks = _looks(experiment)
    kept = OF_A_RUN + points * (OF_A_POINT + looks * (OF_A_SNAPSHOT + 4 * experiment.encoder.dimension))
    trained = updates_of(experiment) * samples_of(experiment) / 1000 * pace["samples"]
    return Work(trained + looks * points / 1000 * pace["points"], kept)


def pace_here(earlier: Iterable[tuple[Work, float]]) -> float:
    """How many times as long trainings take here, by the work of earlier ones and the seconds they took; 1 where there
    are none."""
    times = [log(seconds / work.seconds) for work, seconds in earlier if seconds > 0 and work.seconds > 0]
    return exp(median(times)) if times else 1.0


def pace_name(experiment: Experiment) -> str:
    """Of the pace that is its own."""
    return f"{experiment.dataset.name} {experiment.encoder.name}"


@cache
def paces() -> dict[str, dict[str, float]]:
    """Seconds of a thousand samples and of a thousand points, by data set and encoder."""
    return json.loads(FILE.read_text(encoding="utf-8"))


def _looks(experiment: Experiment) -> int:
    schedule = experiment.schedule
    if schedule.snapshots:
        return schedule.snapshots + 1
    return schedule.epochs * schedule.snapshots_per_epoch + EARLY_LOOKS

"""Embeddings of so many points that the engine measures them in parts, in as many workers as are free.

Every part is one of the blocks of core/measurement/measurement.py; the last worker adds them up. There is no map of so
many points.
"""

from __future__ import annotations

from collections.abc import Callable

from core.measurement.measurement import Block, Measurement
from core.records.messages import Report, stage
from core.runs.parts import clear, keep, missing, results, spread
from core.runs.run_folder import Run

KEPT = 2  # the second way in which parts keep what they found


def name_of(start: int, stop: int) -> str:
    """Of the part of these rows, as this version keeps it: what another has kept is not taken for it."""
    return f"{KEPT}-{start}-{stop}"


def measure_in_parts(
    run: Run,
    work: Measurement,
    part: str,
    *,
    report: Report,
    finish: Callable[[Block], None],
) -> str:
    """The job of a worker: one part where it is named; otherwise "parts" until all are kept, then `finish` is given
    what all of them have found together."""
    ranges = {name_of(*rows): rows for rows in work.prepared.ranges()}
    if part:
        keep(run.folder, part, work.block(ranges[part]).arrays())
    else:
        spread(run.folder, list(ranges))
    absent = missing(run.folder)
    kept = len(ranges) - len(absent)
    report(stage(kept, len(ranges) + 1))
    if part:
        return "finished"
    if absent:
        return "parts"
    finish(work.together(map(work.from_arrays, ranges.values(), results(run.folder))))
    clear(run.folder)
    report(stage(kept + 1, kept + 1))
    return "finished"

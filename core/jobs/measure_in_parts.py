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

FORMAT = 3  # of what is kept of a part: counted up whenever that changes


def name_of(start: int, stop: int) -> str:
    """The name of the part of these rows, with its format: what a version of another one has kept is missing here."""
    return f"{FORMAT}-{start}-{stop}"


def measure_in_parts(
    run: Run,
    work: Measurement,
    part: str,
    *,
    report: Report,
    finish: Callable[[Block], None],
) -> str:
    """Measure one part where it is named: the job of a worker. Otherwise answer "parts" until all are kept, and then
    give `finish` what they have counted together."""
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
    work.let_go()
    finish(work.together(map(work.from_arrays, ranges.values(), results(run.folder))))
    clear(run.folder)
    report(stage(kept + 1, kept + 1))
    return "finished"

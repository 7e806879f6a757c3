"""Embeddings of so many points that the engine measures them in parts, in as many workers as are free.

Every part is one of the blocks of core/measurement/blockwise.py; the last worker adds them up. There is no map of so
many points.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import reduce
from operator import add
from typing import Any

from core.evidence.appraisal import Appraisal
from core.measurement.blockwise import Blocks
from core.runs.parts import clear, keep, missing, results, spread
from core.runs.run_folder import Run
from core.statistics.local_auc import TwoAucs
from core.statistics.summary import Statistics


def measure_in_parts(
    run: Run,
    work: Blocks,
    part: str,
    *,
    report: Callable[[dict[str, Any]], None],
    finish: Callable[[Statistics, Appraisal, TwoAucs], None],
) -> str:
    """The job of a worker: one part where it is named; otherwise "parts" until all are kept, then `finish` is given
    the statistics, the appraisal and the two AUCs of all pairs."""
    ranges = {f"{start}-{stop}": (start, stop) for start, stop in work.ranges()}
    if part:
        keep(run.folder, part, work.block(ranges[part]).arrays())
    else:
        spread(run.folder, list(ranges))
    absent = missing(run.folder)
    kept = len(ranges) - len(absent)
    report({"epoch": kept, "epochs": len(ranges) + 1, "step": 0, "left": None, "seconds": 0.0})
    if part:
        return "finished"
    if absent:
        return "parts"
    whole = reduce(add, map(work.from_arrays, results(run.folder)))
    finish(work.statistics(whole), work.appraisal(whole), work.two_aucs(whole))
    clear(run.folder)
    report({"epoch": kept + 1, "epochs": kept + 1, "step": 0, "left": None, "seconds": 0.0})
    return "finished"

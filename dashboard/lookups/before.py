"""The measurement that another one leaves rows out of, judged by the same goal."""

from __future__ import annotations

from typing import NamedTuple

from core.records.snapshot_record import SnapshotRecord
from core.thresholds.outcome import Outcome
from dashboard.lookups import appraisals, runs


class Measured(NamedTuple):
    """What comes of a goal at a snapshot, and the snapshot's own numbers."""

    outcome: Outcome
    numbers: SnapshotRecord


def before(name: str, outcome: Outcome) -> Measured | None:
    """The same goal on the run as it was before anything was left out; None where nothing was, or where that run is
    gone. Raises ValueError where the goal cannot be asked of it in the same way."""
    without = runs.record(name).without
    first = runs.find_run(without.run) if without else None
    if without is None or first is None:
        return None
    numbers = next((one for one in first.snapshots() if one.step == without.step), None)
    if numbers is None:
        return None
    of = (without.run, without.step, outcome.goal, outcome.protocol, outcome.weights)
    return Measured(appraisals.outcome_of(*of, safe_side=outcome.safe_side), numbers)

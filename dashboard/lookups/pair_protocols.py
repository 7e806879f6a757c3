"""The choices of pairs that a run was measured under, and its numbers there."""

from __future__ import annotations

import numpy as np
import streamlit as st

from core.experiment.splits import BySample
from core.records.protocol_record import ProtocolRecord
from core.records.snapshot_record import SnapshotRecord
from core.statistics.crossing import ALL, Crossing, PairProtocol
from dashboard.lookups import runs


def records(name: str) -> list[ProtocolRecord]:
    """What a run reads where only some pairs count, by protocol; nothing of a run that knows no groups or sessions."""
    run = runs.find_run(name)
    return [] if run is None else run.protocols()


def record_of(name: str, pairs: str) -> ProtocolRecord:
    """That of one protocol, which must be there."""
    return next(record for record in records(name) if record.name == pairs)


def offered(name: str, step: int) -> list[str]:
    """All pairs first, then the protocols that the last snapshot was measured under; earlier ones were not."""
    last = runs.run_of(name).snapshots()[-1].step
    return [ALL, *(record.name for record in records(name) if step == last)]


@st.cache_resource(max_entries=16, show_spinner=False)
def crossing(name: str, pairs: str) -> Crossing:
    """Which pairs of the probe set count."""
    return Crossing.of(PairProtocol.named(pairs), runs.labels(name), runs.run_of(name).crossed_columns())


def crossing_among(name: str, pairs: str, rows: np.ndarray) -> Crossing | None:
    """Which pairs of these rows count; None where all do."""
    return None if pairs == ALL else crossing(name, pairs).among(rows)


def numbers_of(name: str, numbers: SnapshotRecord, pairs: str) -> SnapshotRecord:
    """The numbers of the last snapshot under a choice of pairs."""
    return numbers if pairs == ALL else record_of(name, pairs).in_place_of(numbers)


def judged_by_sample(name: str) -> SnapshotRecord | None:
    """The last numbers of the finished run of the same settings whose split is by sample; None where there is none."""
    experiment = runs.run_of(name).experiment()
    if experiment.dataset.needs_download or experiment.dataset.absence:
        return None
    easier = {"kind": BySample.name, "evaluation_share": experiment.split.evaluation_share}
    run = runs.find_run(experiment.changed({"split": easier}).run_id())
    return run.snapshots()[-1] if run and run.result() else None

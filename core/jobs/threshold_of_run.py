"""The card of a threshold for a snapshot of a run, as the Verify page makes it, outside of a page."""

from __future__ import annotations

from datetime import UTC, datetime

import numpy as np

from core.evidence.appraisal import Appraisal
from core.handover.card import ThresholdCard, source_of_run, threshold_card
from core.records.snapshot_record import SnapshotRecord
from core.runs.checkpoints import checkpoint_digest
from core.runs.run_folder import Run
from core.statistics.crossing import ALL_PAIRS, Crossing, PairProtocol
from core.thresholds.outcome import outcome
from core.verification.goals.base import Goal
from core.verification.near_pairs import MOST_POINTS, PointPairs
from core.verification.protocols import OTHERS, SAME
from core.verification.weighted_curve import PAIRS


def threshold_of_run(
    run: Run,
    numbers: SnapshotRecord,
    goal: Goal,
    protocol: str | None = None,
    *,
    weights: str = PAIRS,
    safe_side: bool = False,
    pairs: PairProtocol = ALL_PAIRS,
) -> ThresholdCard:
    """By default of all pairs, and reported on other identities, where there are enough.

    Raises ValueError for pairs that the run was not measured under, for a run of pairs, whose card the Verify page
    and `python -m core verify` make, and for one that an older version has kept.
    """
    record, step = run.record(), numbers.step
    if record.kind.is_of_pairs:
        raise ValueError(
            f"the run must be of embeddings that all are compared, got {record.title}, which has pairs. Give the card "
            "that the Verify page makes of it."
        )
    appraisal = _appraisal(run, step, pairs)
    experiment, labels = run.experiment(), run.probe()["labels"]
    embeddings = run.snapshot(step, "embeddings")["embeddings"]
    counting = None
    if pairs != ALL_PAIRS:
        counting = Crossing.of(pairs, labels, run.crossed_columns())
        numbers = next(found for found in run.protocols() if found.name == pairs.name).in_place_of(numbers)
    points = PointPairs(experiment.distance.prepared(embeddings), labels, experiment.distance, crossing=counting)
    exact = points if len(labels) <= MOST_POINTS and weights == PAIRS and not safe_side else None
    protocol = protocol or (OTHERS if appraisal.choosing else SAME)
    result = outcome(appraisal, goal, protocol, exact, weights=weights, safe_side=safe_side)
    digest = checkpoint_digest(run.folder / "checkpoints", step)
    source = source_of_run(record, numbers, embeddings, model_digest=digest)
    names = [record.known_data.class_names[label] for label in np.unique(labels).tolist()]
    return threshold_card(result, source=source, date=datetime.now(UTC).date().isoformat(), names=names, pairs=pairs)


def _appraisal(run: Run, step: int, pairs: PairProtocol) -> Appraisal:
    appraisal = run.appraisal(step) if pairs == ALL_PAIRS else run.protocol_appraisal(step, pairs.name)
    if appraisal is None and pairs != ALL_PAIRS:
        measured = ", ".join(found.name for found in run.protocols()) or "none"
        raise ValueError(
            f"the crossing must be one that the last snapshot was measured under ({measured}), got {pairs.name}. Take "
            "all pairs, or train on data that name groups or sessions."
        )
    if appraisal is None:
        raise ValueError(
            "the run must keep what intervals are computed from, got one of an older version. Train it again."
        )
    return appraisal

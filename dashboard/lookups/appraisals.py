"""What comes of a goal at a snapshot, and its figures, packed."""

from __future__ import annotations

from datetime import UTC, datetime
from functools import partial
from typing import NamedTuple

import numpy as np
import streamlit as st

from core.evidence.appraisal import Appraisal
from core.handover.card import ThresholdCard, source_of_run, threshold_card
from core.records.snapshot_record import SnapshotRecord
from core.runs.checkpoints import checkpoint_digest
from core.statistics.crossing import ALL, PairProtocol
from core.thresholds.outcome import Outcome, outcome
from core.verification.goals.base import Goal
from core.verification.near_pairs import MOST_POINTS, ExactPairs, ListedPairs, PointPairs
from core.verification.protocols import OTHERS
from core.verification.weighted_curve import PAIRS
from dashboard.components.live_figure import Packed, pack
from dashboard.components.packed_handle import PackedHandle, pack_handle
from dashboard.figures import error_curves, thresholds
from dashboard.figures.axes import axis_name
from dashboard.lookups import pair_protocols, runs, scored_pairs, snapshot_arrays
from dashboard.palette import Theme
from dashboard.worded import awaited, worded


class Figures(NamedTuple):
    """The packed figures of one appraisal."""

    distances: Packed
    roc: Packed
    det: Packed


@st.cache_resource(max_entries=128, show_spinner=False)  # all snapshots of a run are asked for at once
def appraisal(name: str, step: int, pairs: str = ALL) -> Appraisal:
    """What the pairs of a snapshot that count say of thresholds. Raises ValueError where an older version has kept
    it."""
    run = runs.run_of(name)
    found = run.appraisal(step) if pairs == ALL else run.protocol_appraisal(step, pairs)
    if found is None:
        raise ValueError(
            "the run must keep what intervals are computed from, got one of an older version. Train it again."
        )
    return found


@worded(st.cache_resource(max_entries=32, show_spinner=False))
def figures(name: str, step: int, protocol: str, theme: Theme, weights: str = PAIRS, pairs: str = ALL) -> Figures:
    """Histogram, ROC and DET of the pairs that report, ready to send."""
    found = appraisal(name, step, pairs).weighing(weights)
    named = scored_pairs.axis_name(name) if runs.is_of_pairs(name) else axis_name(runs.distance_of(name))
    shown = found.reporting if protocol == OTHERS and found.reporting else found.everyone
    is_similarity = scored_pairs.is_similarity(name)
    return Figures(
        pack(thresholds.distances(shown.curve, theme, named, is_similarity=is_similarity)),
        pack(error_curves.roc(shown, theme, is_similarity=is_similarity)),
        pack(error_curves.det(shown, theme, is_similarity=is_similarity)),
    )


@awaited("pairs.looking.near", partial(st.cache_resource, max_entries=32))
def outcome_of(
    name: str,
    step: int,
    goal: Goal,
    protocol: str,
    weights: str = PAIRS,
    *,
    safe_side: bool = False,
    pairs: str = ALL,
) -> Outcome:
    """What comes of a goal: exact for pairs of a file, and for as many points as are compared while a reader waits.

    Raises ValueError for a protocol that the set is too small for, and where rates by identity are not known.
    """
    exact = _pairs(name, step, pairs) if weights == PAIRS and not safe_side else None
    return outcome(appraisal(name, step, pairs), goal, protocol, exact, weights=weights, safe_side=safe_side)


@worded(st.cache_resource(max_entries=32, show_spinner=False))
def handles(
    name: str,
    step: int,
    goal: Goal,
    protocol: str,
    theme: Theme,
    called: str,
    weights: str = PAIRS,
    *,
    safe_side: bool = False,
    pairs: str = ALL,
) -> list[PackedHandle]:
    """The threshold as it is dragged on the histogram and as it follows on the ROC and the DET, ready to send."""
    result = outcome_of(name, step, goal, protocol, weights, safe_side=safe_side, pairs=pairs)
    curve, is_similarity = result.reported.curve, scored_pairs.is_similarity(name)
    dragged = thresholds.handle(
        result.reported,
        result.threshold,
        called,
        theme,
        is_similarity=is_similarity,
        over_folds=bool(result.folds),
    )
    followers = (error_curves.roc_follower(curve), error_curves.det_follower(curve))
    followed = [thresholds.follow(dragged, follower, is_similarity=is_similarity) for follower in followers]
    return [pack_handle(one) for one in (dragged, *followed)]


def _pairs(name: str, step: int, pairs: str) -> ExactPairs | None:
    """None where there are too many points to compare all of them while a reader waits."""
    if runs.is_of_pairs(name):
        return ListedPairs(scored_pairs.pairs(name))
    if len(runs.labels(name)) > MOST_POINTS:
        return None
    counts = None if pairs == ALL else pair_protocols.crossing(name, pairs)
    return PointPairs(snapshot_arrays.points(name, step), runs.labels(name), runs.distance_of(name), crossing=counts)


def card(name: str, numbers: SnapshotRecord, result: Outcome, pairs: str = ALL) -> ThresholdCard:
    """The card of a threshold for the snapshot whose numbers these are, under a choice of pairs."""
    date = datetime.now(UTC).date().isoformat()
    if runs.is_of_pairs(name):
        return scored_pairs.card(name, result, date)
    embeddings = snapshot_arrays.snapshot(name, numbers.step)["embeddings"]
    digest = checkpoint_digest(runs.run_of(name).folder / "checkpoints", numbers.step)
    source = source_of_run(runs.record(name), numbers, embeddings, model_digest=digest)
    names = runs.class_names(name)
    there = [names[label] for label in np.unique(runs.labels(name)).tolist()]  # some may be held out, or taken out
    protocol = PairProtocol.named(pairs)
    return threshold_card(result, source=source, date=date, names=there, pairs=protocol)

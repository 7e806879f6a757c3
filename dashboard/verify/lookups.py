"""What the Verify page looks up."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import NamedTuple

import numpy as np
import streamlit as st
from PIL import Image

from core.evidence.appraisal import Appraisal
from core.handover.card import ThresholdCard, source_of_run, threshold_card
from core.records.snapshot_record import SnapshotRecord
from core.runs.checkpoints import checkpoint_digest
from core.statistics.samples import share
from core.thresholds.outcome import Outcome, outcome
from core.verification.exact_choice import MOST_POINTS, ExactPairs, ListedPairs, PointPairs
from core.verification.goals.base import Goal
from core.verification.protocols import OTHERS, parts
from core.verification.weighted_curve import PAIRS
from core.verification.wrong_pairs import nearest_pairs
from dashboard.components.live_figure import Packed, pack
from dashboard.figures import error_curves, thresholds
from dashboard.figures.axes import axis_name
from dashboard.figures.image_pairs import as_data_url, pair_image
from dashboard.markdown import plain
from dashboard.palette import Theme
from dashboard.runs import cached
from dashboard.verify import lookups_of_scores

SHOWN_PAIRS = 5
LOOKED_AT = 10_000  # points


class Chosen(NamedTuple):
    """What a section is about: a snapshot, what comes of the goal, and the card that hands it over."""

    name: str
    step: int
    told: Outcome
    card: ThresholdCard
    theme: Theme


class Figures(NamedTuple):
    """The packed figures of one appraisal."""

    distances: Packed
    roc: Packed
    det: Packed


@st.cache_data(max_entries=128, show_spinner=False)  # all snapshots of a run are asked for at once
def appraisal(name: str, step: int) -> Appraisal:
    """Raises ValueError for a snapshot that an older version has kept."""
    found = cached.run_of(name).appraisal(step)
    if found is None:
        raise ValueError(
            "the run must keep what intervals are computed from, got one of an older version. Train it again."
        )
    return found


@st.cache_data(max_entries=32, show_spinner=False)
def figures(name: str, step: int, protocol: str, theme: Theme, weights: str = PAIRS) -> Figures:
    """Histogram, ROC and DET of the pairs that report, ready to send."""
    found = appraisal(name, step).weighing(weights)
    named = lookups_of_scores.axis_name(name) if cached.is_of_pairs(name) else axis_name(cached.distance_of(name))
    shown = found.reporting if protocol == OTHERS and found.reporting else found.everyone
    return Figures(
        pack(thresholds.distances(shown.curve, theme, named)),
        pack(error_curves.roc(shown, theme)),
        pack(error_curves.det(shown, theme)),
    )


@st.cache_data(max_entries=32, show_spinner="Looking up the pairs near the threshold")
def told_of(
    name: str, step: int, goal: Goal, protocol: str, weights: str = PAIRS, *, safe_side: bool = False
) -> Outcome:
    """What comes of a goal: exact for pairs of a file, and for as many points as are compared while a reader waits.

    Raises ValueError for a protocol that the set is too small for, and where rates by identity are not known.
    """
    pairs = _pairs(name, step) if weights == PAIRS and not safe_side else None
    return outcome(appraisal(name, step), goal, protocol, pairs, weights=weights, safe_side=safe_side)


def _pairs(name: str, step: int) -> ExactPairs | None:
    if cached.is_of_pairs(name):
        return ListedPairs(lookups_of_scores.pairs(name))
    if len(cached.labels(name)) > MOST_POINTS:
        return None
    return PointPairs(cached.points(name, step), cached.labels(name), cached.distance_of(name))


def card(name: str, numbers: SnapshotRecord, told: Outcome) -> ThresholdCard:
    """Of a threshold for the snapshot whose numbers these are."""
    date = datetime.now(UTC).date().isoformat()
    if cached.is_of_pairs(name):
        return lookups_of_scores.card(name, told, date)
    embeddings = cached.snapshot(name, numbers.step)["embeddings"]
    digest = checkpoint_digest(cached.run_of(name).folder / "checkpoints", numbers.step)
    source = source_of_run(cached.record(name), numbers, embeddings, model_digest=digest)
    names = cached.class_names(name)
    there = [names[label] for label in np.unique(cached.labels(name)).tolist()]  # some may be held out, or taken out
    return threshold_card(told, source=source, date=date, names=there)


@st.cache_data(max_entries=8, show_spinner=False)
def sheet(name: str) -> np.ndarray:
    """(H, W) picture with the images of the probe set as tiles."""
    with Image.open(cached.run_of(name).folder / "probe.png") as picture:
        return np.asarray(picture.convert("L"))


@st.cache_data(max_entries=32, show_spinner=False)
def reporting_rows(name: str, protocol: str) -> tuple[np.ndarray, int]:
    """Rows of the points whose pairs report under a protocol, or of a share of them that can be gone through while a
    reader waits; and how many there are in all."""
    labels = cached.labels(name)
    rows = np.flatnonzero(parts(labels, 2) == 1) if protocol == OTHERS else np.arange(len(labels))
    return rows[share(labels[rows], LOOKED_AT)], len(rows)


def share_in_words(chosen: Chosen) -> str:
    """What single pairs and identities are looked for in, where that is not everything; rates are of all pairs."""
    if cached.is_of_pairs(chosen.name):
        return ""
    rows, count = reporting_rows(chosen.name, chosen.told.protocol)
    if len(rows) == count:
        return ""
    identities = len(np.unique(cached.labels(chosen.name)[rows]))
    return f"Looked for in {len(rows):,} of the {count:,} points that report, of {identities:,} identities."


@st.cache_data(max_entries=64, show_spinner=False)
def wrong_pairs(
    name: str, step: int, threshold: float, is_same: bool, *, protocol: str, worst_first: bool
) -> list[lookups_of_scores.WrongPair]:
    """Images of the false rejects (`is_same`) or false accepts among the pairs that report: nearest to the threshold
    first, or furthest from it."""
    if cached.is_of_pairs(name):
        return lookups_of_scores.wrong_pairs(
            name, threshold, SHOWN_PAIRS, is_same=is_same, worst_first=worst_first, protocol=protocol
        )
    labels, distance, rows = cached.labels(name), cached.distance_of(name), reporting_rows(name, protocol)[0]
    found = nearest_pairs(
        cached.points(name, step)[rows],
        labels[rows],
        threshold,
        SHOWN_PAIRS,
        is_same=is_same,
        worst_first=worst_first,
        distance=distance,
    )
    names = cached.class_names(name)
    pairs: list[lookups_of_scores.WrongPair] = []
    for first, second, apart in zip(rows[found[0]].tolist(), rows[found[1]].tolist(), found[2], strict=True):
        caption = f"{lookups_of_scores.both(names[labels[first]], names[labels[second]])} at {apart:.4g}"
        if cached.record(name).probe is None:
            told = f"**{plain(caption)}**  \nrows {first:,} and {second:,}"
            pairs.append(lookups_of_scores.WrongPair("", 0, told, (first, second)))
            continue
        tiles = cached.sprite(name)
        pixels = pair_image(sheet(name), (tiles.tile_height, tiles.tile_width), tiles.columns, (first, second))
        pairs.append(lookups_of_scores.WrongPair(as_data_url(pixels), pixels.shape[1], caption, (first, second)))
    return pairs

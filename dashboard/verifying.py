"""What the Verify page looks up, and how it says what comes of a goal."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from typing import Any, NamedTuple

import numpy as np
import streamlit as st
from PIL import Image

from core.brought.scored_uploads import AS_LISTED, AS_SCORED
from core.brought.uploads import PROTOCOL as UPLOADED
from core.checkpoints import checkpoint_digest
from core.splits import ByIdentity, BySample
from core.thresholds.appraisal import Appraisal
from core.thresholds.nearest_pairs import nearest_pairs
from core.thresholds.outcome import Outcome
from core.thresholds.plain_words import percentages
from core.thresholds.protocols import FOLDS, OTHERS, SAME, mean_and_error, parts, share
from core.thresholds.threshold_card import source_of_run, threshold_card
from dashboard import cached, scored
from dashboard.components.live_figure import Packed, pack
from dashboard.figures import error_curves, thresholds
from dashboard.figures.axes import axis_name
from dashboard.figures.image_pairs import as_data_url, pair_image
from dashboard.palette import Theme
from dashboard.plain import plain

SHOWN_PAIRS = 5
LOOKED_AT = 10_000  # points
WHOSE = {
    OTHERS: "One half of the identities chose the threshold, the other half reports.",
    FOLDS: "All identities chose the threshold; its rates are those of folds that others chose for.",
    SAME: "The threshold is chosen and reported on the same pairs, which flatters.",
}
PROTOCOLS = {
    UPLOADED: "embeddings that you brought",
    AS_SCORED: "scores that you brought",
    AS_LISTED: "a list of pairs that you brought",
    BySample.protocol: "new images of classes known from training",
    ByIdentity.protocol: "images of classes never seen in training",
}


class Chosen(NamedTuple):
    """What a section is about: a snapshot, what comes of the goal, and the card that hands it over."""

    name: str
    step: int
    told: Outcome
    card: dict[str, Any]
    theme: Theme


class Figures(NamedTuple):
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
def figures(name: str, step: int, protocol: str, theme: Theme) -> Figures:
    """Histogram, ROC and DET of the pairs that report, ready to send."""
    found = appraisal(name, step)
    named = scored.axis_name(name) if scored.is_scored(name) else axis_name(cached.distance_of(name))
    shown = found.reporting if protocol == OTHERS and found.reporting else found.everyone
    return Figures(
        pack(thresholds.distances(shown.curve, theme, named)),
        pack(error_curves.roc(shown, theme)),
        pack(error_curves.det(shown, theme)),
    )


def card(name: str, numbers: Mapping[str, Any], told: Outcome) -> dict[str, Any]:
    """Of a threshold for the snapshot whose numbers these are."""
    date = datetime.now(UTC).date().isoformat()
    if scored.is_scored(name):
        return scored.card(name, told, date)
    embeddings = cached.snapshot(name, numbers["step"])["embeddings"]
    digest = checkpoint_digest(cached.run_of(name).folder / "checkpoints", numbers["step"])
    source = source_of_run(cached.description(name), numbers, embeddings, model_digest=digest)
    return threshold_card(told, source=source, date=date)


def facts(told: Outcome, numbers: Mapping[str, Any], data_protocol: str) -> str:
    """How well the whole snapshot does, and how many pairs report."""
    curve = told.reported.curve
    whose = f"{told.reported.identities:,}" if told.reported.identities else "Unnamed"
    return (
        f"EER **{100 * numbers['eer']:.2f} %** · AUC **{numbers['auc']:.4f}** · {data_protocol}  \n"
        f"{whose} identities, {curve.positive_count:,} genuine and {curve.negative_count:,} impostor pairs"
    )


def provenance(told: Outcome, data_protocol: str) -> str:
    """Where pairs and threshold come from."""
    return f"{data_protocol}: {PROTOCOLS.get(data_protocol, data_protocol)}. {WHOSE[told.protocol]}"


def intervals_table(told: Outcome) -> str:
    """How sure both rates are, by what is taken into account; nothing over folds, which have their own."""
    if told.protocol == FOLDS:
        return ""
    rows: list[tuple[str, Iterable[Iterable[float]]]] = []
    if told.reported.identities:
        rows.append(("pairs of an identity err together", (told.false_accept[1:], told.false_reject[1:])))
    if told.bootstrap_intervals:
        rows.append(("bootstrap: too narrow if few errors", told.bootstrap_intervals))
    rows.append(("all pairs independent: too narrow", (rate[1:] for rate in told.naive_rates())))
    lines = ["| 95 % intervals | FAR | FRR |", "|:--|:--|:--|"]
    for place, (what, intervals) in enumerate(rows):
        mark = "" if place else "**"
        far, frr = (" to ".join(percentages(ends)).replace(" % to", " to") for ends in intervals)
        lines.append(f"| {what} | {mark}{far}{mark} | {mark}{frr}{mark} |".replace(" to ", "\u00a0to\u00a0"))
    return "\n".join(lines)


def in_words(told: Outcome) -> str:
    """How sure the threshold is, and the rates where no table tells."""
    said: list[str] = []
    if told.protocol == FOLDS:
        mean, error = mean_and_error([fold.threshold for fold in told.folds])
        far, frr = (percentages(rate) for rate in (told.false_accept, told.false_reject))
        said.append(
            f"Means over {len(told.folds)} folds: FAR **{far[0]}** ({far[1]} to {far[2]}), "
            f"FRR **{frr[0]}** ({frr[1]} to {frr[2]}), thresholds {mean:.3f} ± {error:.3f}."
        )
    elif not told.reported.identities:
        said.append("The intervals take all pairs for independent, because nobody said whose they are.")
    if told.threshold_interval:
        low, high = told.threshold_interval
        said.append(f"With other identities the threshold might have been {low:.3f} to {high:.3f}.")
    return " ".join(said)


def limits_in_words(told: Outcome) -> str:
    """What these pairs can show at all, and what it takes for the goal where they cannot."""
    smallest = percentages(told.reported.smallest_rates())
    if not told.reported.identities:
        return (
            f":material/warning: Were they independent, these pairs could show at best FAR {smallest[0]} and FRR "
            f"{smallest[1]}. Name the two identities of each pair in columns first and second for honest intervals."
        )
    can = f"{told.reported.identities:,} identities can show at best FAR {smallest[0]} and FRR {smallest[1]}"
    needed = told.reported.identities_for(told.goal)
    return f":material/warning: {can}. This goal takes about {needed:,} such identities." if needed else f"{can}."


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
    if scored.is_scored(chosen.name):
        return ""
    rows, count = reporting_rows(chosen.name, chosen.told.protocol)
    if len(rows) == count:
        return ""
    identities = len(np.unique(cached.labels(chosen.name)[rows]))
    return f"Looked for in {len(rows):,} of the {count:,} points that report, of {identities:,} identities."


@st.cache_data(max_entries=64, show_spinner=False)
def wrong_pairs(
    name: str, step: int, threshold: float, is_same: bool, *, protocol: str, worst_first: bool
) -> list[scored.WrongPair]:
    """Images of the false rejects (`is_same`) or false accepts among the pairs that report: nearest to the threshold
    first, or furthest from it."""
    if scored.is_scored(name):
        return scored.wrong_pairs(
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
    pairs: list[scored.WrongPair] = []
    for first, second, apart in zip(rows[found[0]].tolist(), rows[found[1]].tolist(), found[2], strict=True):
        caption = f"{scored.both(names[labels[first]], names[labels[second]])} at {apart:.3f}"
        if "probe" not in cached.description(name):
            told = f"**{plain(caption)}**  \nrows {first:,} and {second:,}"
            pairs.append(scored.WrongPair("", 0, told, (first, second)))
            continue
        tiles = cached.sprite(name)
        pixels = pair_image(sheet(name), (tiles.tile_height, tiles.tile_width), tiles.columns, (first, second))
        pairs.append(scored.WrongPair(as_data_url(pixels), pixels.shape[1], caption, (first, second)))
    return pairs

"""The pairs of a snapshot that a threshold judges wrongly."""

from __future__ import annotations

import numpy as np
import streamlit as st
from PIL import Image

from core.statistics.samples import share
from core.verification.protocols import OTHERS, parts
from core.verification.wrong_pairs import nearest_pairs
from dashboard.figures.image_pairs import as_data_url, pair_image
from dashboard.lookups import runs, scored_pairs, snapshot_arrays
from dashboard.markdown import plain

SHOWN_PAIRS = 5
LOOKED_AT = 10_000  # points


@st.cache_data(max_entries=8, show_spinner=False)
def sheet(name: str) -> np.ndarray:
    """(H, W) picture with the images of the probe set as tiles."""
    with Image.open(runs.run_of(name).folder / "probe.png") as picture:
        return np.asarray(picture.convert("L"))


@st.cache_data(max_entries=32, show_spinner=False)
def reporting_rows(name: str, protocol: str) -> tuple[np.ndarray, int]:
    """Rows of the points whose pairs report under a protocol, or of a share of them that can be gone through while a
    reader waits; and how many there are in all."""
    labels = runs.labels(name)
    rows = np.flatnonzero(parts(labels, 2) == 1) if protocol == OTHERS else np.arange(len(labels))
    return rows[share(labels[rows], LOOKED_AT)], len(rows)


@st.cache_data(max_entries=64, show_spinner=False)
def wrong_pairs(
    name: str, step: int, threshold: float, is_same: bool, *, protocol: str, worst_first: bool
) -> list[scored_pairs.WrongPair]:
    """Images of the false rejects (`is_same`) or false accepts among the pairs that report: nearest to the threshold
    first, or furthest from it."""
    if runs.is_of_pairs(name):
        return scored_pairs.wrong_pairs(
            name, threshold, SHOWN_PAIRS, is_same=is_same, worst_first=worst_first, protocol=protocol
        )
    labels, distance, rows = runs.labels(name), runs.distance_of(name), reporting_rows(name, protocol)[0]
    found = nearest_pairs(
        snapshot_arrays.points(name, step)[rows],
        labels[rows],
        threshold,
        SHOWN_PAIRS,
        is_same=is_same,
        worst_first=worst_first,
        distance=distance,
    )
    names = runs.class_names(name)
    pairs: list[scored_pairs.WrongPair] = []
    for first, second, apart in zip(rows[found[0]].tolist(), rows[found[1]].tolist(), found[2], strict=True):
        caption = f"{scored_pairs.both(names[labels[first]], names[labels[second]])} at {apart:.4g}"
        if runs.record(name).probe is None:
            named = f"**{plain(caption)}**  \nrows {first:,} and {second:,}"
            pairs.append(scored_pairs.WrongPair("", 0, named, (first, second)))
            continue
        tiles = runs.sprite(name)
        pixels = pair_image(sheet(name), (tiles.tile_height, tiles.tile_width), tiles.columns, (first, second))
        pairs.append(scored_pairs.WrongPair(as_data_url(pixels), pixels.shape[1], caption, (first, second)))
    return pairs

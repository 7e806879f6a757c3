"""The pairs of a snapshot that a threshold judges wrongly, and the samples whose label that puts in doubt."""

from __future__ import annotations

from functools import partial
from typing import NamedTuple

import numpy as np
import streamlit as st

from core.statistics.crossing import ALL
from core.statistics.samples import share
from core.verification.protocols import OTHERS, SAME, parts
from core.verification.suspects import Suspect
from core.verification.suspects import suspects as find_suspects
from core.verification.wrong_pairs import spread_pairs
from dashboard.figures.images import as_data_url, pair_image
from dashboard.lookups import pair_protocols, runs, scored_pairs, snapshot_arrays
from dashboard.markdown import plain
from dashboard.worded import awaited, worded
from dashboard.wording import say

SHOWN_PAIRS = 6
EACH = 2  # of the same two identities
SHOWN_SUSPECTS = 30
LOOKED_AT = 10_000  # points


class Suspected(NamedTuple):
    """A suspect with its image as a data URL, empty where there are none."""

    suspect: Suspect
    image: str


@st.cache_data(max_entries=8, show_spinner=False)
def sheet(name: str) -> np.ndarray:
    """(H, W) or (H, W, 3) picture with the images of the probe set as tiles."""
    return runs.run_of(name).picture()


@st.cache_data(max_entries=32, show_spinner=False)
def reporting_rows(name: str, protocol: str) -> tuple[np.ndarray, int]:
    """Rows of the points whose pairs report under a protocol, or of a share of them that can be gone through while a
    reader waits; and how many there are in all."""
    labels = runs.labels(name)
    rows = np.flatnonzero(parts(labels, 2) == 1) if protocol == OTHERS else np.arange(len(labels))
    return rows[share(labels[rows], LOOKED_AT)], len(rows)


@worded(st.cache_data(max_entries=64, show_spinner=False))
def wrong_pairs(
    name: str,
    step: int,
    threshold: float,
    is_same: bool,
    *,
    protocol: str,
    worst_first: bool,
    count: int = SHOWN_PAIRS,
    pairs: str = ALL,
) -> list[scored_pairs.WrongPair]:
    """Images of the false rejects (`is_same`) or false accepts among the pairs that report and count: nearest to the
    threshold first, or furthest from it; no more than EACH of the same identities as long as there are others."""
    if runs.is_of_pairs(name):
        return scored_pairs.wrong_pairs(
            name, threshold, count, each=EACH, is_same=is_same, worst_first=worst_first, protocol=protocol
        )
    labels, distance, rows = runs.labels(name), runs.distance_of(name), reporting_rows(name, protocol)[0]
    found = spread_pairs(
        snapshot_arrays.points(name, step)[rows],
        labels[rows],
        threshold,
        count,
        each=EACH,
        is_same=is_same,
        worst_first=worst_first,
        distance=distance,
        crossing=pair_protocols.crossing_among(name, pairs, rows),
    )
    names = runs.class_names(name)
    shown: list[scored_pairs.WrongPair] = []
    for first, second, apart in zip(rows[found[0]].tolist(), rows[found[1]].tolist(), found[2], strict=True):
        both = scored_pairs.both(names[labels[first]], names[labels[second]])
        away, image = say("pairs.distance", value=apart), _image(name, first, second)
        bare = say("pairs.named", names=both, distance=away)
        caption = say("pairs.named", names=plain(both), distance=away) if image else f"**{plain(bare)}**"
        shown.append(scored_pairs.WrongPair(image, caption, (first, second), bare))
    return shown


@awaited("pairs.looking.suspects", partial(st.cache_data, max_entries=32))
def suspects(name: str, step: int, threshold: float) -> list[Suspected]:
    """The most suspicious samples first, with rows of the probe set, also of those whose pairs do not report."""
    rows = reporting_rows(name, SAME)[0]
    points, labels = snapshot_arrays.points(name, step)[rows], runs.labels(name)[rows]
    found = find_suspects(points, labels, threshold, SHOWN_SUSPECTS, runs.distance_of(name))
    return [Suspected(one._replace(row=int(rows[one.row])), _image(name, int(rows[one.row]))) for one in found]


def _image(name: str, *rows: int) -> str:
    """The images of these rows beside each other as a data URL; nothing where there are none."""
    tiles = runs.sprite(name)
    if tiles is None:
        return ""
    return as_data_url(pair_image(sheet(name), (tiles.tile_height, tiles.tile_width), tiles.columns, rows))

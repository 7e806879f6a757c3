"""The pairs of runs that have nothing but pairs with scores, and no embeddings."""

from __future__ import annotations

from math import isfinite
from typing import NamedTuple

import numpy as np
import streamlit as st

from core.distances.base import Distance
from core.handover.card import Source, ThresholdCard, source_of_run, source_of_scores, threshold_card
from core.handover.left_out import left_out_of
from core.jobs.roles_of_run import roles_in
from core.reidentification.pairs import listed_rows
from core.statistics.crossing import ALL_PAIRS, GROUP, POSITIVES_ACROSS, PairProtocol
from core.thresholds.outcome import Outcome
from core.verification.protocols import OTHERS, parts_of_pairs
from core.verification.scored_pairs import ScoredPairs
from core.verification.wrong_pairs import first_of_each, identity_pairs
from dashboard.figures import axes
from dashboard.lookups import runs
from dashboard.markdown import plain
from dashboard.wording import say

LOOKED_AT = 200_000  # wrong pairs, for some of every identity


class WrongPair(NamedTuple):
    """Two images beside each other as a data URL, what to say under it in Markdown, the rows of both, and the same
    words as they are; no address where there are no images, no rows where there are no embeddings."""

    image: str
    caption: str
    rows: tuple[int, ...]
    bare: str = ""


def is_similarity(name: str) -> bool:
    """Whether its file scored by similarity."""
    return runs.is_of_pairs(name) and pairs(name).is_similarity


# Not copied for every reader, as cached data are: these may be millions.
@st.cache_resource(max_entries=4, show_spinner=False)
def pairs(name: str) -> ScoredPairs:
    """The pairs that a run holds."""
    return runs.run_of(name).pairs()


def compared_by(name: str) -> Distance | None:
    """The distance by which its pairs were compared here; None where they came with scores."""
    return runs.distance_of(name) if runs.record(name).kind.is_compared_here else None


@st.cache_data(max_entries=16, show_spinner=False)
def source(name: str) -> Source:
    """What the card says of how its pairs were compared, and of where they come from."""
    record = runs.record(name)
    if record.kind.has_roles:
        run = runs.run_of(name)
        known = source_of_run(record, run.snapshots()[-1], run.embeddings())
        known["origin"]["roles"] = dict(record.known_data.roles or {})
        return known
    file = record.without.file if record.without and record.without.file else record.title
    known = source_of_scores(file, pairs(name), compared_by(name), record.known_data.understood)
    if left_out := left_out_of(record):
        known["origin"]["left_out"] = left_out
    return known


def card(name: str, outcome: Outcome, date: str) -> ThresholdCard:
    """The card of its threshold, which is also given as the file scores."""
    roles = runs.data(name).roles or {}
    protocol = PairProtocol(POSITIVES_ACROSS, GROUP) if roles.get("across_groups") else ALL_PAIRS
    found = threshold_card(outcome, source=source(name), date=date, names=runs.class_names(name))
    found |= {"pairs": protocol.name, "pairs_in_words": protocol.in_words}
    if runs.record(name).kind.has_roles:
        return found
    return found | {"threshold_as_scored": pairs(name).in_own_terms(outcome.threshold)}


def axis_name(name: str) -> str:
    """What to put behind the word distance, or similarity, on an axis."""
    if distance := compared_by(name):
        return axes.axis_name(distance)
    return "" if is_similarity(name) else say("pairs.as_scored")


def both(first: str, second: str) -> str:
    """The names of two identities, or of the one that they are."""
    return " · ".join(dict.fromkeys((first, second)))


def wrong_pairs(
    name: str, threshold: float, count: int, *, each: int, is_same: bool, worst_first: bool, protocol: str
) -> list[WrongPair]:
    """As `wrong_pairs.wrong_pairs`: names of identities, where they are known, and the lines of the file."""
    brought = pairs(name)
    halves = parts_of_pairs(brought, 2) if protocol == OTHERS else None
    reporting = None if halves is None else (halves == 1).all(axis=0)
    total = len(brought.distances)
    rows = brought.wrong(threshold, total, is_same=is_same, worst_first=worst_first, among=reporting)
    if brought.first is not None and brought.second is not None:
        groups = identity_pairs(brought.first[rows[:LOOKED_AT]], brought.second[rows[:LOOKED_AT]])
        rows = rows[first_of_each(groups, count, each)]
    rows = rows[:count]
    return [WrongPair("", _caption(brought, row) + _whose_rows(name, row), ()) for row in rows.tolist()]


@st.cache_resource(max_entries=4, show_spinner=False)
def rows_of_pairs(name: str) -> tuple[np.ndarray, np.ndarray]:
    """Of embeddings whose points have roles, the rows of the two points of each pair."""
    return listed_rows(roles_in(runs.run_of(name)))


def _whose_rows(name: str, row: int) -> str:
    if not runs.record(name).kind.has_roles:
        return ""
    query, other = (int(rows[row]) for rows in rows_of_pairs(name))
    if runs.has_point_names(name):
        names = runs.point_names(name)
        return plain(say("pairs.both", one=names[query], other=names[other]))
    numbers = runs.row_numbers(name)
    return say("pairs.rows", one=numbers[query], other=numbers[other])


def _caption(brought: ScoredPairs, row: int) -> str:
    apart = float(brought.distances[row])
    if not isfinite(apart):
        said = say("pairs.failed")
    elif brought.is_similarity:
        said = say("pairs.similarity", value=brought.in_own_terms(apart))
    else:
        said = say("pairs.distance", value=apart)
    if brought.identities is not None and brought.first is not None and brought.second is not None:
        names = both(*(brought.identities[of[row]] for of in (brought.first, brought.second)))
        said = say("pairs.named", names=plain(names), distance=said)
    line = "" if brought.lines is None else say("pairs.line", line=brought.lines[row])
    return f"**{said}**  \n{line}"

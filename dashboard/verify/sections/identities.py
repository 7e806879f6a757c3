"""Who fails: every identity at the threshold that is to serve all of them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import streamlit as st

from core.thresholds.doddington import FALSE_NAMES, Animals
from core.thresholds.identity_errors import IdentityErrors
from dashboard.components.live_figure import live_figure
from dashboard.figures import identities as figures
from dashboard.lookups import identities as lookups
from dashboard.verify import sentences
from dashboard.verify.chosen import Chosen

TITLE = "Identities"
BESIDE = "learned boundary"
FORMATS = {
    "FRR": "%.3g %%",
    "FAR": "%.3g %%",
    "own best": "%.4g",
    "difference": "%+.3g",
    BESIDE: "%.4g",
    "samples": "%d",
    "false rejects": "%d",
    "genuine pairs": "%d",
    "false accepts": "%d",
    "impostor pairs": "%d",
}
HELP = {
    "own best": "Where TAR - FAR over the pairs of this identity alone is largest",
    "difference": "Own best minus the global threshold: above 0 it wants a looser one",
    BESIDE: "What the loss has learned as the boundary between same and different",
}


def show(chosen: Chosen) -> None:
    """Draw each identity's errors, and say whom the threshold serves badly."""
    key = chosen.name, chosen.step, chosen.outcome.protocol
    errors, animals = lookups.judged(*key, chosen.outcome.threshold)
    live_figure(
        lookups.figure(*key, chosen.outcome.threshold, chosen.theme),
        key="verify.identities",
        height=230,
        alt="False reject rate over false accept rate, a point for every identity; dotted, the rates of all pairs",
    )
    boundaries = lookups.learned_boundaries(chosen.name, chosen.step, errors.identities)
    st.caption(f"{in_words(errors, animals)}{in_words_of_boundaries(boundaries)} {sentences.share_in_words(chosen)}")
    columns = table(errors, animals, lookups.own_thresholds(*key), boundaries, chosen.outcome.threshold)
    order, names = worst_first(errors, animals), lookups.names_of(chosen.name, errors)
    st.dataframe(
        {"identity": [names[row] for row in order]} | {title: values[order] for title, values in columns.items()},
        hide_index=True,
        column_config=_column_config(columns),
        row_height=27,
        height=250,
        placeholder="–",
    )


def worst_first(errors: IdentityErrors, animals: Animals) -> np.ndarray:
    """The order (C,) of the identities: the named ones, then whom chance explains least, then by FAR + FRR."""
    sheep = ~(animals.is_goat | animals.is_wolf_or_lamb)
    chance = np.fmin(animals.goat_chance, animals.wolf_or_lamb_chance)
    return np.lexsort((-(errors.false_accept_rate + np.nan_to_num(errors.false_reject_rate)), chance, sheep))


def table(
    errors: IdentityErrors, animals: Animals, own: np.ndarray, boundaries: np.ndarray | None, threshold: float
) -> dict[str, np.ndarray]:
    """The columns (C,) by their titles, in order of the labels; NaN or None for what an identity cannot tell."""
    rejected = _texts(figures.intervals(*errors.false_reject_interval))
    rejected[errors.genuine_pairs == 0] = None
    accepted = _texts(figures.intervals(*errors.false_accept_interval))
    learned = {} if boundaries is None or np.isnan(boundaries).all() else {BESIDE: boundaries}
    return {
        "FRR": 100 * errors.false_reject_rate,
        "FRR 95 %": rejected,
        "FAR": 100 * errors.false_accept_rate,
        "FAR 95 %": accepted,
        "animal": _texts(["" if animal == figures.SHEEP else animal for animal in animals.names()]),
        "own best": own,
        "difference": own - threshold,
        **learned,
        "samples": errors.samples,
        "false rejects": errors.false_rejects,
        "genuine pairs": errors.genuine_pairs,
        "false accepts": errors.false_accepts,
        "impostor pairs": errors.impostor_pairs,
    }


def in_words(errors: IdentityErrors, animals: Animals) -> str:
    """How many stand out, and what that can mean."""
    goats, wolves = int(animals.is_goat.sum()), int(animals.is_wolf_or_lamb.sum())
    named = [
        f"{_counted(goats, 'goat', 'goats')} refused" if goats else "",
        f"{_counted(wolves, 'wolf or lamb', 'wolves or lambs')} mixed up with others" if wolves else "",
    ]
    who = " and ".join(part for part in named if part) or f"None of {len(errors.samples):,} identities stands out"
    words = f"{who} more than chance would have it (false discoveries held at {100 * FALSE_NAMES:g} %)."
    if wolves:
        words += " A symmetric comparison cannot tell wolves, who pass for others, from lambs, for whom others pass."
    if alone := int((errors.genuine_pairs == 0).sum()):
        words += f" {alone:,} with a single sample and so without genuine pairs (–)."
    return words


def in_words_of_boundaries(boundaries: np.ndarray | None) -> str:
    """Where the loss has learned boundaries, but of none of these identities."""
    if boundaries is None or not np.isnan(boundaries).all():
        return ""
    return " The loss has learned a boundary for each class it trained on, and none of these is one."


def _counted(count: int, one: str, several: str) -> str:
    return f"**{count:,} {one}** is" if count == 1 else f"**{count:,} {several}** are"


def _texts(values: Sequence[str]) -> np.ndarray:
    return np.array(values, object)


def _column_config(columns: dict[str, np.ndarray]) -> dict[str, Any]:
    numbers = {
        title: st.column_config.NumberColumn(format=FORMATS[title], help=HELP.get(title))
        for title in columns
        if title in FORMATS
    }
    return {"identity": st.column_config.TextColumn(pinned=True), **numbers}

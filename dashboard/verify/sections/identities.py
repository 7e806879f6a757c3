"""Who fails: every identity at the threshold that is to serve all of them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import streamlit as st

from core.handover.csv_table import csv_of
from core.thresholds.doddington import FALSE_NAMES, Animals
from core.thresholds.identity_errors import IdentityErrors
from dashboard.components.live_figure import live_figure
from dashboard.figures import identities as figures
from dashboard.lookups import identities as lookups
from dashboard.verify import sentences
from dashboard.verify.chosen import Chosen
from dashboard.wording import count, joined, say

TITLE = "sections.title.identities"
FORMATS = {
    "frr": "%.3g %%",
    "far": "%.3g %%",
    "own_best": "%.4g",
    "difference": "%+.3g",
    "boundary": "%.4g",
    "samples": "%d",
    "false_rejects": "%d",
    "genuine_pairs": "%d",
    "false_accepts": "%d",
    "impostor_pairs": "%d",
}
EXPLAINED = ("own_best", "difference", "boundary")


def show(chosen: Chosen) -> None:
    """Draw each identity's errors, and say whom the threshold serves badly."""
    key = chosen.name, chosen.step, chosen.outcome.protocol
    errors, animals = lookups.judged(*key, chosen.outcome.threshold)
    live_figure(
        lookups.figure(*key, chosen.outcome.threshold, chosen.theme),
        key="verify.identities",
        height=230,
        alt=say("sections.identities.alt"),
    )
    boundaries = lookups.learned_boundaries(chosen.name, chosen.step, errors.identities)
    said = [in_words(errors, animals), in_words_of_boundaries(boundaries), sentences.share_in_words(chosen)]
    st.caption(joined("sentences", said))
    columns = table(errors, animals, lookups.own_thresholds(*key), boundaries, chosen.outcome.threshold)
    order, names = worst_first(errors, animals), lookups.names_of(chosen.name, errors)
    st.dataframe(
        {_title("identity"): [names[row] for row in order]}
        | {_title(what): values[order] for what, values in columns.items()},
        hide_index=True,
        column_config=_column_config(columns),
        row_height=27,
        height=250,
        placeholder="–",
    )
    head = [_title("identity"), *map(_title, columns)]
    st.download_button(
        say("sections.identities.csv"),
        lambda: csv_of(head, ([names[row], *(values[row] for values in columns.values())] for row in order)),
        file_name=f"identities-{chosen.name}-{chosen.step}.csv",
        mime="text/csv",
        icon=":material/download:",
        type="tertiary",
        on_click="ignore",
        help=say("sections.identities.csv_help"),
    )


def worst_first(errors: IdentityErrors, animals: Animals) -> np.ndarray:
    """The order (C,) of the identities: the named ones, then whom chance explains least, then by FAR + FRR."""
    sheep = ~(animals.is_goat | animals.is_wolf_or_lamb)
    chance = np.fmin(animals.goat_chance, animals.wolf_or_lamb_chance)
    return np.lexsort((-(errors.false_accept_rate + np.nan_to_num(errors.false_reject_rate)), chance, sheep))


def table(
    errors: IdentityErrors, animals: Animals, own: np.ndarray, boundaries: np.ndarray | None, threshold: float
) -> dict[str, np.ndarray]:
    """The columns (C,) by their keys, in order of the labels; NaN or None for what an identity cannot tell."""
    rejected = _texts(figures.intervals(*errors.false_reject_interval))
    rejected[errors.genuine_pairs == 0] = None
    accepted = _texts(figures.intervals(*errors.false_accept_interval))
    learned = {} if boundaries is None or np.isnan(boundaries).all() else {"boundary": boundaries}
    return {
        "frr": 100 * errors.false_reject_rate,
        "frr_interval": rejected,
        "far": 100 * errors.false_accept_rate,
        "far_interval": accepted,
        "animal": _texts(["" if animal == figures.SHEEP else animal for animal in animals.names()]),
        "own_best": own,
        "difference": own - threshold,
        **learned,
        "samples": errors.samples,
        "false_rejects": errors.false_rejects,
        "genuine_pairs": errors.genuine_pairs,
        "false_accepts": errors.false_accepts,
        "impostor_pairs": errors.impostor_pairs,
    }


def in_words(errors: IdentityErrors, animals: Animals) -> str:
    """How many stand out, and what that can mean."""
    goats, wolves = int(animals.is_goat.sum()), int(animals.is_wolf_or_lamb.sum())
    if goats or wolves:
        words = [say("sections.identities.outstanding", who=_counted(goats, wolves), share=100 * FALSE_NAMES)]
    else:
        words = [say("sections.identities.none", identities=len(errors.samples), share=100 * FALSE_NAMES)]
    if goats:
        words.append(say("sections.identities.goat"))
    if wolves:
        words.append(say("sections.identities.wolf"))
    if alone := int((errors.genuine_pairs == 0).sum()):
        words.append(say("sections.identities.alone", identities=alone))
    return joined("sentences", words)


def in_words_of_boundaries(boundaries: np.ndarray | None) -> str:
    """Where the loss has learned boundaries, but of none of these identities."""
    if boundaries is None or not np.isnan(boundaries).all():
        return ""
    return say("sections.identities.no_boundaries")


def _counted(goats: int, wolves: int) -> str:
    of_goats, of_wolves = count("sections.identities.goats", goats), count("sections.identities.wolves", wolves)
    if goats and wolves:
        return say("sections.identities.both", goats=of_goats, wolves=of_wolves)
    return of_goats if goats else of_wolves


def _title(column: str) -> str:
    return say(f"sections.identities.column.{column}")


def _help(column: str) -> str:
    return say(f"sections.identities.help.{column}")


def _texts(values: Sequence[str]) -> np.ndarray:
    return np.array(values, object)


def _column_config(columns: dict[str, np.ndarray]) -> dict[str, Any]:
    numbers = {
        _title(what): st.column_config.NumberColumn(
            format=FORMATS[what], help=_help(what) if what in EXPLAINED else None
        )
        for what in columns
        if what in FORMATS
    }
    animal = st.column_config.TextColumn(help=_help("animal"))
    return {_title("identity"): st.column_config.TextColumn(pinned=True), _title("animal"): animal, **numbers}

"""A threshold as a file of Python that needs numpy alone, for those who put it to work."""

from __future__ import annotations

import json
from collections.abc import Mapping
from textwrap import wrap
from typing import Any

from core.distances import DISTANCES
from core.handover.card import AS_GIVEN, NEGATED
from core.handover.left_out import left_out_in_words
from core.handover.words import (
    distance_in_words,
    doubts_in_words,
    goal_in_words,
    identities_in_words,
    in_own_terms,
    interval_in_words,
    percentages,
    rule_in_words,
)

SOURCES = {
    "file": "File",
    "run": "Run",
    "data_digest": "SHA-256 of the data",
    "model_digest": "SHA-256 of the model's checkpoint",
    "embeddings_digest": "SHA-256 of the embeddings",
    "scores_digest": "SHA-256 of the scores",
}
WIDTH = 78  # of the comments
UNIT = '''

def unit(embeddings):
    """Scaled to length 1; the zero vector stays."""
    lengths = np.sqrt((embeddings**2).sum(axis=-1, keepdims=True))
    return embeddings / np.where(lengths > 0, lengths, 1)
'''
OF_EMBEDDINGS = '''import numpy as np

THRESHOLD = {threshold}


def is_same(first, second):
    """Embeddings (D,), or N pairs of them as two (N, D) -> whether each pair is accepted, ties too."""
    return distance(first, second) <= THRESHOLD


def distance(first, second):
    first, second = np.asarray(first, dtype=np.float64), np.asarray(second, dtype=np.float64)
{prepare}    return {formula}
'''
OF_SCORES = '''import numpy as np

THRESHOLD = {threshold}


def is_same(score):
    """One {kind} as it stood in the file, or N of them -> whether each pair is accepted, ties too."""
    return np.asarray(score, dtype=np.float64) {sign} THRESHOLD
'''


def python_snippet(card: Mapping[str, Any]) -> str:
    """A file with `is_same` for the card of a threshold, and in comments where it comes from.

    Its distances are those of core/distances to rounding. Raises ValueError for a distance that hangs on all points of
    a data set, which no card carries.
    """
    kind, threshold = card["distance"], _number(card)
    if kind in (AS_GIVEN, NEGATED):
        sign, named = (">=", "similarity") if kind == NEGATED else ("<=", "distance")
        return _comments(card) + OF_SCORES.format(threshold=threshold, sign=sign, kind=named)
    formula = DISTANCES[kind].in_numpy
    if formula is None:
        raise ValueError(
            "a threshold as code must be of a distance that two embeddings alone decide, got "
            f"{distance_in_words(card)}, which hangs on the spread of the whole data set. Scale the embeddings before "
            "you measure them, and choose the Euclidean distance."
        )
    formula = formula.format(**card.get("distance_parameters", {}))
    prepare = "    first, second = unit(first), unit(second)\n" if card["normalisation"] == "l2" else ""
    code = OF_EMBEDDINGS.format(threshold=threshold, prepare=prepare, formula=formula)
    return _comments(card) + code + (UNIT if "unit(" in code else "")


def _number(card: Mapping[str, Any]) -> str:
    """The threshold as code, with room for rounding; one that nothing reaches where nobody is to be accepted."""
    if card["accepts_nobody"]:
        return f'float("{"" if card["distance"] == NEGATED else "-"}inf")'
    return repr(in_own_terms(card, "threshold_elsewhere"))


def _comments(card: Mapping[str, Any]) -> str:
    lines = [
        line for fact in _facts(card) for line in wrap(fact, WIDTH, subsequent_indent="  ", break_on_hyphens=False)
    ]
    return "".join(f"# {line}\n" for line in lines) + "\n"


def _facts(card: Mapping[str, Any]) -> list[str]:
    """Where the threshold comes from, one sentence each; what a user may have named stands in quotes."""
    interval = card["threshold_interval"]
    return [
        f"{rule_in_words(card)}.",
        *_room(card),
        f"Goal: {goal_in_words(card['goal'])}.",
        *(["On the safe side: its upper bound of 95 % meets the limit."] if card["safe_side"] else []),
        *doubts_in_words(card),
        *([] if card["goal_is_supported"] else ["These pairs are too few to show that the goal is met."]),
        *([f"With other identities the threshold might have been {interval_in_words(card)}."] if interval else []),
        f"False accept rate: {_rate(card, 'false_accept')}",
        f"False reject rate: {_rate(card, 'false_reject')}",
        f"Measured on {card['positive_pairs']:,} genuine and {card['negative_pairs']:,} impostor pairs "
        f"{identities_in_words(card)}, {card['protocol_in_words']}.",
        *([f"{left_out}."] if (left_out := left_out_in_words(card)) else []),
        *(f"{title}: {json.dumps(card[name])}" for name, title in SOURCES.items() if name in card),
        f"Date: {card['date']}",
    ]


def _room(card: Mapping[str, Any]) -> list[str]:
    """Why the number below is another one than that of the rule."""
    if card["accepts_nobody"] or card["threshold_elsewhere"] == card["threshold"]:
        return []
    return [
        f"The threshold below lies half way between {in_own_terms(card)!r} and the next pair: it accepts the same of "
        "the pairs it was chosen from, and leaves room for rounding."
    ]


def _rate(card: Mapping[str, Any], kind: str) -> str:
    share, low, high = percentages([card[f"{kind}_rate"], *card[f"{kind}_interval"]])
    return f"{share} (95 % interval {low} to {high})."

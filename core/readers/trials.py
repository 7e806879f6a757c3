"""Scores and the list of trials that says which of them are of the same identity, as Kaldi keeps them."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from core.readers.pair_list import PairList, Sides
from core.system.quoting import shown


def with_trials(scores: PairList, trials: PairList) -> PairList:
    """The trials in their order, with the scores of the same two names; NaN where there is none.

    Raises ValueError where either list lacks what it is there for, where two scores of one trial differ, and where no
    trial has a score.
    """
    if scores.is_same is not None:
        raise ValueError(
            f"{scores.name} must leave the truth to {trials.name}, got it in both ({scores.form()}). Bring one of them "
            "alone."
        )
    if scores.scores is None or scores.sides is None:
        raise ValueError(
            f"{scores.name} must hold two names and a score in each line to go with {trials.name}, got no "
            f"{'scores' if scores.scores is None else 'names'}. Write lines such as enrol test 0.83."
        )
    if trials.is_same is None or trials.sides is None:
        raise ValueError(
            f"{trials.name} must hold two names and the truth in each line, got no "
            f"{'truth' if trials.is_same is None else 'names'}. Write lines such as enrol test target."
        )
    score_of = _by_names(scores, scores.sides, scores.scores)
    names = _names(trials.sides)
    values = np.array([score_of.get(both, np.nan) for both in names])
    extra = len(score_of.keys() - set(names))
    if len(score_of) == extra:
        raise ValueError(
            f"{scores.name} must score the trials of {trials.name}, got {shown(' '.join(next(iter(score_of))))} where "
            f"the first trial is {shown(' '.join(names[0]))}. Use the same two names in the same order."
        )
    notes = (*trials.notes, f"scores of {scores.name}")
    if extra:
        notes += (f"{extra:,} scores of no trial left aside",)
    return replace(trials, scores=values, direction=scores.direction, known_by=scores.known_by, notes=notes)


def _names(sides: Sides) -> list[tuple[str, str]]:
    first, second = ([sides.names[at] for at in side] for side in sides.places.tolist())
    return list(zip(first, second, strict=True))


def _by_names(scores: PairList, sides: Sides, values: np.ndarray) -> dict[tuple[str, str], float]:
    score_of: dict[tuple[str, str], float] = {}
    for row, both in enumerate(_names(sides)):
        value = float(values[row])
        if score_of.setdefault(both, value) != value and not np.isnan(value):
            raise ValueError(
                f"{scores.name}, line {scores.lines[row]} must score a pair that has no other score, got "
                f"{shown(' '.join(both))} again. Remove one of the two."
            )
    return score_of

"""By how much one strategy is better than another: differences over the same seeds and the same identities.

Strategies are trained from the same seeds, and a seed of one is compared with that seed of the other. Every two
strategies of a table are compared, so each interval is as wide as it must be for all of one number to hold together.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from itertools import combinations
from typing import NamedTuple

import numpy as np

from core.comparison.reached import NUMBERS, Reached
from core.evidence.intervals import CONFIDENCE
from core.evidence.seeded_differences import (
    BETTER,
    OPEN,
    WORSE,
    SeededDifference,
    confidence_among,
    difference_over_seeds,
    replicated_difference,
    seeded_difference,
)

Trainings = Mapping[int, Reached]  # of one strategy, by seed
OTHER = "different"  # of a number of which more is neither better nor worse


class Comparison(NamedTuple):
    """One strategy beside another: their difference, the first minus the second, and in a word what it means."""

    first: str
    second: str
    difference: SeededDifference
    verdict: str


def compared(strategies: Mapping[str, Trainings], key: str, confidence: float = CONFIDENCE) -> list[Comparison]:
    """Every two strategies by name, in their order, in one of NUMBERS.

    Only seeds that both have count. Raises ValueError where two have no seed in common.
    """
    pairs = list(combinations(strategies, 2))
    among = confidence_among(max(len(pairs), 1), confidence)
    found = []
    for first, second in pairs:
        difference = difference_of(strategies[first], strategies[second], key, among)
        found.append(Comparison(first, second, difference, verdict_of(difference, key)))
    return found


def difference_of(first: Trainings, second: Trainings, key: str, confidence: float = CONFIDENCE) -> SeededDifference:
    """The first minus the second, with its interval over seeds and identities; over seeds alone for a number of which
    nothing is known identity by identity. No end lies further away than two such numbers can be apart."""
    largest = NUMBERS[key].largest
    return _within(_difference(first, second, key, confidence), -largest, largest)


def _difference(first: Trainings, second: Trainings, key: str, confidence: float) -> SeededDifference:
    seeds = sorted(first.keys() & second.keys())
    if not seeds:
        raise ValueError("two strategies must have a seed in common, got none. Train both from the same seeds.")
    both = [(first[seed], second[seed]) for seed in seeds]
    values = np.array([one.values[key] - other.values[key] for one, other in both])
    if all(key in of.parts for pair in both for of in pair):
        parts, present = _parts(both, key)
        return seeded_difference(values, parts, confidence, present)
    if _are_alike([of for pair in both for of in pair]) and all(key in of.draws for pair in both for of in pair):
        draws = np.array([one.draws[key] - other.draws[key] for one, other in both])
        return replicated_difference(values, draws, len(both[0][0].identities), confidence)
    return difference_over_seeds(values, confidence)


def level_of(trainings: Trainings, key: str, confidence: float = CONFIDENCE) -> SeededDifference:
    """What a strategy reaches by itself, as its difference from nothing."""
    nothing = {seed: _nothing(of) for seed, of in trainings.items()}
    return _within(_difference(trainings, nothing, key, confidence), 0.0, NUMBERS[key].largest)


def _within(of: SeededDifference, least: float, largest: float) -> SeededDifference:
    """With its ends no further out; an end that nothing is known of stays without one."""
    low, high = (
        (max(of.low, least), min(of.high, largest)) if np.isfinite([of.low, of.high]).all() else (of.low, of.high)
    )
    return replace(of, low=low, high=high)


def verdict_of(difference: SeededDifference, key: str) -> str:
    """BETTER, WORSE or OPEN as seen from the first strategy, whichever way the number goes. From one seed it is OPEN:
    nobody knows what another would give."""
    more_is_better, verdict = NUMBERS[key].more_is_better, difference.verdict
    if difference.seeds == 1:
        return OPEN
    if verdict == OPEN or more_is_better:
        return verdict
    if more_is_better is None:
        return OTHER
    return WORSE if verdict == BETTER else BETTER


def _are_alike(all_of_them: Sequence[Reached]) -> bool:
    """Whether they were measured on as many samples of the same identities, so that their draws are the same."""
    one = all_of_them[0]
    return all(
        np.array_equal(of.identities, one.identities) and np.array_equal(of.sizes, one.sizes) for of in all_of_them
    )


def _parts(both: Sequence[tuple[Reached, Reached]], key: str) -> tuple[np.ndarray, np.ndarray]:
    """The parts (S, C) in the differences of all identities of any seed, and which of them each seed was measured on;
    of two that were measured on different ones each has its own."""
    everyone = np.unique(np.concatenate([of.identities for pair in both for of in pair]))
    parts, present = np.zeros((len(both), len(everyone))), np.zeros((len(both), len(everyone)), np.bool_)
    for row, pair in enumerate(both):
        for sign, of in zip((1, -1), pair, strict=True):
            places = np.searchsorted(everyone, of.identities)
            parts[row, places] += sign * of.parts[key]
            present[row, places] = True
    return parts, present


def _nothing(like: Reached) -> Reached:
    """A training that reaches 0 in everything, on the same identities and draws."""
    return Reached(
        like.identities,
        like.sizes,
        dict.fromkeys(like.values, 0.0),
        {key: np.zeros(len(parts)) for key, parts in like.parts.items()},
        {key: np.zeros(len(draws)) for key, draws in like.draws.items()},
    )

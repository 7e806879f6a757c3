"""Rates, goals and the rule of a threshold in plain words: the same on pages, in reports and in comments of code."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import numpy as np

from core.distances import DISTANCES
from core.evidence.intervals import Interval
from core.handover.card import NEGATED
from core.params import params_of
from core.thresholds.outcome import Outcome, Rate
from core.verification.goals import GOALS


def percentages(rates: Iterable[float], digits: int = 3) -> list[str]:
    """Shares as percentages with so many significant digits, never as powers of ten."""
    return [
        f"{np.format_float_positional(100 * rate, precision=digits, fractional=False, trim='-')} %" for rate in rates
    ]


def of_a_round_number(counts: np.ndarray, total: int) -> tuple[np.ndarray, np.ndarray]:
    """Counts (S,) of `total` as so many of 1,000, or of the next power of ten of which it is at least ten.

    So two or three digits tell them. Where that would be more than there are, the count itself of `total`.
    """
    shares = np.maximum(counts, 1) / total
    bases = 10.0 ** np.maximum(3, np.ceil(1 - np.log10(shares)))
    exact = (bases >= total) | (counts == 0)
    bases = np.where(exact, total, bases)
    return np.where(exact, counts, np.floor(counts / total * bases + 0.5)).astype(np.int64), bases.astype(np.int64)


def between(band: Interval, bases: np.ndarray, words: str = "{low} to {high}") -> list[str]:
    """The ends of an interval at each threshold as whole numbers of the base, outwards, in words with places for
    both."""
    low, high = np.floor(band.low * bases).astype(np.int64), np.ceil(band.high * bases).astype(np.int64)
    ends = zip(low.tolist(), high.tolist(), strict=True)
    return [words.format(low=f"{first:,d}", high=f"{last:,d}") for first, last in ends]


def goal_in_words(goal: Mapping[str, Any]) -> str:
    """Of a goal as the card describes it."""
    kind = GOALS[goal["kind"]]
    shares = {declared.name for declared in params_of(kind) if declared.unit == "share"}
    shown = {name: percentages([value])[0] if name in shares else value for name, value in goal.items()}
    return kind.words.format(**shown)


def distance_in_words(card: Mapping[str, Any]) -> str:
    """The distance of a card with its parameters, as it is printed."""
    kind, parameters = card["distance"], card.get("distance_parameters", {})
    named = [DISTANCES[kind].title if kind in DISTANCES else kind, *(f"{p} = {x:g}" for p, x in parameters.items())]
    return ", ".join(named)


def rule_in_words(card: Mapping[str, Any]) -> str:
    """When to accept, in the terms that the pairs were given in; the threshold has five significant digits."""
    if card["accepts_nobody"]:
        return "Accept nobody: no threshold that accepts any of these pairs serves the goal"
    if card["distance"] == NEGATED:
        return f"Accept when the similarity is at least {in_own_terms(card):.5g}"
    return f"Accept when the distance ({distance_in_words(card)}) is at most {card['threshold']:.5g}"


def in_own_terms(card: Mapping[str, Any], name: str = "threshold") -> float:
    """The card's threshold, or another one that it names, as the scores were given: itself, or for a similarity minus
    itself."""
    return 0.0 - card[name] if card["distance"] == NEGATED else card[name]


def interval_in_words(card: Mapping[str, Any]) -> str:
    """Between which thresholds it might have been, in the terms of `in_own_terms`; of a card that has an interval."""
    ends = (in_own_terms({**card, "threshold": end}) for end in card["threshold_interval"])
    return " to ".join(f"{end:.5g}" for end in sorted(ends))


def identities_in_words(card: Mapping[str, Any]) -> str:
    """How many identities a card speaks of, or that nobody knows them."""
    count = card["identities"]
    return f"of {count:,} identities" if count else "of identities that the file does not name"


def errors_in_words(outcome: Outcome) -> str:
    """How many are let in and refused of a round number of attempts, with the ends of the 95 % intervals."""
    impostors, let_in = _of_attempts(outcome.false_accept, outcome.impostor_pairs)
    genuine, refused = _of_attempts(outcome.false_reject, outcome.genuine_pairs)
    return f"Of {impostors} impostors this lets in {let_in}; of {genuine} genuine pairs it refuses {refused}."


def doubts_in_words(card: Mapping[str, Any]) -> list[str]:
    """Why the intervals, or the rates themselves, may mislead: one identity that has most of the pairs, an older
    version, identities that nobody named."""
    doubts: list[str] = []
    of_one: dict[str, list[str]] = {}
    for kind, largest in card.get("one_identity_has_most_pairs", {}).items():
        of_one.setdefault(largest["identity"], []).append(f"{percentages([largest['share']])[0]} of the {kind} pairs")
    for identity, shares in of_one.items():
        most = " and ".join(shares)
        doubts.append(f"{most} are of one identity, {identity}: leave it out, cap it, or weigh identities alike.")
    if not card["intervals_are_vouched_for"] and card["identities"]:
        if doubts:
            doubts.append("Too few others tell how far identities differ, so nobody can vouch for these intervals.")
        else:
            doubts.append("These intervals are of an older version and may be too narrow: measure again.")
    return doubts


def promise_in_words(card: Mapping[str, Any]) -> str:
    """How likely the limit holds on new identities; nothing for goals without one, nor where nobody can vouch."""
    if "promise_holds_with_probability" not in card or not card["intervals_are_vouched_for"]:
        return ""
    share = card["promise_holds_with_probability"]
    likely = "more than 99 %" if share > 0.99 else "less than 1 %" if share < 0.01 else f"about {100 * share:.0f} %"
    return f"How likely the limit holds on new identities, by the pairs that report: {likely}."


def _of_attempts(rate: Rate, total: int) -> tuple[str, str]:
    """A round number, and how many of it, with the ends."""
    (number,), (base,) = of_a_round_number(np.rint(np.array([rate.share * total])), total)
    (ends,) = between(Interval(np.array([rate.low]), np.array([rate.high])), np.array([base]))
    return f"{base:,d}", f"{'' if base == total else 'about '}{number:,d} ({ends})"

"""How far a rate can be trusted that was measured on pairs which share identities; numpy and scipy.special alone.

Two pairs with an identity in common tend to be wrong together, so P pairs tell less than P independent ones would: as
much as their effective number (dyadic_variance.py). Wilson's interval for that number is the one to show (Fogliato,
Patil and Perona 2024, "Confidence intervals for error rates in 1:1 matching tasks"); for the number of pairs itself it
is too narrow.
"""

from __future__ import annotations

from math import ceil
from typing import NamedTuple

import numpy as np

CONFIDENCE = 0.95
RULE_OF_THREE = 3.0  # -log(0.05), rounded up: with no error among n, rates above 3 / n are refused at 95 %
Ends = tuple[float, float]


class Interval(NamedTuple):
    """Two ends, both within; arrays where there is one interval per threshold."""

    low: np.ndarray
    high: np.ndarray


def quantile(identities: float = np.inf, confidence: float = CONFIDENCE) -> float:
    """How many standard errors reach to the ends: Student's t with one degree of freedom less than identities."""
    from scipy.special import ndtri, stdtrit

    if not 0 < confidence < 1:
        raise ValueError(f"confidence must be between 0 and 1, got {confidence}. Give 0.95 for 95 %.")
    tail = (1 + confidence) / 2
    return float(stdtrit(max(identities - 1, 1), tail)) if np.isfinite(identities) else float(ndtri(tail))


def reach(freedom: np.ndarray | float, confidence: float = CONFIDENCE) -> np.ndarray:
    """The same for degrees of freedom of any shape, at least 1 each; infinitely many are the normal distribution."""
    from scipy.special import stdtrit

    return stdtrit(np.maximum(np.asarray(freedom, np.float64), 1.0), (1 + confidence) / 2)


def wilson(rate: np.ndarray | float, count: np.ndarray | float, reach: np.ndarray | float) -> Interval:
    """Rates and the numbers of independent pairs they were measured on, any shapes -> the ends within [0, 1].

    All rates r from which the measured one is at most `reach` standard errors sqrt(r (1 - r) / count) away (Wilson
    1927). It has a width even where no error was seen, and none at all is known from a count of 0: 0 to 1.
    """
    rate, count = np.asarray(rate, np.float64), np.asarray(count, np.float64)
    known = np.maximum(count, 1e-12)
    weight = reach**2 / known
    middle = (rate + weight / 2) / (1 + weight)
    half = reach / (1 + weight) * np.sqrt((rate * (1 - rate) + weight / 4) / known)
    low, high = np.clip(middle - half, 0.0, 1.0), np.clip(middle + half, 0.0, 1.0)
    # Where all or none are wrong one end is that very share, which rounding must not miss.
    return Interval(np.where((count > 0) & (rate > 0), low, 0.0), np.where((count > 0) & (rate < 1), high, 1.0))


def threshold_interval(thresholds: np.ndarray, band: Interval, limit: float, *, rises: bool) -> tuple[float, float]:
    """Ascending thresholds (S,) and the band of a rate that rises along them, or falls (S,) -> between which thresholds
    lies the one to choose for a limit on the rate: the choice were the rate everywhere at one end, and at the other.

    A choice is the outermost threshold at which the rate is at most the limit, or the first or last of all where none
    is. The true choice may lie between two thresholds, so each end is moved on to the next one.
    """
    if rises:
        within = [np.flatnonzero(end <= limit) for end in (band.high, band.low)]
        first, last = (places[-1] if len(places) else 0 for places in within)
    else:
        within = [np.flatnonzero(end <= limit) for end in (band.low, band.high)]
        first, last = (places[0] if len(places) else len(thresholds) - 1 for places in within)
    return with_neighbours(thresholds, int(first), int(last))


def with_neighbours(thresholds: np.ndarray, first: int, last: int) -> tuple[float, float]:
    """The thresholds (S,) next to those of two places, on their outer sides."""
    return float(thresholds[max(first - 1, 0)]), float(thresholds[min(last + 1, len(thresholds) - 1)])


def identities_needed(target: float, count: float, identities: int, linear: float = 0.0) -> int:
    """How many identities would show a rate to be at most `target`, by the rule of three, if no error were seen.

    `count` effective pairs came from `identities`. A share `linear` of the variance of a rate falls with the number of
    identities, the rest with its square, as pairs of different identities that were independent would have it.
    """
    if not 0 < target < 1:
        raise ValueError(f"the target must be between 0 and 1, got {target}. Give 0.001 for 0.1 %.")
    times = RULE_OF_THREE / target / count if count > 0 else 0.0
    return ceil(identities * (linear * times + np.sqrt((linear * times) ** 2 + 4 * (1 - linear) * times)) / 2)

"""How likely a limit on a rate holds on new identities, and the thresholds on its safe side; numpy, scipy.special.

A threshold chosen at a limit of FAR keeps it on new identities about every other time: its rate is an estimate, above
the truth as often as below. `promised_share` is the level at which a one-sided interval, by the same score as Wilson's,
still ends at the limit.
"""

from __future__ import annotations

import numpy as np

from core.evidence.intervals import CONFIDENCE


def promised_share(rate: np.ndarray, count: np.ndarray, freedom: np.ndarray, limit: float) -> np.ndarray:
    """Rates, the numbers of independent pairs that they are worth and their degrees of freedom, any shapes -> how
    likely each true rate is at most the limit: Student's distribution at (limit - rate) / sqrt(limit (1 - limit) /
    count).
    """
    from scipy.special import stdtr

    if limit >= 1:
        return np.ones(np.shape(rate))
    if limit <= 0:
        return np.zeros(np.shape(rate))
    return stdtr(np.maximum(freedom, 1.0), (limit - rate) * np.sqrt(count / (limit * (1 - limit))))


def safe_place(promises: np.ndarray, *, rises: bool, confidence: float = CONFIDENCE) -> int | None:
    """The last place up to which all promises (S,) of a rate that rises are as large as the confidence, or the first
    from which all are for one that falls; None where there is none."""
    is_safe = promises >= confidence
    if rises:
        place = len(is_safe) if is_safe.all() else int(np.argmin(is_safe))
        return place - 1 if place else None
    place = 0 if is_safe.all() else len(is_safe) - int(np.argmin(is_safe[::-1]))
    return place if place < len(is_safe) else None

"""Whether scores look turned round: genuine pairs further apart than impostors; numpy alone."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from core.evidence.evidence import Evidence
from core.statistics.roc import curve_auc
from core.verification.scored_pairs import ScoredPairs

ERRORS = 3.0  # standard errors below one half that are no accident


def looks_swapped(evidence: Evidence) -> bool:
    """Whether the area under the curve lies below one half by more than chance: by ERRORS standard errors of as many
    pairs as these are worth."""
    area = curve_auc(evidence.curve)
    genuine, impostor = (float(np.median(of)) for of in (evidence.effective_positives, evidence.effective_negatives))
    return bool(area + ERRORS * area_error(area, genuine, impostor) < 0.5)


def area_error(area: float, genuine: float, impostor: float) -> float:
    """The standard error of an area under the curve of so many independent pairs of either kind (Hanley and McNeil
    1982)."""
    q1, q2 = area / (2 - area), 2 * area**2 / (1 + area)
    variance = area * (1 - area) + (genuine - 1) * (q1 - area**2) + (impostor - 1) * (q2 - area**2)
    return float(np.sqrt(max(variance, 0.25) / (genuine * impostor)))  # never less than that of one half alone


def turned(pairs: ScoredPairs) -> ScoredPairs:
    """The same pairs with the larger score taken for the closer one, or the smaller where that was the larger."""
    distances = np.where(np.isfinite(pairs.distances), 0.0 - pairs.distances, pairs.distances)  # failures stay refused
    return replace(pairs, distances=distances, is_similarity=not pairs.is_similarity)


def swapped_in_words(pairs: ScoredPairs, area: float) -> str:
    """What looks wrong, and what the other reading is."""
    read, other = ("larger", "smaller") if pairs.is_similarity else ("smaller", "larger")
    return (
        f"these scores look turned round: with the {read} ones taken for closer, genuine pairs are further apart than "
        f"impostors (area under the curve {area:.3f}). Read with the {other} ones closer it is {1 - area:.3f}"
    )

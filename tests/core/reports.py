"""Outcomes and cards of a small set, for whatever hands them over."""

from __future__ import annotations

from functools import cache
from typing import Any

import numpy as np

from core.distances import EUCLIDEAN
from core.evidence.appraisal import Appraisal, appraise, deepened
from core.evidence.appraisal_of_scores import appraise_scores
from core.handover.card import source_of_file, source_of_scores, threshold_card
from core.statistics.summary import summarise
from core.statistics.threshold_grid import threshold_grid
from core.thresholds.outcome import Outcome, outcome
from core.verification.goals import Goal
from core.verification.near_pairs import ListedPairs, PointPairs
from core.verification.protocols import OTHERS
from core.verification.scored_pairs import ScoredPairs


@cache
def measured() -> tuple[np.ndarray, Appraisal, dict[str, Any]]:
    """40 identities of six points of unit length, what is known of their thresholds, and their numbers."""
    generator, labels = np.random.default_rng(0), np.repeat(np.arange(40), 6)
    points = generator.normal(size=(40, 8))[labels] + 0.5 * generator.normal(size=(240, 8))
    points /= np.linalg.norm(points, axis=1, keepdims=True)
    found = summarise(points, labels, margin=0.0, distance=EUCLIDEAN)
    return points, deepened(appraise(points, labels, found.thresholds), points, labels, found.thresholds), found.numbers


def of_embeddings(goal: Goal, protocol: str = OTHERS, name: str = "faces.npz") -> tuple[dict[str, Any], Outcome]:
    points, appraisal, numbers = measured()
    told = outcome(appraisal, goal, protocol, PointPairs(points, np.repeat(np.arange(40), 6)))
    return threshold_card(told, source=source_of_file(name, points, EUCLIDEAN, numbers), date="2026-01-31"), told


def of_similarities(goal: Goal, name: str = "scores.csv") -> tuple[dict[str, Any], Outcome]:
    """500 pairs whose identities nobody named, larger is closer."""
    generator, is_same = np.random.default_rng(0), np.arange(500) < 150
    pairs = ScoredPairs(-np.round(generator.normal(0.4 + 0.3 * is_same, 0.1), 2), is_same, is_similarity=True)
    told = outcome(appraise_scores(pairs, threshold_grid(pairs)), goal, "same-pairs", ListedPairs(pairs))
    return threshold_card(told, source=source_of_scores(name, pairs), date="2026-01-31"), told

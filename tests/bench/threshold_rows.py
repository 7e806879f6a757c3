"""The chosen threshold beside the best of all distances, on 50 random sets: narrow, wide, tied and small ones.

The best is found by brute force, without the product's grid and its look between two thresholds: from all distances of
up to 5,000 points at once, of more points from the smallest impostor distances of every block of rows.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple

import numpy as np

from core.distances import EUCLIDEAN, Cosine, DotProduct
from core.distances.base import Distance
from core.evidence.appraisal import appraise
from core.evidence.appraisal_of_scores import appraise_scores
from core.statistics.distance_blocks import distance_matrix
from core.statistics.threshold_grid import threshold_grid
from core.thresholds.outcome import outcome
from core.verification.goals import Accuracy, Far, Frr, Goal
from core.verification.near_pairs import ListedPairs, PointPairs
from core.verification.protocols import SAME
from core.verification.scored_pairs import ScoredPairs

SIZES = (100, 130, 200, 300, 500, 800, 1200, 2000, 2049, 3000, 5000)
LARGE = (10_000, 20_000, 200_000)
SETS = 50
AT_ONCE, LISTED = 5000, 500
LIMITS = (1e-4, 1e-3, 1e-2, 0.1)
FEWEST = 100  # times a set's smallest FAR that is tried among many points
DISTANCES: tuple[Distance, ...] = (EUCLIDEAN, Cosine(), DotProduct())


class Set(NamedTuple):
    embeddings: np.ndarray
    labels: np.ndarray
    distance: Distance

    @property
    def points(self) -> np.ndarray:
        return self.distance.prepared(self.embeddings)


def rows() -> list[dict[str, Any]]:
    worst, best_by_grid, agree, listed = np.zeros(2), 0.0, 0, 0
    for found in _sets():
        everyone, pairs = _appraised(found), PointPairs(found.points, found.labels, found.distance)
        for goal, best in _best(found):
            told = outcome(everyone, goal, SAME, pairs)
            worst = np.maximum(worst, np.abs(np.array([told.false_accept.share, told.false_reject.share]) - best))
            rough = outcome(everyone, goal, SAME)
            beyond = np.array([best[0] - rough.false_accept.share, rough.false_reject.share - best[1]])
            best_by_grid = max(best_by_grid, float((beyond - rough.bound).max()))
            if len(found.labels) <= LISTED:
                listed += 1
                agree += told.verdict == _of_the_list(found, goal)
    what = f"chosen threshold, {SETS} sets of 100 to {max(LARGE):,} points"
    return [
        _row(f"{what}: FAR off", worst[0], "exact optimum", 1e-12),
        _row(f"{what}: FRR off", worst[1], "exact optimum", 1e-12),
        _row(f"{what}: beyond the bound without a look", best_by_grid, "the bound on the card", 1e-12),
        _row("embeddings and the list of their pairs disagree", listed - agree, f"of {listed} thresholds", 0.0),
    ]


def _row(what: str, ours: float, name: str, most: float) -> dict[str, Any]:
    cells = {"what": what, "ours": float(ours), "unit": None, "peer": most, "peer_name": name, "ratio": None}
    return cells | {"bar": f"<= {most:g}", "holds": ours <= most}


def _sets() -> Iterator[Set]:
    sizes = [*LARGE, *(SIZES[number % len(SIZES)] for number in range(SETS - len(LARGE)))]
    for seed, size in enumerate(sizes):
        generator = np.random.default_rng(seed)
        dimension, samples = int(generator.integers(2, 12)), int(generator.integers(3, 9))
        identities = size // samples
        labels = np.sort(generator.integers(0, identities, size))
        spread = 10.0 ** generator.uniform(-3, 1)
        centres = generator.normal(size=(identities, dimension))
        noise = generator.standard_t(3, size=(size, dimension))
        points = generator.choice([0.0, 5.0, 50.0]) + spread * (centres[labels] + generator.uniform(0.1, 0.8) * noise)
        if seed % 4 == 3:
            points = np.round(points / spread) * spread  # ties
        distance = DISTANCES[seed % len(DISTANCES)]
        yield Set(points.astype(generator.choice([np.float32, np.float64])), labels, distance)


def _appraised(found: Set) -> Any:
    from core.evidence.appraisal import appraised
    from core.evidence.identity_counts import identity_sums
    from core.statistics.pair_distances import pair_distances
    from core.statistics.summary import Prepared

    if len(found.labels) > AT_ONCE:
        work = Prepared(found.embeddings, found.labels, distance=found.distance)
        return appraised(identity_sums(work.points, found.labels, work.thresholds, distance=found.distance))
    grid = threshold_grid(pair_distances(found.points, found.labels, distance=found.distance))
    return appraise(found.embeddings, found.labels, grid, distance=found.distance)


def _best(found: Set) -> Iterator[tuple[Goal, np.ndarray]]:
    """Goals, and FAR and FRR at the best of all distances."""
    if len(found.labels) > AT_ONCE:
        yield from _best_of_many(found)
        return
    distances = distance_matrix(found.points, found.distance)[np.triu_indices(len(found.labels), 1)]
    first, second = np.triu_indices(len(found.labels), 1)
    same = found.labels[first] == found.labels[second]
    genuine, impostor = np.sort(distances[same]), np.sort(distances[~same])
    for limit in LIMITS:
        allowed = int(np.floor(limit * len(impostor) * (1 + 1e-15)))
        yield Far(limit), _rates(genuine, impostor, _below(genuine, impostor, impostor[allowed]))
    needed = int(np.ceil((1 - 0.05) * len(genuine) - 1e-9))
    yield Frr(0.05), _rates(genuine, impostor, genuine[needed - 1])
    candidates = np.append(-np.inf, np.unique(genuine))
    right = np.searchsorted(genuine, candidates, "right") + len(impostor)
    right -= np.searchsorted(impostor, candidates, "right")
    yield Accuracy(), _rates(genuine, impostor, candidates[np.argmax(right)])


def _best_of_many(found: Set) -> Iterator[tuple[Goal, np.ndarray]]:
    """For limits that few impostors fill: their smallest distances, and those of all genuine pairs."""
    points, labels = found.points, found.labels
    sizes = np.unique(labels, return_counts=True)[1]
    count = len(labels) * (len(labels) - 1) // 2 - int((sizes * (sizes - 1) // 2).sum())
    limits = [FEWEST * 10**power / count for power in (0, 1)]
    kept = int(max(limits) * count) + 2
    genuine, impostor = [], np.empty(0)
    for start in range(0, len(labels), 500):
        block = found.distance.between(points[start : start + 500], points[start:])
        later = np.arange(block.shape[1]) > np.arange(len(block))[:, None]
        same = labels[start : start + 500, None] == labels[start:]
        genuine.append(block[same & later])
        others = np.concatenate([impostor, block[~same & later]])
        impostor = np.partition(others, kept - 1)[:kept] if len(others) > kept else others
    all_genuine, few = np.sort(np.concatenate(genuine)), np.sort(impostor)
    for limit in limits:
        allowed = int(np.floor(limit * count * (1 + 1e-15)))
        threshold = _below(all_genuine, few, few[allowed])
        wrongly = np.searchsorted(few, threshold, "right") / count
        missed = 1 - np.searchsorted(all_genuine, threshold, "right") / len(all_genuine)
        yield Far(limit), np.array([wrongly, missed])


def _below(genuine: np.ndarray, impostor: np.ndarray, beyond: float) -> float:
    """The largest distance below one that must not be accepted."""
    ends = [kind[kind < beyond] for kind in (genuine, impostor)]
    return max((float(kind[-1]) for kind in ends if len(kind)), default=-np.inf)


def _rates(genuine: np.ndarray, impostor: np.ndarray, threshold: float) -> np.ndarray:
    missed = 1 - np.searchsorted(genuine, threshold, "right") / len(genuine)
    return np.array([np.searchsorted(impostor, threshold, "right") / len(impostor), missed])


def _of_the_list(found: Set, goal: Goal) -> Any:
    first, second = np.triu_indices(len(found.labels), 1)
    apart = distance_matrix(found.points, found.distance)[first, second]
    names = tuple(f"{label:06d}" for label in range(int(found.labels.max()) + 1))
    same = found.labels[first] == found.labels[second]
    pairs = ScoredPairs(apart, same, found.labels[first], found.labels[second], names)
    return outcome(appraise_scores(pairs, threshold_grid(pairs)), goal, SAME, ListedPairs(pairs)).verdict

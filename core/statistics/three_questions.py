"""Measures how well one space answers three questions (three_answers.py); numba and scipy, for workers."""

from __future__ import annotations

import numpy as np

from core.distances import EUCLIDEAN
from core.distances.base import Distance
from core.statistics.average_linkage import average_linkage
from core.statistics.checks import check_embeddings
from core.statistics.class_shares import share_of_each
from core.statistics.criterion_ladder import criterion_ladder
from core.statistics.distance_blocks import distance_matrix
from core.statistics.pair_distances import PairDistances, default_edges, histogram, pair_distances
from core.statistics.partitions import agreement
from core.statistics.retrieval import LARGEST_K, retrieval_of
from core.statistics.roc import exact_equal_error_rate
from core.statistics.row_scan import Scan, scan
from core.statistics.three_answers import SHARES, QuestionNumbers, ThreeAnswers

MOST_POINTS = 4_000  # whose distances are held, 128 MB, and for the groups about as much again
BARS = 60
FAR = 100  # one impostor pair of so many may get in


def three_answers(embeddings: np.ndarray, labels: np.ndarray, distance: Distance = EUCLIDEAN) -> ThreeAnswers:
    """(N, D), (N,) -> the answers, of more than MOST_POINTS points those of a sample (class_shares.py). Neighbours of
    equal distance stand by lower row, a threshold accepts what is at most so far, and groups are those of
    average_linkage.py. Raises ValueError for points without a pair of either kind."""
    check_embeddings(embeddings, labels)
    rows, is_same_share = share_of_each(labels, MOST_POINTS)
    points, labels = distance.prepared(embeddings)[rows], labels[rows]
    distances = distance_matrix(points, distance)
    found = scan(points, labels, np.empty(0), depth=LARGEST_K, distance=distance, distances=distances)
    pairs = pair_distances(points, labels, distances, distance)
    eer, threshold = exact_equal_error_rate(pairs)
    refused, far_threshold = refused_at_far(pairs)
    merges, classes = average_linkage(distances), len(np.unique(labels))
    at_threshold, at_count = merges.at(threshold), merges.into(classes)
    agrees = agreement(labels, at_threshold)
    ranked, edges = retrieval_of(found), default_edges(pairs, BARS)
    return ThreeAnswers(
        rows,
        is_same_share,
        classes,
        QuestionNumbers(ranked.recall_at_1, ranked.map_at_r, eer, refused, agrees.ami, agrees.bcubed_f),
        right_shares(found, labels),
        edges,
        *histogram(pairs, edges),
        threshold,
        far_threshold,
        at_threshold,
        at_count,
        agrees,
        agreement(labels, at_count),
        criterion_ladder(distances, labels),
    )


def right_shares(found: Scan, labels: np.ndarray) -> np.ndarray:
    """(SHARES,) how many queries have which share of the R others of their class among their R nearest."""
    _, place, sizes = np.unique(labels, return_inverse=True, return_counts=True)
    others = sizes[place.reshape(-1)] - 1
    others = others[others > 0]
    right = np.rint(found.scores[:, 1] * others).astype(np.int64)
    return np.bincount(np.minimum(SHARES * right // others, SHARES - 1), minlength=SHARES)


def refused_at_far(pairs: PairDistances) -> tuple[float, float]:
    """The smallest share of positive pairs refused by a threshold that accepts at most one of FAR negative pairs, and
    the largest distance of a pair that it accepts, NaN where it can accept none."""
    first_too_many = pairs.negative[len(pairs.negative) // FAR]  # ties with it would get in together
    ends = [int(np.searchsorted(kind, first_too_many, side="left")) for kind in (pairs.positive, pairs.negative)]
    accepted = [kind[end - 1] for kind, end in zip((pairs.positive, pairs.negative), ends, strict=True) if end]
    return 1 - ends[0] / len(pairs.positive), float(max(accepted, default=np.nan))

"""All exact statistics of one snapshot in one call, as the worker stores them with it."""

from __future__ import annotations

from dataclasses import dataclass, fields
from math import isfinite

import numpy as np

from core.distances import EUCLIDEAN
from core.distances.base import Distance
from core.statistics import roc
from core.statistics.checks import check_embeddings
from core.statistics.distance_blocks import direct_matrix
from core.statistics.pair_distances import auc, default_edges, histogram, pair_distances, round_up
from core.statistics.retrieval import LARGEST_K, Retrieval, retrieval_of
from core.statistics.row_scan import scan
from core.statistics.threshold_grid import threshold_grid
from core.statistics.triplet_census import CensusCurve, check_margins, checked_steps, curve_of

MARGIN_STEPS = 101


@dataclass(frozen=True)
class Statistics:
    """Numbers by name, and the arrays behind the pictures.

    `edges` (bins + 1,) with the counts of positive and negative pairs per bin (bins,); `margins` (M,) with the number
    of semi-hard triplets at each (M,); `thresholds` (S + 1,) the edges at which pairs are counted to choose among
    (core/statistics/threshold_grid.py). Triplets, pairs and neighbours are all compared by one distance.
    """

    numbers: dict[str, int | float]
    edges: np.ndarray
    positive_counts: np.ndarray
    negative_counts: np.ndarray
    margins: np.ndarray
    semi_hard_counts: np.ndarray
    thresholds: np.ndarray

    def arrays(self) -> dict[str, np.ndarray]:
        """What a snapshot keeps."""
        return {item.name: getattr(self, item.name) for item in fields(self) if item.name != "numbers"}


def summarise(
    embeddings: np.ndarray,
    labels: np.ndarray,
    *,
    margin: float,
    distance: Distance = EUCLIDEAN,
    margins: np.ndarray | None = None,
    bins: int = 1024,
    threads: int = 1,
) -> Statistics:
    """(N, D), (N,) -> the statistics at one margin and along a grid of margins, by default `default_margins`.

    `eer` and `auc` are those of the pairs themselves, not of the histogram.
    """
    check_embeddings(embeddings, labels)
    check_margins(np.array([margin]))
    margins = default_margins(embeddings, margin, distance) if margins is None else margins
    grid = np.union1d(margins, [margin])
    points = distance.prepared(embeddings)
    distances = direct_matrix(points, distance)
    steps = checked_steps(grid)
    found = scan(points, labels, steps, depth=LARGEST_K, distance=distance, distances=distances, threads=threads)
    curve, ranked = curve_of(found, grid), retrieval_of(found)
    pairs = pair_distances(points, labels, distances, distance)
    edges = default_edges(pairs, bins, span=span_of(embeddings, distance))
    positive_counts, negative_counts = histogram(pairs, edges)
    eer, eer_threshold = roc.exact_equal_error_rate(pairs)
    of_pairs = {
        "positive_pairs": len(pairs.positive),
        "negative_pairs": len(pairs.negative),
        "auc": auc(pairs),
        "eer": eer,
        "eer_threshold": eer_threshold,
        "mean_positive_distance": float(pairs.positive.mean(dtype=np.float64)),
        "mean_negative_distance": float(pairs.negative.mean(dtype=np.float64)),
    }
    semi_hard = curve.semi_hard[np.searchsorted(grid, margins)]
    numbers = numbers_of(curve, margin, ranked, labels) | of_pairs
    return Statistics(numbers, edges, positive_counts, negative_counts, margins, semi_hard, threshold_grid(pairs))


def numbers_of(curve: CensusCurve, margin: float, ranked: Retrieval, labels: np.ndarray) -> dict[str, int | float]:
    """Of triplets, at a margin of the curve, and of neighbours; (N,) labels."""
    here = int(np.searchsorted(curve.margins, margin))
    return {
        "hard": curve.hard,
        "semi_hard": int(curve.semi_hard[here]),
        "easy": int(curve.easy[here]),
        "recall_at_1": ranked.recall_at_1,
        "r_precision": ranked.r_precision,
        "map_at_r": ranked.map_at_r,
        "points": len(labels),
        "classes": len(np.unique(labels)),
    }


def default_margins(embeddings: np.ndarray, margin: float, distance: Distance = EUCLIDEAN) -> np.ndarray:
    """(N, D) -> (101,) ascending margins from 0, one of them exactly `margin`.

    Up to a round number no smaller than any two distances can differ: for points of unit length by the distance's own
    bounds (2 for the Euclidean one), otherwise by `Distance.reach`; and at least to the margin.
    """
    span = span_of(embeddings, distance)
    top = max(span[1] - span[0] if span else distance.reach(distance.prepared(embeddings)), margin)
    margins = np.linspace(0.0, round_up(top), MARGIN_STEPS)
    if margin:  # 0 stays the first
        margins[1 + np.abs(margins[1:] - margin).argmin()] = margin
    return margins


def span_of(embeddings: np.ndarray, distance: Distance) -> tuple[float, float] | None:
    """The smallest and the largest that this distance can be for any points such as these; None without a bound."""
    largest = distance.largest(embeddings.shape[1])
    if isfinite(largest) and (distance.ignores_length or has_unit_length(embeddings)):
        return distance.smallest, largest
    return None


def has_unit_length(embeddings: np.ndarray) -> bool:
    """Whether every square of a length is within 0.001 of 1."""
    squares = np.einsum("nd,nd->n", embeddings, embeddings, dtype=np.float64)
    return bool(np.abs(squares - 1).max() < 1e-3)

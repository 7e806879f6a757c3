"""The rank of each query's nearest positive, against sorted rows of exact distances."""

from __future__ import annotations

import numpy as np
import pytest

from core.distances import SQUARED_EUCLIDEAN
from core.kernels.first_match import rank_firsts
from core.statistics.distance_blocks import distance_matrix
from core.statistics.rounding import rough_error
from tests.core.spreads import KINDS, spread

COUNT = 150


def in_order(kind: str) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Points in order of class, the labels, and the row that each had before."""
    points, labels = spread(kind, COUNT)
    labels[17] = 99  # alone in its class
    order = np.argsort(labels, kind="stable")
    return np.ascontiguousarray(points[order]), labels[order], order


def by_hand(points: np.ndarray, labels: np.ndarray, order: np.ndarray, depth: int) -> list[int]:
    """By distance, then by row; 0 beyond the depth, -1 where there is no other of the class."""
    distances, found = distance_matrix(points), []
    for query in range(COUNT):
        others = [column for column in range(COUNT) if column != query]
        others.sort(key=lambda column, row=distances[query]: (row[column], order[column]))
        ranks = [rank for rank, column in enumerate(others, 1) if labels[column] == labels[query]]
        found.append(-1 if not ranks else ranks[0] if ranks[0] <= depth else 0)
    return found


def ranked(
    block: np.ndarray, errors: np.ndarray, points: np.ndarray, labels: np.ndarray, order: np.ndarray, depth: int
) -> list[int]:
    """All rows, in two blocks."""
    begin, end = (np.searchsorted(labels, labels, side=side) for side in ("left", "right"))
    ranks = np.empty(COUNT, np.int64)
    for here in (slice(0, 70), slice(70, COUNT)):
        rank_firsts(block[here], here.start, begin[here], end[here], depth, points, order, errors[here], ranks[here])
    return ranks.tolist()


@pytest.mark.parametrize("depth", [1, 10])
@pytest.mark.parametrize("kind", KINDS)
def test_exact_squares_give_the_ranks_of_sorted_rows(kind: str, depth: int) -> None:
    points, labels, order = in_order(kind)
    points = points.astype(np.float64)
    block = distance_matrix(points, SQUARED_EUCLIDEAN)
    assert ranked(block, np.zeros(COUNT), points, labels, order, depth) == by_hand(points, labels, order, depth)


@pytest.mark.parametrize("depth", [1, 10])
@pytest.mark.parametrize("kind", [kind for kind in KINDS if kind not in ("tiny", "vanishing", "huge", "heavy tails")])
def test_rough_squares_give_the_same_ranks_however_they_are_off(kind: str, depth: int) -> None:
    """Each by up to its bound, one way or the other."""
    points, labels, order = in_order(kind)
    points = points.astype(np.float32)
    squares, wide = distance_matrix(points, SQUARED_EUCLIDEAN), points.astype(np.float64)
    lengths = np.linalg.norm(wide - wide.mean(axis=0), axis=1)
    errors = 2 * rough_error(lengths, lengths.max(), points.shape[1])
    off = np.random.default_rng(0).choice([-0.5, 0.0, 0.5], size=squares.shape) * errors[:, None]
    rough = np.maximum(squares + off, 0).astype(np.float32)
    assert ranked(rough, errors, points, labels, order, depth) == by_hand(points, labels, order, depth)

"""The claims of each anchor, as a slow loop has them; each implies the one before it."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.statistics.criterion_ladder import criterion_ladder
from core.statistics.retrieval import retrieval

POINTS = st.lists(st.tuples(st.integers(0, 9), st.integers(0, 2)), min_size=1, max_size=14)


def on_a_line(pairs: list[tuple[int, int]]) -> tuple[np.ndarray, np.ndarray]:
    """Distances between whole numbers, which are often equal, and labels."""
    places, labels = (np.array(side) for side in zip(*pairs, strict=True))
    return np.abs(places[:, None] - places).astype(np.float64), labels


def spans(distances: np.ndarray, labels: np.ndarray) -> list[tuple[list[float], list[float]]]:
    """The distances to the positives and to the negatives of each anchor that has both, ascending."""
    rows = range(len(labels))
    found = [
        (
            sorted(distances[a, p] for p in rows if p != a and labels[p] == labels[a]),
            sorted(distances[a, n] for n in rows if labels[n] != labels[a]),
        )
        for a in rows
    ]
    return [(positives, negatives) for positives, negatives in found if positives and negatives]


@settings(deadline=None, max_examples=200)
@given(POINTS)
def test_the_claims_are_those_of_a_loop_and_nested(pairs: list[tuple[int, int]]) -> None:
    distances, labels = on_a_line(pairs)
    ladder, anchors = criterion_ladder(distances, labels), spans(distances, labels)
    assert ladder.anchors == len(anchors)
    assert ladder.nearest == sum(positives[0] < negatives[0] for positives, negatives in anchors)
    assert ladder.whole == sum(positives[-1] < negatives[0] for positives, negatives in anchors)
    served = [sum(p[-1] <= threshold < n[0] for p, n in anchors) for threshold in np.unique(distances)]
    assert ladder.shared == max(served, default=0)
    if ladder.shared:
        assert ladder.threshold == np.unique(distances)[int(np.argmax(served))]
    else:
        assert np.isnan(ladder.threshold)
    assert ladder.anchors >= ladder.nearest >= ladder.whole >= ladder.shared >= 0


@settings(deadline=None, max_examples=100)
@given(POINTS)
def test_one_threshold_serves_all_exactly_where_it_tells_all_pairs_apart(pairs: list[tuple[int, int]]) -> None:
    distances, labels = on_a_line(pairs)
    ladder, anchors = criterion_ladder(distances, labels), spans(distances, labels)
    if not anchors:
        return
    is_separable = max(p[-1] for p, _ in anchors) < min(n[0] for _, n in anchors)
    assert (ladder.shared == ladder.anchors) == is_separable


def test_the_first_claim_is_recall_at_1_where_nothing_is_tied() -> None:
    rng = np.random.default_rng(0)
    labels = np.arange(80) % 4
    points = rng.normal(size=(80, 5)) + 2 * labels[:, None]
    ladder = criterion_ladder(np.linalg.norm(points[:, None] - points, axis=2), labels)
    assert ladder.nearest / ladder.anchors == pytest.approx(retrieval(points, labels).recall_at_1)
    assert 0 < ladder.whole < ladder.nearest < 80

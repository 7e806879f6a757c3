"""How far apart embeddings can be, and the margins over that."""

from __future__ import annotations

import numpy as np
import pytest

from core.distances import DISTANCES, EUCLIDEAN, Cosine, DotProduct, Mahalanobis, Manhattan, SquaredEuclidean
from core.distances.base import Distance
from core.statistics.distance_blocks import distance_matrix
from core.statistics.spans import MARGIN_STEPS, default_margins, has_unit_length, span_of


def drawn(unit_length: bool, count: int = 60) -> np.ndarray:
    """(N, 6) float32."""
    points = np.random.default_rng(0).normal(size=(count, 6))
    return (points / np.linalg.norm(points, axis=1, keepdims=True) if unit_length else points).astype(np.float32)


@pytest.mark.parametrize("kind", DISTANCES.values(), ids=DISTANCES)
@pytest.mark.parametrize("margin", [0.0, 0.2, 0.2123, 2.0, 3.0])
@pytest.mark.parametrize("unit_length", [True, False])
def test_default_margins_hold_the_margin_and_span_all_distances(
    margin: float, unit_length: bool, kind: type[Distance]
) -> None:
    embeddings = drawn(unit_length)
    margins = default_margins(embeddings, margin, kind())
    assert len(margins) == MARGIN_STEPS and margins[0] == 0 and (np.diff(margins) > 0).all()
    distances = distance_matrix(kind().prepared(embeddings), kind())
    assert margin in margins and margins[-1] >= distances.max() - distances.min() - 1e-6


def test_margins_of_unit_length_stand_still_from_epoch_to_epoch() -> None:
    for embeddings in (drawn(True), drawn(True)[:5] * np.float32(1.0003)):
        margins = default_margins(embeddings, 0.2)
        np.testing.assert_allclose(margins, np.linspace(0, 2, MARGIN_STEPS), atol=1e-12)
    assert default_margins(drawn(True), 2.5)[-1] == 3.0, "a round number from the margin up"


@pytest.mark.parametrize(
    ("distance", "unit_length", "span"),
    [
        (EUCLIDEAN, True, (0.0, 2.0)),
        (EUCLIDEAN, False, None),
        (SquaredEuclidean(), True, (0.0, 4.0)),
        (Manhattan(), True, (0.0, 2 * 6**0.5)),
        (Cosine(), False, (0.0, 2.0)),
        (DotProduct(), True, (-1.0, 1.0)),
        (DotProduct(), False, None),
        (Mahalanobis(), True, None),
    ],
    ids=lambda value: getattr(value, "name", str(value)),
)
def test_a_span_is_that_of_the_unit_sphere_or_of_what_ignores_lengths(
    distance: Distance, unit_length: bool, span: tuple[float, float] | None
) -> None:
    assert span_of(drawn(unit_length), distance) == span


@pytest.mark.parametrize(("length", "is_unit"), [(1.0, True), (1.0004, True), (1.001, False), (0.999, False)])
def test_unit_length_is_told_to_three_digits(length: float, is_unit: bool) -> None:
    embeddings = drawn(True).astype(np.float64)
    embeddings[17] *= length
    assert has_unit_length(embeddings) == is_unit


def test_lengths_of_float32_are_summed_in_float64() -> None:
    assert has_unit_length(np.full((3, 65_536), 1 / 256, np.float32))
    with np.errstate(over="raise"):
        assert not has_unit_length(np.full((2, 3), 1e30, np.float32))

"""Tasks on the playground are graded by their definitions, on points laid by hand and on random ones."""

from __future__ import annotations

from math import acos, degrees, dist, tau
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.lessons.placements import (
    HardBySide,
    OtherByProduct,
    OutsideBoundary,
    PlacedEvidence,
    Placement,
    PushingPairs,
    ShortCut,
    TripletIs,
)

Points = list[tuple[float, float]]
PLACES = st.lists(st.tuples(st.integers(-9, 9), st.integers(-9, 9)), min_size=3, max_size=8)


def why(task: Placement, points: Points, classes: list[int] | None = None, **more: Any) -> str:
    """The name of the verdict's sentence; the first two points are of one class and the third of another."""
    boundary = more.pop("boundary", None)
    rows = np.array(points, dtype=np.float64)
    labels = np.array(classes or [0, 0, 1, 1, 2, 2, 3, 3][: len(points)])
    verdict = task.grade("", PlacedEvidence(rows, labels, more, boundary))
    assert verdict.is_right is (verdict.why == "right")
    return verdict.why


@pytest.mark.parametrize(
    ("far", "kind"), [(0.9, "hard"), (1.0, "right"), (1.1, "right"), (1.25, "easy"), (2.0, "easy")]
)
def test_a_triplet_is_of_the_kind_that_its_distances_make_it(far: float, kind: str) -> None:
    assert why(TripletIs("semi-hard"), [(0, 0), (1, 0), (0, far)], margin=0.25) == kind


def test_a_triplet_that_is_semi_hard_instead_is_called_so() -> None:
    assert why(TripletIs("hard"), [(0, 0), (1, 0), (0, 1.1)], margin=0.25) == "semi_hard"


def test_pairs_of_two_classes_push_where_they_are_closer_than_the_margin() -> None:
    points: Points = [(0, 0), (0, 1), (0.5, 0), (3, 3)]
    assert why(PushingPairs(1), points, margin=0.6) == "right"
    assert why(PushingPairs(1), points, margin=0.5) == "too_few"
    assert why(PushingPairs(1), points, margin=1.2) == "too_many"


@given(PLACES, st.integers(1, 12))
def test_pushing_pairs_are_those_of_a_slow_search(points: Points, margin: int) -> None:
    classes = [0, 0, 1, 1, 2, 2, 3, 3][: len(points)]
    found = sum(
        dist(one, points[at + other + 1]) < margin
        for at, one in enumerate(points)
        for other, _ in enumerate(points[at + 1 :])
        if classes[at] != classes[at + other + 1]
    )
    assert why(PushingPairs(found), points, margin=margin) == "right"
    assert why(PushingPairs(found + 1), points, margin=margin) == "too_few"


@pytest.mark.parametrize(
    ("second", "third", "name"), [(0.9, 2.0, "right"), (1.1, 2.0, "positive"), (0.9, 1.2, "negative")]
)
def test_pairs_lie_on_their_sides_of_the_boundary(second: float, third: float, name: str) -> None:
    points: Points = [(0, 0), (second, 0), (0, third)]
    assert why(OutsideBoundary(), points, margin=0.2, boundary=1.2) == name


def test_squared_distances_are_judged_where_the_loss_compares_them() -> None:
    rows, labels = np.array([(0, 0), (0.05**0.5, 0), (0, 0.31**0.5)]), np.array([0, 0, 1])
    for is_squared, kind in ((True, "easy"), (False, "easy")):
        found = PlacedEvidence(rows, labels, {"margin": 0.2}, None, is_squared)
        assert TripletIs("semi-hard").grade("", found).why == kind
    found = PlacedEvidence(np.array([(0, 0), (0.5, 0), (0, 0.6)]), labels, {"margin": 0.2}, None, is_squared=True)
    assert TripletIs("semi-hard").grade("", found).is_right, "0.25, 0.36"


def test_without_a_boundary_there_is_nothing_to_lie_beside() -> None:
    with pytest.raises(ValueError, match="must have learned a boundary, got none"):
        why(OutsideBoundary(), [(0, 0), (1, 0), (0, 1)], margin=0.2)


def test_a_long_vector_has_a_large_product_though_it_is_far_away() -> None:
    assert why(OtherByProduct(), [(1, 0), (1, 0.1), (5, 0)]) == "right"
    assert why(OtherByProduct(), [(1, 0), (1, 0.1), (0.5, 0)]) == "alike"
    assert why(OtherByProduct(), [(1, 0), (1, 1), (1, -1)]) == "moved"
    assert why(OtherByProduct(), [(0.6, 0.4), (0.2, 0.8), (0.3, 0.2)]) == "moved", "the other way round is no answer"


@given(st.lists(st.floats(0, tau), min_size=3, max_size=3))
def test_on_a_circle_products_and_distances_never_disagree(angles: list[float]) -> None:
    points = [(float(np.cos(angle)), float(np.sin(angle))) for angle in angles]
    near, far = dist(points[0], points[1]), dist(points[0], points[2])
    if abs(near - far) > 1e-6:
        assert why(OtherByProduct(), points) in ("alike", "moved")


@given(PLACES)
def test_the_way_over_a_point_is_shorter_by_squares_where_the_angle_there_is_obtuse(points: Points) -> None:
    first, second, third = (np.array(point) for point in points[:3])
    turn = int((first - second) @ (third - second))  # below 0 where the angle is obtuse, by the law of cosines
    if turn:
        assert why(ShortCut(), points) == ("right" if turn < 0 else "longer")


def test_behind_the_anchor_a_negative_is_hard_but_sees_the_pair_under_a_small_angle() -> None:
    assert why(HardBySide(), [(0, 0), (1, 0), (-0.3, 0)], angle=45.0) == "right"
    assert why(HardBySide(), [(0, 0), (1, 0), (0.5, 0.2)], angle=45.0) == "too_wide"
    assert why(HardBySide(), [(0, 0), (1, 0), (-1.5, 0)], angle=45.0) == "not_hard"


@given(st.floats(0.3, 4))
def test_in_front_of_the_middle_half_the_angle_at_the_negative_is_that_of_the_loss(away: float) -> None:
    points: Points = [(-1, 0), (1, 0), (0, away)]
    to_anchor, to_positive = np.array([-1, -away]), np.array([1, -away])
    seen = degrees(acos(float(to_anchor @ to_positive) / (1 + away**2)))
    verdict = HardBySide().grade("", PlacedEvidence(np.array(points), np.array([0, 0, 1]), {"angle": 45.0}))
    assert verdict.values["angle"] == pytest.approx(seen / 2)


def test_fewer_points_than_a_triplet_are_refused() -> None:
    with pytest.raises(ValueError, match="the points must be 3 at least, got 2. Go back to the step."):
        why(ShortCut(), [(0, 0), (1, 0)])

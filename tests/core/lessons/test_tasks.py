"""Tasks are graded by their definitions, gone through by hand on made-up evidence."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.lessons.tasks import (
    CourseEvidence,
    ErrorEvidence,
    FarAtMost,
    FirstEpochBelow,
    LargestOf,
    LostNeighbour,
    MarginEvidence,
    NeighbourEvidence,
    NumbersEvidence,
    SmallestMargin,
)

MARGINS = np.array([0.0, 0.1, 0.2, 0.3])
TRIPLETS = MarginEvidence(MARGINS, np.array([0, 5, 10, 20]), hard=7, total=100)
ERRORS = ErrorEvidence(np.array([0.2, 0.4, 0.6]), np.array([0.0, 0.01, 0.2]), np.array([0.5, 0.1, 0.0]))


@pytest.mark.parametrize(
    ("margin", "why"), [(0.0, "too_small"), (0.12, "too_small"), (0.2, "right"), (0.19, "right"), (0.3, "not_smallest")]
)
def test_the_smallest_margin_is_the_first_that_reaches_the_share(margin: float, why: str) -> None:
    verdict = SmallestMargin(share=0.1).grade(margin, TRIPLETS)
    assert verdict.why == why and verdict.is_right is (why == "right")


def test_a_margin_that_is_too_large_is_told_a_smaller_one() -> None:
    values = SmallestMargin(share=0.1).grade(0.3, TRIPLETS).values
    assert (values["smaller"], values["smaller_share"]) == (0.2, 0.1)


def test_where_no_margin_reaches_the_share_no_answer_is_right() -> None:
    verdict = SmallestMargin(share=0.5).grade(0.3, TRIPLETS)
    assert (verdict.why, verdict.values["most"]) == ("never", 0.2)


@given(
    st.lists(st.integers(0, 50), min_size=1, max_size=12),
    st.floats(0.01, 0.99),
    st.integers(0, 11),
)
def test_one_margin_at_most_is_right_and_it_is_the_one_of_a_search(counts: list[int], share: float, row: int) -> None:
    semi_hard = np.cumsum(counts)
    total = int(semi_hard[-1]) + 10
    evidence = MarginEvidence(np.arange(len(counts)) / 10, semi_hard, 10, total)
    first = next((at for at, count in enumerate(semi_hard) if count / total >= share), None)
    answers = [at for at in range(len(counts)) if SmallestMargin(share).grade(at / 10, evidence).is_right]
    assert answers == ([] if first is None else [first])


@pytest.mark.parametrize(
    ("threshold", "why"),
    [
        (0.1, "too_strict"),
        (0.2, "too_strict"),
        (0.39, "too_strict"),
        (0.4, "right"),
        (0.59, "right"),
        (0.6, "too_many"),
    ],
)
def test_a_threshold_accepts_few_impostors_and_of_these_refuses_fewest(threshold: float, why: str) -> None:
    verdict = FarAtMost(far=0.01).grade(threshold, ERRORS)
    assert verdict.why == why and verdict.is_right is (why == "right")


def test_below_all_thresholds_nothing_is_accepted() -> None:
    values = FarAtMost(far=0.01).grade(0.0, ERRORS).values
    assert (values["far"], values["frr"]) == (0.0, 1.0)


def test_refusing_a_little_more_than_need_be_is_right_as_well() -> None:
    assert FarAtMost(far=0.01, slack=0.4).grade(0.2, ERRORS).is_right


@pytest.mark.parametrize(
    ("epoch", "why"), [(0.0, "still"), (1.0, "right"), (1.4, "right"), (2.0, "still"), (3.0, "too_late")]
)
def test_the_first_epoch_below_a_share_is_right_though_it_may_rise_again(epoch: float, why: str) -> None:
    course = CourseEvidence(np.array([0.0, 1.0, 2.0, 3.0]), np.array([0.3, 0.05, 0.1, 0.0]))
    assert FirstEpochBelow(share=0.1).grade(epoch, course).why == why


def test_where_no_epoch_is_below_no_answer_is_right() -> None:
    course = CourseEvidence(np.array([0.0]), np.array([0.3]))
    assert FirstEpochBelow(share=0.1).grade(0.0, course).why == "never"


def test_what_is_no_number_is_refused() -> None:
    with pytest.raises(ValueError, match="an answer must be a number, got nan. Drag the handle to one."):
        SmallestMargin(share=0.1).grade(float("nan"), TRIPLETS)


def test_a_point_is_lost_whose_nearest_are_others_on_the_map() -> None:
    points = np.array([[0.0], [1.0], [2.0], [10.0], [11.0]])
    places = np.array([[0.0, 0.0], [9.0, 0.0], [8.0, 0.0], [0.5, 0.0], [0.6, 0.0]])
    found = [LostNeighbour(among=2, kept=0).grade(row, NeighbourEvidence(points, places)) for row in range(5)]
    assert [verdict.values["kept"] for verdict in found] == [0, 1, 1, 1, 1]
    assert [verdict.is_right for verdict in found] == [True, False, False, False, False]


@given(st.integers(2, 12), st.integers(1, 6), st.integers(0, 1000))
def test_neighbours_are_those_of_a_slow_search(count: int, among: int, seed: int) -> None:
    rng = np.random.default_rng(seed)
    points, places = rng.integers(0, 4, (count, 3)).astype(float), rng.integers(0, 4, (count, 2)).astype(float)
    kept = LostNeighbour(among, 0).grade(0, NeighbourEvidence(points, places)).values["kept"]
    nearest = []
    for where in (points, places):
        apart = [
            (sum((x - y) ** 2 for x, y in zip(where[0], other, strict=True)), row) for row, other in enumerate(where)
        ]
        nearest.append({row for _, row in sorted(apart[1:])[:among]})
    assert kept == len(nearest[0] & nearest[1])


def test_a_point_that_is_not_there_is_refused() -> None:
    evidence = NeighbourEvidence(np.zeros((3, 1)), np.zeros((3, 2)))
    with pytest.raises(ValueError, match="a point must be from 0 to 2, got 3. Click one on the map."):
        LostNeighbour(2, 0).grade(3, evidence)


def test_of_runs_the_one_with_the_smallest_or_largest_number_is_right_and_equal_ones_alike() -> None:
    numbers = NumbersEvidence({"a": 0.1, "b": 0.2, "c": 0.1})
    task = LargestOf("eer", ("a", "b", "c"), smallest=True)
    assert [task.grade(name, numbers).is_right for name in task.options] == [True, False, True]
    assert LargestOf("auc", ("a", "b", "c")).grade("b", numbers).is_right
    with pytest.raises(ValueError, match="a run must be one of a, b, c, got 'd'. Choose one of these."):
        task.grade("d", numbers)

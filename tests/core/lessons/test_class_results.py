"""What came of a task in a class."""

from __future__ import annotations

import numpy as np
import pytest

from core.lessons.class_results import are_apart, last_of_each, results_of
from core.lessons.tasks import Verdict
from tests.core.lessons.handed import handed_in

RIGHT, WRONG = Verdict(True, "right"), Verdict(False, "too_small")


def quantile(numbers: list[float], share: float) -> float:
    """Interpolated between the two around it, by the definition."""
    ordered = sorted(numbers)
    place = share * (len(ordered) - 1)
    low = int(place)
    high = min(low + 1, len(ordered) - 1)
    return ordered[low] + (place - low) * (ordered[high] - ordered[low])


def apart_by_hand(numbers: list[float]) -> list[bool]:
    low, high = quantile(numbers, 0.25), quantile(numbers, 0.75)
    return [one < low - 1.5 * (high - low) or one > high + 1.5 * (high - low) for one in numbers]


@pytest.mark.parametrize("seed", range(8))
def test_numbers_apart_are_those_beyond_the_fences(seed: int) -> None:
    drawn = np.random.default_rng(seed)
    numbers = np.round(np.concatenate([drawn.normal(0.4, 0.05, drawn.integers(3, 30)), [0.95, 0.4, 0.4]]), 2)
    expected = apart_by_hand(numbers.tolist())
    assert any(expected) and not all(expected), "the case must have both"
    assert are_apart(numbers).tolist() == expected


def test_of_few_numbers_and_of_equal_ones_none_lies_apart() -> None:
    assert not are_apart(np.array([0.1, 0.1, 9.0])).any() and not are_apart(np.full(30, 0.2)).any()
    assert are_apart(np.array([])).shape == (0,)


def test_each_student_counts_once_with_the_last_one() -> None:
    first = handed_in(verdict=WRONG, answer=0.1, date="2026-09-01T12:00:00+02:00")
    later = handed_in(verdict=RIGHT, answer=0.3, date="2026-09-01T11:00:00+00:00", name="ADA")
    other = handed_in(verdict=RIGHT, answer=0.3, step="other")
    assert last_of_each([later, first, other]) == [later, other], "an hour later, though its clock shows less"
    assert results_of([first, later])["hardness.task"].right == 1


def test_results_of_a_class() -> None:
    answers = [0.3, 0.3, 0.31, 0.32, 0.9]
    handed = [
        handed_in(name=f"s{n}", answer=answer, verdict=RIGHT if answer < 0.5 else WRONG, guesses={"late": guess})
        for n, (answer, guess) in enumerate(zip(answers, ["fewer", "fewer", "more", "fewer", "more"], strict=True))
    ]
    handed += [handed_in(name="t", lesson="", step="", answer=0.8, verdict=None, guesses={})]
    found = results_of(handed)
    assert list(found) == ["hardness.task", "@digits-semi-hard"]
    task = found["hardness.task"]
    assert (task.right, task.wrong, task.ungraded, task.count) == (4, 1, 0, 5)
    assert task.numbers.tolist() == sorted(answers) and task.apart == ("s4",)
    assert task.guesses == {"late": {"fewer": 3, "more": 2}}
    assert found["@digits-semi-hard"].ungraded == 1


def test_answers_that_are_no_numbers_are_counted_and_not_drawn() -> None:
    (found,) = results_of([handed_in(answer="digits-softmax", verdict=WRONG)]).values()
    assert found.wrong == 1 and not len(found.numbers) and found.apart == ()

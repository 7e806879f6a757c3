"""A label that dwarfs the others raises a question; classes that are merely unequal do not."""

from __future__ import annotations

import numpy as np
import pytest

from core.readers.label_sizes import questions


def asked(sizes: dict[str, int]) -> list[str]:
    labels = np.repeat(np.arange(len(sizes)), list(sizes.values()))
    return [question.label for question in questions(labels, list(sizes))]


FIVES = {str(number): 5 for number in range(1, 11)}


@pytest.mark.parametrize(
    ("sizes", "expected"),
    [
        (FIVES, []),
        (FIVES | {"other": 51}, ["other"]),
        (FIVES | {"other": 50}, []),  # ten times the median, not more
        (FIVES | {"0": 60, "-1": 12}, ["0", "-1"]),  # Market's distractors and junk
        (FIVES | {"0": 10}, []),
        (FIVES | {"0": 11}, ["0"]),
        (FIVES | {"7": 11}, []),
        ({str(number): 2 for number in range(2000)} | {"many": 300}, []),  # large, and yet few among all
        ({str(number): 2 for number in range(100)} | {"one": 200}, ["one"]),
        ({"0": 900, "1": 3}, []),  # of two classes neither is the rule
    ],
)
def test_only_labels_out_of_proportion_are_asked_about(sizes: dict[str, int], expected: list[str]) -> None:
    assert asked(sizes) == expected


def test_points_that_have_another_part_are_not_asked_about() -> None:
    labels = np.repeat(np.arange(11), [*[5] * 10, 80])
    names = [str(number) for number in range(1, 12)]
    (question,) = questions(labels, names)
    assert str(question).startswith("label 11 is on 80 of 130 points, half of all labels on at most 5: does it name")
    assert not questions(labels, names, labels < 10)

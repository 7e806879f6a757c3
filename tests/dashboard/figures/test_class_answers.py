"""The answers of a class, in bins."""

from __future__ import annotations

import numpy as np
import pytest

from dashboard.figures.class_answers import MOST_BINS, bins, class_answers


def counted(figure: object) -> dict[str, list[int]]:
    return {trace.name: [int(count) for count in trace.y] for trace in figure.data}  # type: ignore[attr-defined]


def test_every_answer_is_in_one_bin_of_its_state() -> None:
    answers = [0.1, 0.1, 0.15, 0.3, 0.3, 0.5, 0.9]
    states = ["right", "right", "wrong", "right", "wrong", "ungraded", "wrong"]
    figure = class_answers(answers, states, "light", "answer")
    edges = bins(np.array(answers))
    expected = {state: [0] * (len(edges) - 1) for state in ("right", "wrong", "not graded")}
    for answer, state in zip(answers, states, strict=True):
        row = max(row for row, edge in enumerate(edges[:-1]) if answer >= edge)
        expected["not graded" if state == "ungraded" else state][row] += 1
    assert counted(figure) == expected and sum(map(sum, expected.values())) == len(answers)


@pytest.mark.parametrize("answers", [[0.2], [0.2] * 30, [0.0], [-3.0, -3.0]])
def test_equal_answers_are_one_bin_with_room_around_it(answers: list[float]) -> None:
    edges = bins(np.array(answers))
    assert len(edges) == 2 and edges[0] < answers[0] < edges[1]


@pytest.mark.parametrize("seed", range(4))
def test_bins_are_few_and_as_wide_as_each_other(seed: int) -> None:
    numbers = np.random.default_rng(seed).standard_cauchy(60)
    edges = bins(numbers)
    assert 5 <= len(edges) - 1 <= MOST_BINS and np.allclose(np.diff(edges), np.diff(edges)[0])
    assert edges[0] == numbers.min() and edges[-1] == numbers.max()


def test_answers_of_which_half_are_equal_have_bins_all_the_same() -> None:
    assert len(bins(np.array([0.2] * 10 + [0.9]))) > 5

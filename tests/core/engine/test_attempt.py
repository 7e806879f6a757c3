from __future__ import annotations

from itertools import permutations

import pytest

from core.engine.attempt import WHOLE, Attempt, run_of
from core.engine.cluster import Ended

RUN = f"{7:032x}"
# From good to bad.
ENDS = [
    {"answer": "paused"},
    {"answer": "stopped"},
    {"is_lost": True},
    {"error": ValueError("no")},
    {"is_lost": True, "is_out_of_memory": True},
]


def attempt_with(*waiting: str) -> tuple[Attempt, list[str]]:
    """All of them under way, and their keys."""
    attempt = Attempt(RUN, 2, {}, list(waiting))
    keys = []
    for _ in waiting:
        keys.append(attempt.next_key())
        attempt.begin(keys[-1])
    return attempt, keys


def test_a_key_tells_its_run_and_is_given_once() -> None:
    attempt, keys = attempt_with("a", "b")
    assert attempt.jobs == dict(zip(keys, "ab", strict=True))
    attempt.end(Ended(keys[0], answer="finished"))
    assert attempt.next_key() not in keys
    assert {run_of(key) for key in keys} == {RUN}


@pytest.mark.parametrize("answer, is_over", [("finished", True), ("paused", True), ("stopped", True), ("parts", False)])
def test_the_whole_ends_the_attempt_unless_it_asks_for_parts(answer: str, is_over: bool) -> None:
    attempt, (key,) = attempt_with(WHOLE)
    assert not attempt.is_over()
    attempt.end(Ended(key, answer=answer))
    assert attempt.is_over() == is_over


def test_finished_parts_do_not_end_it() -> None:
    attempt, keys = attempt_with("a", "b")
    for key in keys:
        attempt.end(Ended(key, answer="finished"))
    assert not attempt.is_over() and attempt.worst() is None
    attempt.wind_up()
    assert attempt.is_over() and attempt.worst() is None


@pytest.mark.parametrize("better, worse", [(i, j) for j in range(len(ENDS)) for i in range(j)])
def test_the_worst_end_counts_whichever_was_first(better: int, worse: int) -> None:
    for order in permutations((better, worse)):
        attempt, keys = attempt_with("a", "b", "c")
        for key, number in zip(keys, order, strict=False):
            attempt.end(Ended(key, **ENDS[number]))
        assert not attempt.is_over(), "one is still under way"
        attempt.end(Ended(keys[2], answer="finished"))
        assert attempt.is_over()
        assert attempt.worst() == Ended(keys[order.index(worse)], **ENDS[worse])


def test_of_equally_bad_ends_the_first_counts() -> None:
    attempt, keys = attempt_with("a", "b")
    for key in keys:
        attempt.end(Ended(key, error=ValueError(key)))
    assert str(attempt.worst().error) == keys[0]


def test_what_waits_is_not_submitted_once_it_winds_up() -> None:
    attempt = Attempt(RUN, 1, {}, ["a", "b"])
    attempt.begin(attempt.next_key())
    attempt.wind_up()
    assert attempt.waiting == [] and not attempt.is_over()


def test_a_count_that_was_overtaken_is_no_news() -> None:
    attempt, keys = attempt_with("a", "b")
    told = [(keys[0], 1), (keys[1], 3), (keys[0], 2), (keys[0], 3), (keys[1], 4)]
    assert [attempt.is_news(key, epoch) for key, epoch in told] == [True, True, False, True, True]


def test_the_whole_may_count_anew() -> None:
    attempt, (key,) = attempt_with(WHOLE)
    assert all(attempt.is_news(key, epoch) for epoch in (5, 3))

"""What is done beside the training: in order, behind it, and failing where it was asked for."""

from __future__ import annotations

import os
import random
import sys
import threading

import pytest

from core.system.background import NICENESS, BackgroundWriter


def test_everything_is_done_in_order_before_the_end() -> None:
    done: list[int] = []
    with BackgroundWriter() as writer:
        for number in range(20):
            writer.do(done.append, number)
    assert done == list(range(20))


def order_of(asked: str) -> str:
    """Small letters may be done later; the first, in the way, gives the others time to be asked for."""
    done: list[str] = []
    open_the_way = threading.Event()
    with BackgroundWriter() as writer:
        writer.MOST_WAITING = len(asked) + 1
        writer.do(lambda _: open_the_way.wait(), None)
        for letter in asked:
            (writer.do_later if letter.islower() else writer.do)(done.append, letter)
        open_the_way.set()
    return "".join(done)


@pytest.mark.parametrize(
    ("asked", "done"), [("aBC", "BaC"), ("AbCdEfGhI", "AbCEdGIfh"), ("ABCd", "ABCd"), ("abc", "abc")]
)
def test_what_is_asked_soon_goes_first_but_keeps_nothing_waiting_for_long(asked: str, done: str) -> None:
    assert order_of(asked) == done


@pytest.mark.parametrize("seed", range(5))
def test_all_before_a_later_thing_is_done_before_it(seed: int) -> None:
    generator = random.Random(seed)
    asked = "".join(generator.choice((letter, letter.upper())) for letter in "abcdefghijkl")
    done = order_of(asked)
    assert sorted(done) == sorted(asked)
    for place, letter in enumerate(done):
        if letter.islower():
            assert set(asked[: asked.index(letter)]) <= set(done[:place])


def test_a_failure_is_told_and_nothing_is_done_after_it() -> None:
    done: list[int] = []

    def fail_at_three(number: int) -> None:
        if number == 3:
            raise OSError("No space left on device")
        done.append(number)

    with pytest.raises(OSError, match="No space left"), BackgroundWriter() as writer:
        for number in range(20):
            writer.do(fail_at_three, number)
    assert done == [0, 1, 2]


def niceness() -> int:
    return os.getpriority(os.PRIO_PROCESS, threading.get_native_id())


@pytest.mark.skipif(sys.platform != "linux", reason="threads have a niceness of their own on Linux alone")
def test_the_second_thread_steps_back_and_the_first_does_not() -> None:
    found: list[int] = []
    before = niceness()
    with BackgroundWriter() as writer:
        writer.do(lambda _: found.append(niceness()), None)
    assert found == [max(before, NICENESS)]
    assert niceness() == before

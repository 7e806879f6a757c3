import threading

import pytest

from dashboard.components.turns import Turns

PATIENCE = 30.0  # seconds; a turn that comes is seen at once


def test_only_so_many_are_drawn_at_a_time() -> None:
    turns, counting = Turns(2), threading.Lock()
    now, most = 0, 0

    def draw() -> None:
        nonlocal now, most
        with turns.turn():
            with counting:
                now += 1
                most = max(most, now)
            both.wait(PATIENCE)  # nobody goes on before a second one is there
            with counting:
                now -= 1

    both = threading.Barrier(2)
    threads = [threading.Thread(target=draw) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(PATIENCE)
    assert not any(thread.is_alive() for thread in threads) and most == 2


def test_who_has_a_turn_needs_no_second_one() -> None:
    turns = Turns(1)

    def draw() -> None:
        with turns.turn(), turns.turn():
            drawn.append("a part within its page")

    drawn: list[str] = []
    thread = threading.Thread(target=draw, daemon=True)
    thread.start()
    thread.join(PATIENCE)
    assert drawn == ["a part within its page"]
    with turns.turn():  # the turn was given back, once
        pass


def test_a_page_that_fails_gives_its_turn_back() -> None:
    turns = Turns(1)
    for _ in range(2):
        with pytest.raises(ValueError, match="no page"), turns.turn():
            raise ValueError("no page")
    other = threading.Thread(target=lambda: turns.turn().__enter__(), daemon=True)
    other.start()
    other.join(PATIENCE)
    assert not other.is_alive()


def test_who_rests_lets_others_have_the_turn_and_takes_it_again() -> None:
    turns, drawn = Turns(1), []
    rests = threading.Event()

    def draw() -> None:
        rests.wait(PATIENCE)
        with turns.turn():
            drawn.append("another page")

    other = threading.Thread(target=draw, daemon=True)
    other.start()
    with turns.turn():
        rests.set()
        while not drawn:
            turns.rest(0.01)
        assert not turns._free.acquire(blocking=False), "the turn is this one's again"
    other.join(PATIENCE)
    assert drawn == ["another page"] and turns._free.acquire(blocking=False)


def test_who_has_no_turn_rests_without_one() -> None:
    turns = Turns(1)
    turns.rest(0.0)
    assert turns._free.acquire(blocking=False) and not turns._free.acquire(blocking=False)

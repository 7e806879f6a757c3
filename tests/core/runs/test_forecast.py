"""When runs begin and end, against a loop that hands them out one by one."""

from __future__ import annotations

import random
from types import SimpleNamespace
from typing import Any

import pytest

from core.runs.forecast import Expected, end_of, forecast
from core.runs.run_row import Row


def row(number: int, seconds: float | None, *, is_awaited: bool = False) -> Row:
    experiment: dict[str, Any] = {"upload": {}} if is_awaited else {"takes": seconds}
    return Row(f"{number:032x}", "run", "", experiment | {"takes": seconds}, "then")


ESTIMATES: Any = SimpleNamespace(
    takes=lambda row: row.experiment["takes"], left=lambda row: row.experiment["takes"]
)  # as told


def by_hand(at_work: list[float], waiting: list[float], slots: int) -> list[tuple[float, float]]:
    """Each takes the worker that is free first, a second at a time."""
    busy, found, line, now = [*at_work], list[tuple[float, float]](), [*waiting], 0
    while line:
        while line and sum(end > now for end in busy) < slots:
            found.append((now, now + line[0]))
            busy.append(now + line.pop(0))
        now += 1
    return found


@pytest.mark.parametrize("seed", range(10))
def test_each_begins_when_a_worker_is_free(seed: int) -> None:
    chance = random.Random(seed)
    slots = chance.randint(1, 4)
    at_work = [row(number, chance.randint(1, 9)) for number in range(chance.randint(0, slots))]
    waiting = [row(100 + number, chance.randint(1, 9)) for number in range(12)]
    found = forecast(ESTIMATES, at_work, waiting, slots)
    assert [found[one.id] for one in at_work] == [Expected(0, one.experiment["takes"]) for one in at_work]
    seconds = [[one.experiment["takes"] for one in rows] for rows in (at_work, waiting)]
    assert [tuple(found[one.id]) for one in waiting] == by_hand(seconds[0], seconds[1], slots)


def test_what_somebody_waits_for_has_a_worker_of_its_own() -> None:
    waiting = [row(1, 5.0), row(2, 3.0, is_awaited=True), row(3, 4.0, is_awaited=True)]
    found = forecast(ESTIMATES, [], waiting, 1)
    assert [tuple(found[one.id]) for one in waiting] == [(0, 5), (0, 3), (3, 7)]


def test_nothing_is_said_behind_what_nobody_knows() -> None:
    waiting = [row(1, None), row(2, 3.0)]
    found = forecast(ESTIMATES, [], waiting, 1)
    assert [tuple(found[one.id]) for one in waiting] == [(0, None), (None, None)]
    two = forecast(ESTIMATES, [], waiting, 2)
    assert tuple(two[waiting[1].id]) == (0, 3.0)


def test_the_end_of_several_is_that_of_the_last() -> None:
    assert end_of([Expected(0, 4.0), Expected(4.0, 9.0), Expected(0, 2.0)]) == 9.0
    assert end_of([Expected(0, 4.0), None]) is None and end_of([Expected(0, None)]) is None


def test_runs_that_differ_in_the_seed_alone_are_looked_up_once() -> None:
    asked: list[Row] = []
    estimates: Any = SimpleNamespace(takes=lambda one: asked.append(one) or 2.0)
    rows = [Row(f"{seed:032x}", "run", "", {"schedule": {"seed": seed}}, "then") for seed in range(5)]
    assert forecast(estimates, [], rows, 1)[rows[-1].id] == Expected(8.0, 10.0) and len(asked) == 1

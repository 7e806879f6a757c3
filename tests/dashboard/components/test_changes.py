"""Any number of readers wait for a change at the cost of one look."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Coroutine
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from dashboard.components import changes
from dashboard.components.changes import Changes


class Source:
    """Changes after so many looks at it."""

    def __init__(self, after: int) -> None:
        self.after, self.looks = after, 0

    def stamp(self, name: str) -> bool:
        self.looks += 1
        return self.looks > self.after


def done(work: Coroutine[Any, Any, None]) -> float:
    """Run it in a loop of its own; how many seconds it took."""
    began = time.monotonic()
    with ThreadPoolExecutor(1) as pool:
        pool.submit(asyncio.run, work).result()
    return time.monotonic() - began


def test_thirty_readers_look_about_as_often_as_one() -> None:
    source = Source(after=100)
    waits = Changes(source.stamp)

    async def thirty() -> None:
        await asyncio.gather(*(waits.after("run", False, 60.0) for _ in range(30)))

    done(thirty())
    assert 100 < source.looks <= 100 + 2 * 30 and not waits._watches


def test_a_change_that_was_there_before_is_not_waited_for() -> None:
    assert done(Changes(lambda name: 2).after("run", 1, 60.0)) < 10


def test_without_a_change_a_reader_goes_after_its_time_and_the_look_ends() -> None:
    waits = Changes(lambda name: 1)

    async def waited() -> None:
        await waits.after("run", 1, 0.2)
        assert len(waits._watches) == 1
        await asyncio.gather(*waits._watches.values())
        assert not waits._watches

    before, changes.WATCH_SECONDS = changes.WATCH_SECONDS, 0.4
    try:
        assert done(waited()) >= 0.2
    finally:
        changes.WATCH_SECONDS = before


def test_a_reader_outlasts_a_look() -> None:
    source = Source(after=20)
    waits = Changes(source.stamp)
    before, changes.WATCH_SECONDS = changes.WATCH_SECONDS, 2 * changes.LOOK_SECONDS
    try:
        done(waits.after("run", False, 60.0))
    finally:
        changes.WATCH_SECONDS = before
    assert source.looks > 20

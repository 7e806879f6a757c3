"""Who asks the same at one moment is told together, whatever comes of it."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Coroutine
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from dashboard.components.together import Together


class Source:
    """Says how often it was asked, a little later."""

    def __init__(self) -> None:
        self.asked: list[tuple[str, ...]] = []

    def find(self, *words: str) -> int:
        self.asked.append(words)
        time.sleep(0.1)
        if "broken" in words:
            raise ValueError("broken")
        return len(self.asked)


def done(work: Coroutine[Any, Any, Any]) -> Any:
    with ThreadPoolExecutor(1) as pool:
        return pool.submit(asyncio.run, work).result()


def test_thirty_who_ask_the_same_cost_one_look() -> None:
    source = Source()

    async def thirty(together: Together[int]) -> list[int]:
        return await asyncio.gather(*(together(1, "run", "light") for _ in range(30)))

    together = Together(source.find)
    assert done(thirty(together)) == [1] * 30 and source.asked == [("run", "light")]
    assert not together._under_way


def test_another_moment_and_other_words_are_other_looks() -> None:
    source = Source()

    async def several(together: Together[int]) -> None:
        await asyncio.gather(together(1, "run"), together(2, "run"), together(1, "other"), together(1, "run"))
        await together(1, "run")  # later: what has been found is not kept

    done(several(Together(source.find)))
    assert sorted(source.asked) == [("other",), ("run",), ("run",), ("run",)]


def test_what_is_raised_is_raised_for_all() -> None:
    async def two(together: Together[int]) -> list[Any]:
        return await asyncio.gather(together(1, "broken"), together(1, "broken"), return_exceptions=True)

    assert [str(problem) for problem in done(two(Together(Source().find)))] == ["broken", "broken"]


@pytest.mark.parametrize("word", ["run", "broken"])
def test_one_that_goes_away_takes_nothing_from_the_others(word: str) -> None:
    async def first_goes(together: Together[int]) -> Any:
        first, second = (asyncio.ensure_future(together(1, word)) for _ in range(2))
        await asyncio.sleep(0.02)
        first.cancel()
        return (await asyncio.gather(second, return_exceptions=True))[0]

    found = done(first_goes(Together(Source().find)))
    assert found == 1 if word == "run" else str(found) == "broken"

"""What several ask for at the same moment is looked up once, and each is told."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Hashable
from functools import partial
from typing import Generic, TypeVar

from starlette.concurrency import run_in_threadpool

Found = TypeVar("Found")


class Together(Generic[Found]):
    """`find` is asked in a thread, as by whoever came first; what it raises is raised for all of them. Of one that goes
    away meanwhile the others notice nothing."""

    def __init__(self, find: Callable[..., Found]) -> None:
        self._find = find
        self._under_way: dict[tuple[Hashable, tuple[str, ...]], asyncio.Future[Found]] = {}

    async def __call__(self, moment: Hashable, *asked: str) -> Found:
        """What `find` says to these words; together with all who ask the same as of one moment."""
        key = moment, asked
        if key not in self._under_way:
            self._under_way[key] = asyncio.ensure_future(run_in_threadpool(self._find, *asked))
            self._under_way[key].add_done_callback(partial(self._forget, key))
        return await asyncio.shield(self._under_way[key])

    def _forget(self, key: tuple[Hashable, tuple[str, ...]], found: asyncio.Future[Found]) -> None:
        del self._under_way[key]
        if not found.cancelled():
            found.exception()  # else asyncio complains where nobody is left to hear it

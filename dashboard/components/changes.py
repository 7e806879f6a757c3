"""Waiting for a file to change, for any number of readers at the cost of one."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Hashable

LOOK_SECONDS = 0.02  # a look is a question of one file's size
WATCH_SECONDS = 30.0  # that one look goes on for, asked for or not


class Changes:
    """`stamp` gives something cheap that differs once what has this name has changed."""

    def __init__(self, stamp: Callable[[str], Hashable]) -> None:
        self.stamp = stamp
        self._watches: dict[tuple[str, Hashable], asyncio.Task[None]] = {}

    async def after(self, name: str, seen: Hashable, seconds: float) -> None:
        """Return once the stamp is not what was `seen`, or after so many seconds."""
        key, end = (name, seen), asyncio.get_running_loop().time() + seconds
        while self.stamp(name) == seen and (left := end - asyncio.get_running_loop().time()) > 0:
            if key not in self._watches:
                self._watches[key] = asyncio.create_task(self._watch(key))
            await asyncio.wait([self._watches[key]], timeout=left)

    async def _watch(self, key: tuple[str, Hashable]) -> None:
        try:
            for _ in range(round(WATCH_SECONDS / LOOK_SECONDS)):
                if self.stamp(key[0]) != key[1]:
                    return
                await asyncio.sleep(LOOK_SECONDS)
        finally:
            del self._watches[key]

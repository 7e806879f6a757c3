"""Many files decoded in the order in which they come, on all processors, with few of them in memory at a time."""

from __future__ import annotations

import multiprocessing
import os
import threading
from collections import deque
from collections.abc import Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from itertools import chain, islice
from multiprocessing.connection import wait
from typing import NamedTuple

import numpy as np

from core.admission.entry import Entry
from core.admission.preparation import Preparation, prepared
from core.system.memory_limit import limit_memory

IN_PLACE = 64  # files, up to which starting processes takes longer than decoding
BATCH_FILES, BATCH_BYTES = 16, 8 << 20
AHEAD = 3  # batches for each process


class Decoded(NamedTuple):
    """One file: its pixels and size, or why there are none."""

    name: str
    share: float
    pixels: np.ndarray | None
    size: tuple[int, int]
    refusal: str


def decoded(
    entries: Iterable[Entry], preparation: Preparation, *, memory: int | None = None, processes: int | None = None
) -> Iterator[Decoded]:
    """All entries in their order. Each of the processes, as many as there are processors, may take `memory` bytes.

    Pillow holds the lock of the interpreter while it decodes (measured with 13.0: two threads are no faster than one),
    hence processes. Raises ValueError where a file ends one.
    """
    entries = iter(entries)
    first = list(islice(entries, IN_PLACE + 1))
    count = processes or os.cpu_count() or 1
    if len(first) <= IN_PLACE or count < 2:
        for entry in chain(first, entries):
            yield _decode(entry, preparation)
        return
    context = multiprocessing.get_context("spawn")
    pool = ProcessPoolExecutor(count, context, initializer=_begin, initargs=(memory,))
    try:
        yield from _in_order(pool, first, _batches(entries), preparation, AHEAD * count)
    except BrokenProcessPool:
        raise ValueError(
            "every image must be decodable within the memory that a process may take, got a file that ended it. "
            "Leave out the largest files, or save them again."
        ) from None
    finally:
        pool.shutdown(wait=True, cancel_futures=True)


def _in_order(
    pool: ProcessPoolExecutor,
    first: list[Entry],
    batches: Iterator[list[Entry]],
    preparation: Preparation,
    most: int,
) -> Iterator[Decoded]:
    """The first ones are decoded here, while the processes begin."""
    waiting: deque[Future[list[Decoded]]] = deque()

    def submit(count: int) -> None:
        waiting.extend(pool.submit(_decode_all, batch, preparation) for batch in islice(batches, count))

    submit(most)
    for entry in first:
        yield _decode(entry, preparation)
    while waiting:
        done = waiting.popleft().result()
        submit(1)
        yield from done


def _batches(entries: Iterable[Entry]) -> Iterator[list[Entry]]:
    batch: list[Entry] = []
    size = 0
    for entry in entries:
        batch.append(entry)
        size += len(entry.content)
        if len(batch) == BATCH_FILES or size >= BATCH_BYTES:
            yield batch
            batch = []
            size = 0
    if batch:
        yield batch


def _decode_all(batch: list[Entry], preparation: Preparation) -> list[Decoded]:
    return [_decode(entry, preparation) for entry in batch]


def _decode(entry: Entry, preparation: Preparation) -> Decoded:
    if entry.refusal:
        return Decoded(entry.name, entry.share, None, (0, 0), entry.refusal)
    try:
        pixels, size = prepared(entry.content, preparation)
    except ValueError as problem:
        return Decoded(entry.name, entry.share, None, (0, 0), str(problem))
    return Decoded(entry.name, entry.share, pixels, size, "")


def _begin(memory: int | None) -> None:
    """Limit this process, and end it with the one that started it, however that ends."""
    if memory is not None:
        limit_memory(memory)
    parent = multiprocessing.parent_process()
    assert parent is not None, "only such processes begin here"

    def end() -> None:
        wait([parent.sentinel])
        os._exit(1)

    threading.Thread(target=end, daemon=True).start()

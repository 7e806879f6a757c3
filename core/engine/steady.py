"""A clock for Dask's waits that nobody can set. Whoever imports this has it, and Dask has its workers import it first.

Why: tornado and Dask wait until a moment by the clock of the machine. Set back by a day, within the 2 ms after a
message, it held all later messages of that worker for a day, and every heartbeat. Refused: asking both to wait for
seconds instead, which they take from that clock as well.
"""

from __future__ import annotations

import time

import distributed.batched
from distributed.core import IOLoop  # tornado's


def _seconds(self: IOLoop) -> float:
    return time.monotonic()


IOLoop.time = _seconds  # type: ignore[method-assign] # a loop may have another clock, by tornado's word
distributed.batched.time = time.monotonic  # held against the loop's

"""What a job sends while it works, typed: through the engine, to a page or a terminal."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypedDict


class Progress(TypedDict):
    """How far a run is: epochs done of all, updates, seconds of training, seconds that are left or None if unknown.

    What is measured in parts counts parts in place of epochs.
    """

    epoch: int
    epochs: int
    step: int
    seconds: float
    left: float | None


class Message(TypedDict, total=False):
    """What the engine hears: progress, that a worker compiles, or that a delivery lies
    in the exchange; and which job in which worker says so."""

    epoch: int
    epochs: int
    step: int
    seconds: float
    left: float | None
    compiling: bool
    delivery: int
    key: str
    worker: str
    process: int


Report = Callable[[Progress], None]
Send = Callable[[Message], None]


def stage(done: int, count: int) -> Progress:
    """So many stages of a job that trains nothing."""
    return {"epoch": done, "epochs": count, "step": 0, "seconds": 0.0, "left": None}

"""Training is a generator of records: whoever iterates decides what to show, to store and when to stop."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from core.experiment.experiment import Experiment
from core.experiment.prepared_data import PreparedData
from core.experiment.schedule import Schedule
from core.training.learner import EPOCH, UPDATE, Learner, Step
from core.training.prototypes import Prototypes
from core.training.state import PositionState, TrainingState


@dataclass(frozen=True)
class Snapshot:
    """The embeddings (N, D) float32 of the probe set after `step` updates; `seconds` of training so far.

    A snapshot that is not to be measured is for the map alone. `prototypes` are what the loss has learned by then,
    `linear_map` is W (D, numbers of a sample) of a linear encoder, `features` (N, F) what a frozen network makes of the
    probe set, before anything is learned.
    """

    step: int
    epoch: float
    embeddings: np.ndarray
    seconds: float
    measured: bool = True
    prototypes: Prototypes | None = None
    linear_map: np.ndarray | None = None
    features: np.ndarray | None = None


@dataclass(frozen=True)
class Checkpoint:
    """Everything that training needs to go on bit for bit: tensors and plain values only."""

    step: int
    epoch: float
    state: TrainingState
    finished: bool


Record = Step | Snapshot | Checkpoint


def train(
    experiment: Experiment,
    data: PreparedData,
    *,
    device: str = "cpu",
    state: TrainingState | None = None,
    start: TrainingState | None = None,
    interrupted: Callable[[], bool] = lambda: False,
) -> Iterator[Record]:
    """Train from the start, or go on from a checkpoint's state; yield every step, snapshot and checkpoint.

    A fork begins with the weights of the checkpoint `start` and everything else anew.

    A checkpoint follows every epoch, and a last one the step after which `interrupted()` says so, or the schedule has
    it end, where a snapshot is taken too. On the CPU with one torch thread the same experiment gives the same records
    bit for bit (times apart), also across a resume. Raises ValueError when the loss is no longer finite.
    """
    learner = Learner(experiment, data, device, is_blank=not (state is None and start is None))
    position = _Position()
    if state is not None:
        learner.restore(state["learner"])
        position = _Position.of(state["position"])
    else:
        if start is not None:
            learner.adopt(start["learner"])
        yield replace(position.snapshot(learner, 0.0), features=learner.probe_features())
    while not position.is_over(experiment.schedule):
        yield from _epoch(learner, position, interrupted)
        if position.batches_done:  # it was cut within the epoch
            return


def _epoch(learner: Learner, position: _Position, interrupted: Callable[[], bool]) -> Iterator[Record]:
    """What is left of an epoch, or of it up to where training is to end."""
    schedule, epoch = learner.experiment.schedule, position.epoch
    position.begin(learner)
    learner.draw_apart(EPOCH, epoch)
    batches = list(learner.experiment.sampler.batches(learner.labels, learner.generator, position.centres))
    position.catch_up(learner)
    measured_steps, map_steps = (of(len(batches), epoch) for of in (schedule.snapshot_steps, schedule.map_steps))
    for rows in batches[position.batches_done :]:
        begun = epoch - 1 + position.batches_done / len(batches)
        rate = schedule.rate_at(begun, schedule.share_done(position.step, begun, position.seconds))
        position.step += 1
        position.batches_done += 1
        learner.draw_apart(UPDATE, position.step)
        epochs_done = epoch - 1 + position.batches_done / len(batches)
        update = learner.update(rows, position.step, epochs_done, rate)
        position.seconds += update.seconds
        yield update
        is_over = position.is_over(schedule)  # by a limit, within the epoch
        if is_over or position.step in map_steps:
            yield position.snapshot(learner, epochs_done, measured=is_over or position.step in measured_steps)
        if is_over or interrupted():
            yield Checkpoint(position.step, epochs_done, position.resumable(learner), finished=is_over)
            return
    position.epoch, position.batches_done = epoch + 1, 0
    yield Checkpoint(position.step, float(epoch), position.resumable(learner), position.is_over(schedule))


@dataclass
class _Position:
    """Where a training stands. The batches of an epoch are drawn anew from the generator's state at its start, and
    from the class centres (C, D) as they were then where the sampler needs them."""

    step: int = 0
    epoch: int = 1
    batches_done: int = 0
    seconds: float = 0.0
    at_epoch_start: Any = None
    centres: Any = None
    now: Any = None

    @classmethod
    def of(cls, state: PositionState) -> _Position:
        """Where `resumable` left off."""
        known: dict[str, Any] = {**state}
        return cls(**known)

    def is_over(self, schedule: Schedule) -> bool:
        """Whether training ends here, which of epochs it does once the last is over."""
        return schedule.is_over(self.step, self.epoch - 1, self.seconds)

    def begin(self, learner: Learner) -> None:
        if self.batches_done == 0:
            self.at_epoch_start = learner.generator.get_state()
            started = time.monotonic()
            self.centres = learner.class_centres() if learner.experiment.sampler.needs_centres else None
            self.seconds += time.monotonic() - started if self.centres is not None else 0.0
        else:
            self.now = learner.generator.get_state()
            learner.generator.set_state(self.at_epoch_start)

    def catch_up(self, learner: Learner) -> None:
        if self.batches_done:
            learner.generator.set_state(self.now)

    def snapshot(self, learner: Learner, epoch: float, *, measured: bool = True) -> Snapshot:
        """The probe set as it is embedded now."""
        return Snapshot(
            self.step, epoch, learner.embed_probe(), self.seconds, measured, learner.prototypes(), learner.linear_map()
        )

    def resumable(self, learner: Learner) -> TrainingState:
        position: PositionState = {
            "step": self.step,
            "epoch": self.epoch,
            "batches_done": self.batches_done,
            "seconds": self.seconds,
            "at_epoch_start": self.at_epoch_start,
            "centres": self.centres if self.batches_done else None,  # an epoch to come makes its own
        }
        return {"learner": learner.state(), "position": position}

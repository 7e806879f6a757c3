"""What a checkpoint holds, typed: all that training needs to go on bit for bit, as tensors and plain values."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypedDict

if TYPE_CHECKING:
    from torch import Tensor


class LearnerState(TypedDict):
    """Of a learner: weights by name, the learned tensors of the loss, torch's own state of the optimiser, and that of
    the random generator."""

    encoder: dict[str, Tensor]
    learned: dict[str, Tensor]
    optimiser: dict[str, Any]
    generator: Tensor


class PositionState(TypedDict):
    """Where a training stands: the generator as it was when the epoch began, and the class centres if they matter."""

    step: int
    epoch: int
    batches_done: int
    seconds: float
    at_epoch_start: Tensor
    centres: Tensor | None


class TrainingState(TypedDict):
    """Of a training."""

    learner: LearnerState
    position: PositionState

"""How a training moves and mirrors its images at random, as its schedule says."""

from __future__ import annotations

from typing import TYPE_CHECKING

from core.experiment.schedule import Schedule
from core.lazy import torch

if TYPE_CHECKING:
    from torch import Generator, Tensor


def moved(images: Tensor, schedule: Schedule, generator: Generator) -> Tensor:
    """(N, channels, H, W) -> each image mirrored and moved by whole pixels at random; what moves in repeats the border.

    The same tensor, and nothing drawn, where the schedule asks for neither.
    """
    count, _, height, width = images.shape
    columns = torch.arange(width).expand(count, width)
    rows = torch.arange(height).expand(count, height)
    if schedule.mirror:
        mirrored = torch.rand(count, 1, generator=generator) < 0.5
        columns = torch.where(mirrored, columns.flip(1), columns)
    if schedule.shift:
        moves = torch.randint(-schedule.shift, schedule.shift + 1, (2, count, 1), generator=generator)
        rows, columns = rows + moves[0], columns + moves[1]
    elif not schedule.mirror:
        return images
    sample = torch.arange(count)[:, None, None]
    rows, columns = rows.clamp(0, height - 1), columns.clamp(0, width - 1)
    moved_images = images.permute(0, 2, 3, 1)[sample, rows[:, :, None], columns[:, None, :]]
    return moved_images.permute(0, 3, 1, 2)

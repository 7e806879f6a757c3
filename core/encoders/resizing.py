"""Images resized inside an encoder: by torch's antialiased bilinear filter, written as a matrix for each direction,
which every exporter knows."""

from __future__ import annotations

from typing import TYPE_CHECKING

from core.lazy import torch

if TYPE_CHECKING:
    from torch import Tensor


def resizing(size: int, side: int, first: int = 0, last: int | None = None) -> Tensor:
    """(side, size): the weights with which `size` pixels in a row become `side`; those from `first` up to `last` alone
    where they are named."""
    last = size if last is None else last
    one_each = torch.eye(last - first)[None, None]
    resized = torch.nn.functional.interpolate(one_each, (side, last - first), mode="bilinear", antialias=True)
    return torch.nn.functional.pad(resized[0, 0], (first, size - last))

"""Rectangles drawn at random inside of images, one for each, as torchvision's crops and erasures draw them."""

from __future__ import annotations

from math import log
from typing import TYPE_CHECKING, NamedTuple

from core.lazy import torch

if TYPE_CHECKING:
    from torch import Generator, Tensor

TRIES = 10  # as in torchvision


class Boxes(NamedTuple):
    """One rectangle for each of N images, in whole pixels, (N,) int64 each."""

    top: Tensor
    left: Tensor
    height: Tensor
    width: Tensor


def random_boxes(
    count: int, size: tuple[int, int], area: tuple[float, float], aspect: tuple[float, float], generator: Generator
) -> tuple[Boxes, Tensor]:
    """One rectangle for each of `count` images of `size` (H, W), and (N,) bool, whether one was drawn that fits.

    Its area is uniform in `area`, as a share of the image; its width by its height is log-uniform in `aspect`; its
    place is uniform. The first of TRIES draws that fits is taken; where none does, the rectangle is the whole image.
    """
    height, width = size
    areas = height * width * _uniform((TRIES, count), area, generator)
    aspects = _uniform((TRIES, count), (log(aspect[0]), log(aspect[1])), generator).exp()
    widths, heights = (areas * aspects).sqrt().round().long(), (areas / aspects).sqrt().round().long()
    fits = (widths > 0) & (widths <= width) & (heights > 0) & (heights <= height)
    first, found = fits.long().argmax(0, keepdim=True), fits.any(0)
    high = torch.where(found, heights.gather(0, first)[0], height)
    wide = torch.where(found, widths.gather(0, first)[0], width)
    places = torch.rand(2, count, generator=generator)
    top = (places[0] * (height - high + 1)).long().minimum(height - high)
    left = (places[1] * (width - wide + 1)).long().minimum(width - wide)
    return Boxes(top, left, high, wide), found


def _uniform(shape: tuple[int, int], bounds: tuple[float, float], generator: Generator) -> Tensor:
    """In float64, so that a share of 1 is the whole area and no pixel less."""
    low, high = bounds
    return low + (high - low) * torch.rand(shape, generator=generator, dtype=torch.float64)

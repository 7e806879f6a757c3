from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from core.augmentations.base import Augmentation
from core.augmentations.random_boxes import random_boxes
from core.lazy import torch
from core.params import Card, param

if TYPE_CHECKING:
    from torch import Generator, Tensor

SMALLEST = 0.02  # share of an image that is erased at least, as in the paper
ASPECT = 3.3


@dataclass(frozen=True)
class Erasing(Augmentation):
    """Blacken a random rectangle of an image, so that no single part of it decides.

    What torchvision's v2 RandomErasing does to one image is done to all of a batch at once.
    """

    card = Card(
        formula=r"\tilde{x}_{uv} = 0 \ \text{for } (u, v) \text{ in a random box}, \quad x_{uv} \text{ elsewhere}",
        paper="Zhong, Zheng, Kang, Li, Yang 2020, Random erasing data augmentation (AAAI)",
        dialects=(
            "The paper fills the box with noise, others with the mean of the training set; here it is black.",
            "Where none of ten boxes fits, the image stays as it is, as in torchvision.",
        ),
        traps=("On a black ground a black box says little: strokes vanish, and only that is learned from.",),
    )
    share: float = param(0.5, main="share", low=0.0, high=1.0, help="share of the images in which a box is erased")
    largest: float = param(0.33, low=0.02, high=0.9, help="area of the largest box, as a share of the image")

    def __call__(self, images: Tensor, generator: Generator) -> Tensor:
        count, _, height, width = images.shape
        area, aspect = (SMALLEST, self.largest), (1 / ASPECT, ASPECT)
        boxes, found = random_boxes(count, (height, width), area, aspect, generator)
        erased = found & (torch.rand(count, generator=generator) < self.share)
        rows = _inside(boxes.top, boxes.height, height)
        columns = _inside(boxes.left, boxes.width, width)
        black = erased[:, None, None] & rows[:, :, None] & columns[:, None, :]
        return images.masked_fill(black[:, None].to(images.device), 0.0)


def _inside(start: Tensor, length: Tensor, size: int) -> Tensor:
    """(N,) first pixel and number of pixels -> (N, size) bool, which pixels of an axis they are."""
    places = torch.arange(size)
    return (places >= start[:, None]) & (places < (start + length)[:, None])

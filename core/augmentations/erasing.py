from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from core.augmentations.base import Augmentation
from core.params import Card, param

if TYPE_CHECKING:
    from torchvision.transforms.v2 import Transform

SMALLEST = 0.02  # share of an image that is erased at least, as in the paper


@dataclass(frozen=True)
class Erasing(Augmentation):
    """Blacken a random rectangle of an image, so that no single part of it decides."""

    card = Card(
        formula=r"\tilde{x}_{uv} = 0 \ \text{in a random box}, \ x_{uv} \ \text{elsewhere}",
        paper="Zhong, Zheng, Kang, Li, Yang 2020, Random erasing data augmentation (AAAI)",
        dialects=(
            "The paper fills the box with noise, others with the mean of the training set; here it is black.",
            "Where none of ten boxes that are drawn fits, the image stays as it is.",
        ),
        traps=("On a black ground a black box says little: strokes vanish, and only that is learned from.",),
    )
    share: float = param(0.5, main="share", low=0.0, high=1.0, help="share of the images in which a box is erased")
    largest: float = param(0.33, low=0.02, high=0.9, help="area of the largest box, as a share of the image")

    def steps(self, height: int, width: int) -> list[Transform]:
        from torchvision.transforms import v2  # here, since pages import this module

        return [v2.RandomErasing(self.share, scale=(SMALLEST, self.largest))] if self.share else []

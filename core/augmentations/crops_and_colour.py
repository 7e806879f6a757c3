from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from core.augmentations.base import Augmentation
from core.params import Card, param

if TYPE_CHECKING:
    from torchvision.transforms.v2 import Transform


@dataclass(frozen=True)
class CropsAndColour(Augmentation):
    """Cut a random part out of every image and enlarge it again, then change its brightness, contrast and colours."""

    card = Card(
        formula=r"\tilde{x} = g\bigl(c(m(r(x)))\bigr) \quad \text{crop, mirror, colour, grey}",
        paper="Chen, Kornblith, Norouzi, Hinton 2020, A simple framework for contrastive learning (SimCLR), appendix A",
        dialects=(
            "SimCLR crops down to 8 % of an image, changes colours up to 80 % and blurs: too much for small images.",
            "Brightness, contrast, saturation and hue change in an order that is drawn anew for every image.",
        ),
        traps=(
            "Where colour tells classes apart, changing it hides what is to be learned.",
            "Signs and digits are others when mirrored; so it is off unless asked for.",
            "A small crop may not show what an image is of: the training loss stays high.",
        ),
    )
    smallest_crop: float = param(
        0.6, main="crop", low=0.05, high=1.0, help="least share of the image that is kept; 1 cuts nothing"
    )
    aspect: float = param(1.333, low=1.0, high=4.0, help="a crop is stretched by up to so much, across or down")
    mirror: bool = param(False, help="mirror half of the images, left for right")
    brightness: float = param(0.2, low=0.0, high=1.0, help="brightness is multiplied by 1 plus or minus up to this")
    contrast: float = param(0.2, low=0.0, high=1.0, help="contrast is multiplied by 1 plus or minus up to this")
    saturation: float = param(0.2, low=0.0, high=1.0, help="colourfulness is multiplied by 1 plus or minus up to this")
    hue: float = param(0.0, low=0.0, high=0.5, help="colours turn on their circle by up to so much of a whole turn")
    grey: float = param(0.0, low=0.0, high=1.0, help="share of the images in colour that are made grey")

    def steps(self, height: int, width: int) -> list[Transform]:
        from torchvision.transforms import v2  # here, since pages import this module

        found: list[Transform] = []
        if self.smallest_crop < 1:
            ratio = (1 / self.aspect, self.aspect)
            found.append(v2.RandomResizedCrop((height, width), scale=(self.smallest_crop, 1.0), ratio=ratio))
        if self.mirror:
            found.append(v2.RandomHorizontalFlip(0.5))
        if self.brightness or self.contrast or self.saturation or self.hue:
            found.append(v2.ColorJitter(self.brightness, self.contrast, self.saturation, self.hue))
        if self.grey:
            found.append(v2.RandomGrayscale(self.grey))
        return found

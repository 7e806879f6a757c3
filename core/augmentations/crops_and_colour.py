"""Random crops and changes of colour, and the steps they are made of."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from core.augmentations.base import Augmentation
from core.augmentations.random_boxes import Boxes, random_boxes
from core.lazy import torch
from core.params import Card, param

if TYPE_CHECKING:
    from torch import Generator, Tensor

GREY = (0.2989, 0.587, 0.114)  # of red, green and blue in a grey value, as in torchvision


@dataclass(frozen=True)
class CropsAndColour(Augmentation):
    """Cut a random part out of every image and enlarge it again, then change its brightness, contrast and colours.

    What torchvision's v2 RandomResizedCrop, RandomHorizontalFlip, ColorJitter and RandomGrayscale do to one image is
    done to all of a batch at once, with the same values. Grey images have no colours to change.
    """

    card = Card(
        formula=r"\tilde{x} = c_s \circ c_c \circ c_b \circ m \circ r (x) \quad "
        r"\text{crop, mirror, brightness, contrast, saturation}",
        paper="Chen, Kornblith, Norouzi, Hinton 2020, A simple framework for contrastive learning (SimCLR), appendix A",
        dialects=(
            "SimCLR crops down to 8 % of an image, changes colours up to 80 % and blurs: too much for small images.",
            "torchvision changes brightness, contrast and saturation in a random order, here it is always this one; "
            "hue stays.",
            "Where none of ten crops fits, torchvision cuts the middle to the allowed shape; here the image is whole.",
        ),
        traps=(
            "Where colour tells classes apart, changing it hides what is to be learned.",
            "Signs and digits are others when mirrored; so it is off unless asked for.",
            "A small crop may not show what an image is of: the training loss stays high.",
        ),
    )
    smallest_crop: float = param(0.6, main="crop", low=0.05, high=1.0, help="least share of the image that is kept")
    aspect: float = param(1.333, low=1.0, high=4.0, help="a crop is stretched by up to so much, across or down")
    mirror: bool = param(False, help="mirror half of the images, left for right")
    brightness: float = param(0.2, low=0.0, high=1.0, help="brightness is multiplied by 1 plus or minus up to this")
    contrast: float = param(0.2, low=0.0, high=1.0, help="contrast is multiplied by 1 plus or minus up to this")
    saturation: float = param(0.2, low=0.0, high=1.0, help="colourfulness is multiplied by 1 plus or minus up to this")
    grey: float = param(0.0, low=0.0, high=1.0, help="share of the images in colour that are made grey")

    def __call__(self, images: Tensor, generator: Generator) -> Tensor:
        count, channels, height, width = images.shape
        area, aspect = (self.smallest_crop, 1.0), (1 / self.aspect, self.aspect)
        boxes, _ = random_boxes(count, (height, width), area, aspect, generator)
        chances = torch.rand(5, count, 1, 1, 1, generator=generator).to(images.device)
        # Rounded to whole pixels, a box of the whole area may still lack a column.
        cropped = resized_crops(images, boxes) if self.smallest_crop < 1 else images
        cropped = torch.where(chances[0] < (0.5 if self.mirror else 0.0), cropped.flip(3), cropped)
        bright = blended(cropped, torch.zeros_like(cropped), _factor(chances[1], self.brightness))
        mean = grey_values(bright).mean(dim=(1, 2, 3), keepdim=True)
        contrasted = blended(bright, mean, _factor(chances[2], self.contrast))
        if channels == 1:
            return contrasted
        coloured = blended(contrasted, grey_values(contrasted), _factor(chances[3], self.saturation))
        return torch.where(chances[4] < self.grey, grey_values(coloured).expand_as(coloured), coloured)


def resized_crops(images: Tensor, boxes: Boxes) -> Tensor:
    """(N, channels, H, W) -> the part of each image in its box, enlarged to (H, W) by bilinear interpolation."""
    height, width = images.shape[2:]
    down = _interpolation(boxes.top, boxes.height, height).to(images)
    across = _interpolation(boxes.left, boxes.width, width).to(images)
    return down[:, None] @ images @ across.mT[:, None]


def _interpolation(start: Tensor, length: Tensor, size: int) -> Tensor:
    """(N,) first pixel and number of pixels -> (N, size, size) weights of the pixels in each of the enlarged part.

    Bilinear is separable: along one axis a pixel is made of the two that its centre lies between, inside of the part.
    """
    scale = length.double()[:, None] / size
    centre = (torch.arange(size) + 0.5) * scale - 0.5
    centre = centre.clamp(min=0).minimum(length.double()[:, None] - 1) + start[:, None]
    return (1 - (torch.arange(size) - centre[:, :, None]).abs()).clamp(min=0)


def grey_values(images: Tensor) -> Tensor:
    """(N, 3, H, W) -> (N, 1, H, W); images that are grey already as they are."""
    if images.shape[1] == 1:
        return images
    red, green, blue = images.unbind(1)
    return (GREY[0] * red + GREY[1] * green + GREY[2] * blue)[:, None]


def blended(images: Tensor, others: Tensor, factor: Tensor) -> Tensor:
    """So much of the images, the rest of the others, in [0, 1]; a factor above 1 moves away from the others."""
    return (factor * images + (1 - factor) * others).clamp(0, 1)


def _factor(chance: Tensor, strength: float) -> Tensor:
    """1 plus or minus up to `strength`, from a number in [0, 1)."""
    return 1 + strength * (2 * chance - 1)

"""What every augmentation declares."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from core.lazy import torch
from core.params import Declared

if TYPE_CHECKING:
    from torch import Generator, Tensor
    from torchvision.transforms.v2 import Transform

SEEDS = 2**62


@dataclass(frozen=True)
class Augmentation(Declared):
    """Changes the images of a batch at random, each by draws of its own, before the encoder sees them.

    What: torchvision's v2 transforms, called for one image after the other. Why: a transform draws once for all that it
    is called with, and a batch in which all images are cropped alike teaches less. Refused: the same changes of a whole
    batch at once, by our own code: several times as fast, but to be kept equal to a library that goes on.
    """

    # Whether it changes anything: one that does not is left out of a run's id.
    changes: ClassVar[bool] = True

    def __call__(self, images: Tensor, generator: Generator) -> Tensor:
        """(N, channels, H, W) float in [0, 1], grey or in colour -> as many of the same size, in [0, 1].

        One number is drawn from the generator, which is the run's own and lies on the CPU. It seeds torch's own
        generator, from which torchvision draws, and which is left as it was.
        """
        steps = self.steps(*images.shape[2:])
        if not steps:
            return images
        with torch.random.fork_rng(devices=[]):
            torch.default_generator.manual_seed(int(torch.randint(SEEDS, (), generator=generator)))
            return torch.stack([_through(steps, image) for image in images]).clamp(0, 1)

    def steps(self, height: int, width: int) -> list[Transform]:
        """What is done to an image (channels, H, W) of this size, in this order; what has no strength is left out."""
        raise NotImplementedError


def _through(steps: list[Transform], image: Tensor) -> Tensor:
    for step in steps:
        image = step(image)
    return image

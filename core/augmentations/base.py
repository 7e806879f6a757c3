"""What every augmentation declares."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from core.params import Declared

if TYPE_CHECKING:
    from torch import Generator, Tensor


@dataclass(frozen=True)
class Augmentation(Declared):
    """Changes the images of a batch at random, each by draws of its own, before the encoder sees them."""

    # Whether it changes anything: one that does not is left out of a run's id.
    changes: ClassVar[bool] = True

    def __call__(self, images: Tensor, generator: Generator) -> Tensor:
        """(N, channels, H, W) float in [0, 1], grey or in colour -> as many of the same size, in [0, 1].

        All draws are taken from the generator, which is the run's own and lies on the CPU.
        """
        raise NotImplementedError

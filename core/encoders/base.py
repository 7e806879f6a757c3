"""What every encoder declares, and how its weights start."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from core.lazy import torch
from core.params import Declared, param

if TYPE_CHECKING:
    from torch import Generator, Tensor, nn


@dataclass(frozen=True)
class Encoder(Declared):
    """Maps an image, or a vector, to a point of the embedding space. A vector of D numbers comes as an image of one
    pixel with D channels."""

    takes_vectors: ClassVar[bool] = False  # without rows and columns
    takes_pixels: ClassVar[bool] = False  # from 0 to 1, instead of scaled by the mean and deviation of the training set

    dimension: int = param(
        64,
        choices=(2, 16, 32, 64, 128, 256, 384, 512, 768, 1024),
        unit="dimensions",
        help="length of the embedding",
    )
    normalise: bool = param(True, help="scale every embedding to length 1 (L2), so that distances lie in [0, 2]")

    activation: str = param(
        "none",
        choices=("none", "relu"),
        help="what the last layer's output passes through; anything but none cuts the space down",
    )

    @property
    def absence(self) -> str:
        """What its weights would have to be fetched from elsewhere, in a sentence; empty where nothing is."""
        return ""

    def blank(self) -> Encoder:
        """The same layers, for weights that are set afterwards: nothing is fetched for them."""
        return self

    def check(self, shape: tuple[int, int, int], *, is_vector: bool) -> None:
        """Raise ValueError where it cannot embed samples of this shape (channels, H, W), a vector of D numbers as
        (D, 1, 1), or lacks something."""

    def kept_back(self, kind: str) -> str:
        """Why it cannot be taken home as this kind of file, in a sentence; empty where it can."""
        return ""

    def fixed_part(self, module: nn.Module) -> nn.Module | None:
        """The layers at its beginning that no training changes, which give (N, features, 1, 1); None where there are
        none."""
        return None

    def learning_part(self, module: nn.Module) -> nn.Module:
        """The layers after `fixed_part`."""
        return module

    def rates(self, module: nn.Module) -> list[tuple[list[nn.Parameter], float]]:
        """The weights that training moves, in groups, each with its share of the learning rate; 1 for the first."""
        return [(list(module.parameters()), 1.0)]

    def layers(self, height: int, width: int, channels: int) -> nn.Module:
        """(N, channels, H, W) float32 -> (N, dimension), before normalisation."""
        raise NotImplementedError

    def build(self, height: int, width: int, generator: Generator, channels: int = 1) -> nn.Module:
        """The module with weights drawn from the generator: the same generator state, the same encoder.

        A pixel has so many `channels`: 1 where it is grey, 3 in colour.
        """
        module = self.layers(height, width, channels)
        for layer in module.modules():
            if isinstance(layer, (torch.nn.Conv2d, torch.nn.Linear)):
                torch.nn.init.kaiming_normal_(layer.weight, nonlinearity="relu", generator=generator)
                if layer.bias is not None:
                    torch.nn.init.zeros_(layer.bias)
        return module.to(memory_format=torch.channels_last)

    def embed(self, module: nn.Module, images: Tensor) -> Tensor:
        """(N, channels, H, W) -> (N, dimension), of length 1 where the encoder normalises; a zero vector stays zero.
        What comes to `learning_part` is embedded by it alike."""
        embeddings = module(images)
        if self.activation == "relu":
            embeddings = torch.relu(embeddings)
        return torch.nn.functional.normalize(embeddings) if self.normalise else embeddings

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from core.encoders.base import Encoder
from core.lazy import torch

if TYPE_CHECKING:
    from torch import nn

SMALL_IMAGE = 16  # pixels; below, the first layer keeps the resolution


@dataclass(frozen=True)
class CompactCnn(Encoder):
    """Three strided 3 x 3 convolutions with batch normalisation: about 90,000 weights for images of 28 x 28."""

    def layers(self, height: int, width: int, channels: int) -> nn.Module:
        nn = torch.nn
        first_stride = 1 if min(height, width) < SMALL_IMAGE else 2
        layers: list[nn.Module] = []
        inputs = channels
        for outputs, stride in ((16, first_stride), (32, 2), (64, 2)):
            layers += [
                nn.Conv2d(inputs, outputs, 3, stride, padding=1, bias=False),
                nn.BatchNorm2d(outputs),
                nn.ReLU(),
            ]
            height, width, inputs = -(-height // stride), -(-width // stride), outputs
        return nn.Sequential(*layers, nn.Flatten(), nn.Linear(inputs * height * width, self.dimension))

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
    """Three strided 3 x 3 convolutions with batch normalisation, averaged over the image: about 100,000 weights."""

    def layers(self, height: int, width: int) -> nn.Module:
        nn = torch.nn
        first_stride = 1 if min(height, width) < SMALL_IMAGE else 2

        def block(inputs: int, outputs: int, stride: int) -> list[nn.Module]:
            convolution = nn.Conv2d(inputs, outputs, 3, stride, padding=1, bias=False)
            return [convolution, nn.BatchNorm2d(outputs), nn.ReLU()]

        return nn.Sequential(
            *block(1, 32, first_stride),
            *block(32, 64, 2),
            *block(64, 128, 2),
            nn.AdaptiveAvgPool2d(1),
            nn.Flatten(),
            nn.Linear(128, self.dimension),
        )

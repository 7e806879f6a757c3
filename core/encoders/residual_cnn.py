from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from core.encoders.base import Encoder
from core.lazy import torch

if TYPE_CHECKING:
    from torch import Tensor, nn


@dataclass(frozen=True)
class ResidualCnn(Encoder):
    """A small residual network (He et al. 2016): a stem and three stages of one residual block each."""

    def layers(self, height: int, width: int, channels: int) -> nn.Module:
        nn = torch.nn

        class Residual(nn.Module):
            """relu(F(x) + shortcut(x)); the shortcut is a 1 x 1 convolution where shapes differ."""

            def __init__(self, inputs: int, outputs: int, stride: int) -> None:
                super().__init__()
                self.path = nn.Sequential(
                    nn.Conv2d(inputs, outputs, 3, stride, padding=1, bias=False),
                    nn.BatchNorm2d(outputs),
                    nn.ReLU(),
                    nn.Conv2d(outputs, outputs, 3, padding=1, bias=False),
                    nn.BatchNorm2d(outputs),
                )
                changes = stride > 1 or inputs != outputs
                self.shortcut = nn.Conv2d(inputs, outputs, 1, stride, bias=False) if changes else nn.Identity()

            def forward(self, images: Tensor) -> Tensor:
                return torch.relu(self.path(images) + self.shortcut(images))

        return nn.Sequential(
            nn.Conv2d(channels, 24, 3, stride=1 if min(height, width) < 16 else 2, padding=1, bias=False),
            nn.BatchNorm2d(24),
            nn.ReLU(),
            Residual(24, 24, 1),
            Residual(24, 48, 2),
            Residual(48, 96, 2),
            nn.AdaptiveAvgPool2d(1),
            nn.Flatten(),
            nn.Linear(96, self.dimension),
        )

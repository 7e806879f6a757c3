from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from core.encoders.base import Encoder
from core.lazy import torch
from core.params import param

if TYPE_CHECKING:
    from torch import nn


@dataclass(frozen=True)
class Mlp(Encoder):
    """Two fully connected hidden layers on the flattened pixels, or on vectors: the smallest encoder that bends."""

    takes_vectors: ClassVar[bool] = True

    width: int = param(256, low=16, high=1024, unit="units", help="units in each hidden layer")

    def layers(self, height: int, width: int, channels: int) -> nn.Module:
        nn = torch.nn
        return nn.Sequential(
            nn.Flatten(),
            nn.Linear(channels * height * width, self.width),
            nn.ReLU(),
            nn.Linear(self.width, self.width),
            nn.ReLU(),
            nn.Linear(self.width, self.dimension),
        )

"""What encoders share that are a network under a head: which part learns, and how fast."""

from __future__ import annotations

from typing import TYPE_CHECKING

from core.encoders.base import Encoder
from core.lazy import torch

if TYPE_CHECKING:
    from torch import nn

HEAD, EVERYTHING = "head only", "everything"


class Headed(Encoder):
    """`layers` gives a row of preparation, network, flattening and head."""

    @property
    def trained(self) -> str:
        """What of it learns: HEAD or EVERYTHING."""
        raise NotImplementedError

    @property
    def network_rate(self) -> float:
        """The learning rate of the network, as a share of that of the head."""
        raise NotImplementedError

    def fixed_part(self, module: nn.Module) -> nn.Module | None:
        return layers_of(module)[:2] if self.trained == HEAD else None

    def learning_part(self, module: nn.Module) -> nn.Module:
        return layers_of(module)[2:] if self.trained == HEAD else module

    def rates(self, module: nn.Module) -> list[tuple[list[nn.Parameter], float]]:
        layers = layers_of(module)
        head = (list(layers[-1].parameters()), 1.0)
        return [head] if self.trained == HEAD else [head, (list(layers[1].parameters()), self.network_rate)]


def layers_of(module: nn.Module) -> nn.Sequential:
    """What `layers` has put in a row."""
    assert isinstance(module, torch.nn.Sequential), "a module of this encoder is a row of layers"
    return module

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from core.augmentations.base import Augmentation
from core.params import Card

if TYPE_CHECKING:
    from torchvision.transforms.v2 import Transform


@dataclass(frozen=True)
class Untouched(Augmentation):
    """Show the encoder every image as it is, but for what the schedule's shift and mirror do."""

    changes = False
    card = Card(
        formula=r"\tilde{x} = x",
        traps=("With few images of each class the encoder soon knows them by heart: the loss falls, Recall does not.",),
    )

    def steps(self, height: int, width: int) -> list[Transform]:
        return []

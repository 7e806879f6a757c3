from __future__ import annotations

from dataclasses import dataclass
from math import ceil
from typing import TYPE_CHECKING

from core.augmentations.base import Augmentation
from core.params import Card, param

if TYPE_CHECKING:
    from torchvision.transforms.v2 import Transform


@dataclass(frozen=True)
class TurnsAndShifts(Augmentation):
    """Turn, move and enlarge every image a little; what moves in repeats the border.

    A border of half the image is added before and cut off after, so that a small turn shows no black corner; a
    large one of a long image, or together with a large shift, may.
    """

    card = Card(
        formula=r"\tilde{x}(p) = x\bigl(\tfrac{1}{s} R_{-\varphi} (p - t)\bigr)",
        paper="Simard, Steinkraus, Platt 2003, Best practices for convolutional neural networks (ICDAR)",
        dialects=("The paper also bends images elastically, and others shear them; here straight lines keep angles.",),
        traps=("A six that is turned by half a turn is a nine.",),
    )
    turn: float = param(10.0, main="turn", low=0.0, high=180.0, unit="degrees", help="turned by up to so much")
    shift: float = param(0.08, low=0.0, high=0.5, help="moved by up to this share of the image, across and down")
    zoom: float = param(1.1, low=1.0, high=2.0, help="enlarged by up to this, or made as much smaller")

    def steps(self, height: int, width: int) -> list[Transform]:
        if not self.turn and not self.shift and self.zoom == 1:
            return []
        from torchvision.transforms import v2  # here, since pages import this module

        across, down = ceil(width / 2), ceil(height / 2)
        part = (self.shift * width / (width + 2 * across), self.shift * height / (height + 2 * down))
        moved = v2.RandomAffine(
            [-self.turn, self.turn],
            translate=part,
            scale=(1 / self.zoom, self.zoom),
            interpolation=v2.InterpolationMode.BILINEAR,
        )
        return [v2.Pad([across, down], padding_mode="edge"), moved, v2.CenterCrop((height, width))]

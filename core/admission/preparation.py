"""How every image that is brought becomes pixels of one size: one rule, written on the card of the set.

The file is decoded (core/datasets/picture.py), a JPEG at the smallest scale that leaves whole pixels, and at least
twice the wanted width and height. Then fit: "stretch" takes the whole image, "crop" the largest part in the middle that
has the wanted shape, "pad" the whole image, centred between black borders. Pillow's BILINEAR filter does it, across and
then down, which averages over all pixels where it makes an image smaller (core/datasets/fitting.py).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any, Self

import numpy as np

from core.datasets.fitting import FITS, fitted
from core.datasets.picture import least_size, picture_of

SIDES = (28, 32, 48, 64, 96, 128)
SIDE = 64
JPEG_AT_LEAST = 2


@dataclass(frozen=True)
class Preparation:
    """The size of the prepared images, how they are fitted into it, and at least how many times that size a JPEG is
    decoded: 0 decodes all of it, as of sets from before there was this rule."""

    height: int = SIDE
    width: int = SIDE
    fit: str = "stretch"
    jpeg_at_least: int = JPEG_AT_LEAST

    def __post_init__(self) -> None:
        if self.fit not in FITS:
            raise ValueError(f"fit must be one of {', '.join(FITS)}, got {self.fit!r}. Choose one of them.")
        for what, value in (("height", self.height), ("width", self.width)):
            if not 8 <= value <= 256:
                raise ValueError(
                    f"{what} must be from 8 to 256 pixels, got {value}. Choose one of {', '.join(map(str, SIDES))}."
                )
        if self.jpeg_at_least < 0:
            raise ValueError(f"jpeg_at_least must be 0 or more, got {self.jpeg_at_least}. Choose {JPEG_AT_LEAST}.")

    @classmethod
    def read(cls, written: Mapping[str, Any]) -> Self:
        """Of what `written` gives, with or without what else it says."""
        sides = int(written["height"]), int(written["width"])
        return cls(*sides, str(written["fit"]), int(written.get("jpeg_at_least", 0)))

    def written(self, channels: int) -> dict[str, int | str]:
        """The rule as a card has it; images are kept with 1 channel where all are grey, otherwise with 3."""
        return {**asdict(self), "channels": channels, "filter": "bilinear"}


def prepared(content: bytes, preparation: Preparation) -> tuple[np.ndarray, tuple[int, int]]:
    """The bytes of a file -> uint8 (H, W) where the image is grey, otherwise (H, W, 3); and its width and height.

    Raises ValueError, of which the text says after "it" why the file is no image that is taken.
    """
    height, width = preparation.height, preparation.width
    picture = picture_of(content, least_size(height, width, preparation.jpeg_at_least))
    return np.asarray(fitted(picture.image, height, width, preparation.fit)), picture.size

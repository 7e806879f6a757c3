"""How an image file becomes what an encoder takes, said in plain values that other software can follow.

It is what admission does (core/datasets/picture.py, core/datasets/fitting.py). decide.py beside this file does the same
with numpy alone, bit for bit; tests hold the three together.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np
from PIL import Image, ImageOps

from core.datasets.fitting import FITS, FRACTIONS, fitted, plain
from core.datasets.picture import least_size
from core.handover.decide import coloured, prepared
from core.records.fields import JsonObject

KEYS = ("height", "width", "channels", "fit", "filter", "mean", "deviation")


@dataclass(frozen=True)
class Preprocessing:
    """An upright image, over white where it is transparent, is turned grey or coloured, then resized as `fit` says by
    Pillow's antialiased bilinear filter, across and then down; of each channel, as a share of 255, the mean is taken
    away and the rest divided by the deviation. A JPEG is decoded at the smallest of 1, 1/2, 1/4 and 1/8 of its size
    that is of whole pixels and has at least `jpeg_at_least` times the wanted width and height; where that is 0, as it
    is."""

    height: int
    width: int
    channels: int
    mean: tuple[float, ...]
    deviation: tuple[float, ...]
    fit: str = "stretch"
    jpeg_at_least: int = 0
    filter: ClassVar[str] = "bilinear"

    def __post_init__(self) -> None:
        if self.fit not in FITS:
            raise ValueError(f"fit must be {', '.join(FITS)}, got {self.fit!r}. Choose one of these.")
        if self.channels not in (1, 3) or min(self.height, self.width) < 1:
            raise ValueError(
                f"images must have 1 or 3 channels and at least one pixel, got {self.channels} channels of "
                f"{self.height} x {self.width}. Correct model.json."
            )
        if self.jpeg_at_least < 0:
            raise ValueError(f"jpeg_at_least must be 0 or more, got {self.jpeg_at_least}. Correct model.json.")
        if {len(self.mean), len(self.deviation)} != {self.channels} or not all(value > 0 for value in self.deviation):
            raise ValueError(
                f"each of {self.channels} channels must have a mean and a deviation above 0, got {self.mean} and "
                f"{self.deviation}. Correct model.json."
            )

    @classmethod
    def read(cls, written: Any) -> Preprocessing:
        """Of what `written` gave, as JSON has it. Raises ValueError for what is damaged."""
        if not isinstance(written, dict) or not set(KEYS) <= set(written) or written["filter"] != cls.filter:
            raise ValueError(
                f"preprocessing must say {', '.join(KEYS)}, got {written!r:.60}. Export the encoder again."
            )
        try:
            height, width, channels = (int(written[name]) for name in ("height", "width", "channels"))
            mean, deviation = (_numbers(written[name]) for name in ("mean", "deviation"))
            jpeg = int(written.get("jpeg_at_least", 0))  # of encoders from before there was this rule, all of a JPEG
            return cls(height, width, channels, mean, deviation, str(written["fit"]), jpeg)
        except TypeError as problem:
            raise ValueError(f"preprocessing must be numbers and words, got {problem}. Export again.") from None

    def written(self) -> JsonObject:
        """The plain values that `read` takes."""
        values = {name: getattr(self, name) for name in (*KEYS, "jpeg_at_least")}
        return values | {"mean": list(self.mean), "deviation": list(self.deviation)}

    @property
    def least(self) -> tuple[int, int] | None:
        """Width and height below which no JPEG is decoded, or None where all of it is."""
        return least_size(self.height, self.width, self.jpeg_at_least)

    def pixels_of(self, picture: Image.Image) -> np.ndarray:
        """(H, W), or (H, W, 3) in colour, uint8, of an image that was decoded no smaller than `least`.

        Raises ValueError for pixels that are fractions.
        """
        if picture.mode == FRACTIONS:
            raise ValueError(
                "an image must have whole numbers as pixels, got fractions, whose range nothing tells. Save it as PNG."
            )
        upright = plain(ImageOps.exif_transpose(picture))
        right = Image.fromarray(coloured(np.asarray(upright), self.channels))
        return np.asarray(fitted(right, self.height, self.width, self.fit))

    def values_of(self, pixels: np.ndarray) -> np.ndarray:
        """(N, H, W) or (N, H, W, 3) uint8 -> (N, channels, H, W) float32, what the encoder takes."""
        return prepared(pixels, self.written())


def _numbers(values: Sequence[float]) -> tuple[float, ...]:
    return tuple(float(value) for value in values)

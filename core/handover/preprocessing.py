"""How an image file becomes what an encoder takes, said in plain values that other software can follow.

decide.py beside this file does the same with numpy alone, bit for bit; tests hold the two together. Images are resized
across and then down, in two steps: in one, Pillow 13 goes down first where that is faster and versions before never do,
so that some values would differ by 1.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np
from PIL import Image, ImageOps

from core.handover.decide import coloured, prepared
from core.records.fields import JsonObject

FITS = ("stretch", "crop", "pad")
GREY = ("1", "L", "LA")  # Pillow's names for what has no colour
MODES = (*GREY, "P", "RGB", "RGBA", "CMYK", "YCbCr")  # of at most 8 bits a value
KEYS = ("height", "width", "channels", "fit", "filter", "mean", "deviation")


@dataclass(frozen=True)
class Preprocessing:
    """An upright image is turned grey or coloured, then resized as `fit` says by Pillow's antialiased bilinear filter,
    across and then down; of each channel, as a share of 255, the mean is taken away and the rest divided by the
    deviation."""

    height: int
    width: int
    channels: int
    mean: tuple[float, ...]
    deviation: tuple[float, ...]
    fit: str = "stretch"
    filter: ClassVar[str] = "bilinear"

    def __post_init__(self) -> None:
        if self.fit not in FITS:
            raise ValueError(f"fit must be {', '.join(FITS)}, got {self.fit!r}. Choose one of these.")
        if self.channels not in (1, 3) or min(self.height, self.width) < 1:
            raise ValueError(
                f"images must have 1 or 3 channels and at least one pixel, got {self.channels} channels of "
                f"{self.height} x {self.width}. Correct model.json."
            )
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
            return cls(height, width, channels, mean, deviation, str(written["fit"]))
        except TypeError as problem:
            raise ValueError(f"preprocessing must be numbers and words, got {problem}. Export again.") from None

    def written(self) -> JsonObject:
        """The plain values that `read` takes."""
        values = {name: getattr(self, name) for name in KEYS}
        return values | {"mean": list(self.mean), "deviation": list(self.deviation)}

    def pixels_of(self, picture: Image.Image) -> np.ndarray:
        """(H, W), or (H, W, 3) in colour, uint8. Raises ValueError for pixels of more than 8 bits a value."""
        if picture.mode not in MODES:
            raise ValueError(
                f"an image must have at most 8 bits a value, got one of mode {picture.mode}. Save it as an 8-bit PNG."
            )
        upright = ImageOps.exif_transpose(picture)
        plain = upright.convert("L" if upright.mode in GREY else "RGB")
        right = Image.fromarray(coloured(np.asarray(plain), self.channels))
        return np.asarray(self._fitted(right))

    def values_of(self, pixels: np.ndarray) -> np.ndarray:
        """(N, H, W) or (N, H, W, 3) uint8 -> (N, channels, H, W) float32, what the encoder takes."""
        return prepared(pixels, self.written())

    def _fitted(self, picture: Image.Image) -> Image.Image:
        """Resized; the same whole numbers as in decide.py, halves rounded up."""
        (columns, rows), (width, height) = picture.size, (self.width, self.height)
        is_wide = columns * height > rows * width
        if self.fit == "crop":
            kept_columns = max(1, (2 * rows * width + height) // (2 * height)) if is_wide else columns
            kept_rows = rows if is_wide else max(1, (2 * columns * height + width) // (2 * width))
            left, top = (columns - kept_columns) // 2, (rows - kept_rows) // 2
            picture = picture.crop((left, top, left + kept_columns, top + kept_rows))
        elif self.fit == "pad":
            inner_height = max(1, (2 * rows * width + columns) // (2 * columns)) if is_wide else height
            inner_width = width if is_wide else max(1, (2 * columns * height + rows) // (2 * rows))
            padded = Image.new(picture.mode, (width, height))
            inner = _resized(picture, inner_width, inner_height)
            padded.paste(inner, ((width - inner_width) // 2, (height - inner_height) // 2))
            return padded
        return _resized(picture, width, height)


def _resized(picture: Image.Image, width: int, height: int) -> Image.Image:
    across = picture.resize((width, picture.height), Image.Resampling.BILINEAR)
    return across.resize((width, height), Image.Resampling.BILINEAR)


def _numbers(values: Sequence[float]) -> tuple[float, ...]:
    return tuple(float(value) for value in values)

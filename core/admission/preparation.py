"""How every image that is brought becomes pixels of one size: one rule, written on the card of the set.

Decode the whole image (the first one where it moves); turn it upright as its EXIF says; make it grey where it has no
colours, otherwise red, green and blue: 16 bits by their upper eight, a palette by its colours, CMYK by Pillow's plain
conversion, transparency over white. Then fit: "stretch" takes the whole image, "crop" the largest part in the middle
that has the wanted shape, "pad" the whole image, centred between black borders. Pillow's BILINEAR filter does it,
across and then down, which averages over all pixels where it makes an image smaller (core/datasets/fitting.py). No
faster decoder of a part of the detail is used (JPEG's draft mode), so that the rule holds to the last digit.
"""

from __future__ import annotations

import io
import struct
import warnings
import zlib
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any, Self

import numpy as np
from PIL import Image, ImageOps

from core.datasets.fitting import FITS, FRACTIONS, fitted, plain
from core.system.quoting import brief

FORMATS = ("PNG", "JPEG", "WEBP", "BMP", "GIF", "PPM")
MOST_PIXELS, LONGEST_SIDE = 25_000_000, 8_192
SIDES = (28, 32, 48, 64, 96, 128)
SIDE = 64
ORIENTATION = 0x0112  # the number of EXIF
# What Pillow and its decoders are known to raise at bytes that somebody changed.
_UNREADABLE = (
    OSError,
    ValueError,
    SyntaxError,
    EOFError,
    LookupError,
    ArithmeticError,
    TypeError,
    AttributeError,
    RuntimeError,
    MemoryError,
    struct.error,
    zlib.error,
    Image.DecompressionBombError,
    Image.DecompressionBombWarning,
)


@dataclass(frozen=True)
class Preparation:
    """The size of the prepared images, and how they are fitted into it."""

    height: int = SIDE
    width: int = SIDE
    fit: str = "stretch"

    def __post_init__(self) -> None:
        if self.fit not in FITS:
            raise ValueError(f"fit must be one of {', '.join(FITS)}, got {self.fit!r}. Choose one of them.")
        for what, value in (("height", self.height), ("width", self.width)):
            if not 8 <= value <= 256:
                raise ValueError(
                    f"{what} must be from 8 to 256 pixels, got {value}. Choose one of {', '.join(map(str, SIDES))}."
                )

    @classmethod
    def read(cls, written: Mapping[str, Any]) -> Self:
        """Of what `written` gives, with or without what else it says."""
        return cls(int(written["height"]), int(written["width"]), str(written["fit"]))

    def written(self, channels: int) -> dict[str, int | str]:
        """The rule as a card has it; images are kept with 1 channel where all are grey, otherwise with 3."""
        return {**asdict(self), "channels": channels, "filter": "bilinear"}


def prepared(content: bytes, preparation: Preparation) -> tuple[np.ndarray, tuple[int, int]]:
    """The bytes of a file -> uint8 (H, W) where the image is grey, otherwise (H, W, 3); and its width and height.

    Raises ValueError, of which the text says after "it" why the file is no image that is taken.
    """
    try:
        _check_size(_webp_size(content))
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # such as of EXIF that is damaged
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            with Image.open(io.BytesIO(content), formats=FORMATS) as image:
                _check_size(image.size)
                upright = ImageOps.exif_transpose(image) if _is_turned(image) else image
                upright.load()
                if upright.mode == FRACTIONS:
                    raise _Refused("its pixels are fractions, whose range nothing tells")
                fit = fitted(plain(upright), preparation.height, preparation.width, preparation.fit)
                return np.asarray(fit), upright.size
    except _Refused:
        raise
    except Image.UnidentifiedImageError:
        raise _Refused(f"it is no image of a kind that is taken ({', '.join(FORMATS)})") from None
    except _UNREADABLE as problem:
        raise _Refused(f"it cannot be decoded ({brief(problem)})") from None


class _Refused(ValueError):
    """With the reason as its text."""


def _check_size(size: tuple[int, int] | None) -> None:
    if size is None:
        return
    width, height = size
    if width * height > MOST_PIXELS or max(size) > LONGEST_SIDE:
        raise _Refused(
            f"it has {width:,} x {height:,} pixels, more than {MOST_PIXELS:,} or {LONGEST_SIDE:,} along a side"
        )


def _webp_size(content: bytes) -> tuple[int, int] | None:
    """What the header of a WebP says, whose decoder takes the memory for all of it when it is opened."""
    if content[:4] != b"RIFF" or content[8:12] != b"WEBP" or len(content) < 30:
        return None
    kind = content[12:16]
    if kind == b"VP8X":
        return 1 + int.from_bytes(content[24:27], "little"), 1 + int.from_bytes(content[27:30], "little")
    if kind == b"VP8L":
        bits = int.from_bytes(content[21:25], "little")
        return 1 + (bits & 0x3FFF), 1 + (bits >> 14 & 0x3FFF)
    width, height = struct.unpack("<HH", content[26:30])
    return width & 0x3FFF, height & 0x3FFF


def _is_turned(image: Image.Image) -> bool:
    try:
        return image.getexif().get(ORIENTATION, 1) != 1
    except _UNREADABLE:  # EXIF that nobody can read says nothing
        return False

"""How the bytes of an image file become pixels, wherever they come from: one way for images that are admitted and for
those that an encoder meets later.

Decode the first image of the file; turn it upright as its EXIF says; make it grey where it has no colours, otherwise
red, green and blue: 16 bits by their upper eight, a palette by its colours, CMYK by Pillow's plain conversion,
transparency over white.

A JPEG that is to become much smaller is decoded at 1/2, 1/4 or 1/8 of its size (the scaled inverse transform of
libjpeg, Pillow's draft mode): at the smallest of them that both sides are whole multiples of, and that leaves both at
least as long as `least` says. Of other sides the last pixel would stand for a part of a pixel, and all others would lie
a little aside.
"""

from __future__ import annotations

import io
import struct
import warnings
import zlib
from typing import NamedTuple

from PIL import Image, ImageOps

from core.datasets.fitting import FRACTIONS, plain
from core.system.quoting import brief

FORMATS = ("PNG", "JPEG", "WEBP", "BMP", "GIF", "PPM", "TIFF")
MOST_PIXELS, LONGEST_SIDE = 50_000_000, 16_384
ORIENTATION, LYING = 0x0112, (5, 6, 7, 8)  # the number of EXIF, and what it says of images whose sides are swapped
SCALES = (8, 4, 2)  # of a JPEG, the largest first
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


class Picture(NamedTuple):
    """An upright image, grey ("L") or coloured ("RGB"), and the width and height of the whole image in the file."""

    image: Image.Image
    size: tuple[int, int]


def picture_of(content: bytes, least: tuple[int, int] | None = None) -> Picture:
    """The image in the bytes of a file; a JPEG perhaps smaller than it is, but never below `least`, width and height.

    Raises ValueError, of which the text says after "it" why the file is no image that is taken.
    """
    try:
        _check_size(_webp_size(content))
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # such as of EXIF that is damaged
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            with Image.open(io.BytesIO(content), formats=FORMATS) as image:
                _check_size(image.size)
                return _decoded(image, least)
    except _Refused:
        raise
    except Image.UnidentifiedImageError:
        raise _Refused(f"it is no image of a kind that is taken ({', '.join(FORMATS)})") from None
    except _UNREADABLE as problem:
        raise _Refused(f"it cannot be decoded ({brief(problem)})") from None


def least_size(height: int, width: int, times: int) -> tuple[int, int] | None:
    """Width and height, so many times as long, below which no JPEG is decoded; None for 0 times: all of it is."""
    return (times * width, times * height) if times else None


def _decoded(image: Image.Image, least: tuple[int, int] | None) -> Picture:
    whole, orientation = image.size, _orientation(image)
    if least:
        _decode_smaller(image, least[::-1] if orientation in LYING else least)
    is_smaller = image.size != whole
    upright = image if orientation == 1 else ImageOps.exif_transpose(image)
    upright.load()
    if upright.mode == FRACTIONS:
        raise _Refused("its pixels are fractions, whose range nothing tells")
    size = upright.size
    if is_smaller:
        size = whole[::-1] if orientation in LYING else whole
    return Picture(plain(upright), size)


def _decode_smaller(image: Image.Image, least: tuple[int, int]) -> None:
    width, height = image.size
    for scale in SCALES:
        if not width % scale and not height % scale and width // scale >= least[0] and height // scale >= least[1]:
            image.draft(None, (width // scale, height // scale))  # of other kinds than JPEG nothing comes of it
            return


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


def _orientation(image: Image.Image) -> int:
    try:
        return image.getexif().get(ORIENTATION, 1)
    except _UNREADABLE:  # EXIF that nobody can read says nothing
        return 1

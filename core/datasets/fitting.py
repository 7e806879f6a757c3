"""How an image becomes pixels of one size, wherever it comes from: of those that are admitted, and of those that an
encoder meets later. decide.py beside an exported encoder does the same with numpy alone; tests hold them together.

Images are resized across and then down, in two steps: in one, Pillow 13 goes down first where that is faster and
versions before never do, so that some values would differ by 1.
"""

from __future__ import annotations

import numpy as np
from PIL import Image

FITS = ("stretch", "crop", "pad")
FRACTIONS = "F"  # Pillow's name for pixels that are fractions, whose range nothing tells
WHITE = 255


def plain(image: Image.Image) -> Image.Image:
    """Grey ("L") where the image has no colours, otherwise red, green and blue ("RGB"): 16 bits by their upper eight,
    transparency over white. Not for images of fractions."""
    if image.mode.startswith("I"):
        values = np.asarray(image)
        return Image.fromarray((np.clip(values, 0, 65535) >> 8).astype(np.uint8))
    if image.mode in ("LA", "La", "PA") or (image.mode == "L" and "transparency" in image.info):
        is_grey = image.mode != "PA"
        return _over_white(image).convert("L") if is_grey else _over_white(image)
    if image.mode in ("RGBA", "RGBa") or "transparency" in image.info:
        return _over_white(image)
    if image.mode in ("L", "RGB"):
        return image
    return image.convert("L" if image.mode == "1" else "RGB")


def fitted(image: Image.Image, height: int, width: int, fit: str) -> Image.Image:
    """Resized by Pillow's antialiased bilinear filter: "stretch" takes the whole image, "crop" the largest part in the
    middle that has the wanted shape, "pad" the whole image, centred between black borders."""
    columns, rows = image.size
    if fit == "crop":
        # Exactly 0 along the side that is kept whole: rounding could take it below, which Pillow refuses.
        is_wide = columns * height > rows * width
        left = (columns - rows * width / height) / 2 if is_wide else 0.0
        top = 0.0 if is_wide else (rows - columns * height / width) / 2
        return _resized(image, width, height, (left, top))
    if fit == "pad":
        scale = min(width / columns, height / rows)
        inner_width, inner_height = max(1, round(columns * scale)), max(1, round(rows * scale))
        ground = Image.new(image.mode, (width, height))
        inner = _resized(image, inner_width, inner_height)
        ground.paste(inner, ((width - inner_width) // 2, (height - inner_height) // 2))
        return ground
    return _resized(image, width, height)


def _resized(image: Image.Image, width: int, height: int, aside: tuple[float, float] = (0.0, 0.0)) -> Image.Image:
    """Across, then down, without what is left aside at the left and right, and at the top and bottom."""
    (columns, rows), (left, top) = image.size, aside
    across = image.resize((width, rows), Image.Resampling.BILINEAR, box=(left, 0, columns - left, rows))
    return across.resize((width, height), Image.Resampling.BILINEAR, box=(0, top, width, rows - top))


def _over_white(image: Image.Image) -> Image.Image:
    coloured = image.convert("RGBA")
    ground = Image.new("RGBA", coloured.size, (WHITE, WHITE, WHITE, WHITE))
    return Image.alpha_composite(ground, coloured).convert("RGB")

"""Pictures inside their address, and pairs of images cut out of a sheet of tiles."""

from __future__ import annotations

import base64
import io
from collections.abc import Sequence

import numpy as np
from PIL import Image

LEAST_PIXELS = 48
GAP = 3


def pair_image(sheet: np.ndarray, tile: tuple[int, int], columns: int, rows: Sequence[int]) -> np.ndarray:
    """(H, W) or (H, W, 3) sheet of tiles (height, width), row by row -> the tiles `rows` beside each other.

    Enlarged to at least LEAST_PIXELS by a whole number, which keeps the pixels square and sharp.
    """
    height, width = tile
    scale = -(-LEAST_PIXELS // height)
    parts = []
    for row in rows:
        top, left = row // columns * height, row % columns * width
        parts.append(sheet[top : top + height, left : left + width].repeat(scale, 0).repeat(scale, 1))
        parts.append(np.full((height * scale, GAP, *sheet.shape[2:]), 128, dtype=sheet.dtype))
    return np.concatenate(parts[:-1], axis=1)


def as_data_url(pixels: np.ndarray) -> str:
    """(H, W) or (H, W, 3) uint8 -> the picture inside its address: a file of its own would be gone before a quick
    reader sees it."""
    content = io.BytesIO()
    Image.fromarray(pixels).save(content, "PNG", optimize=True)
    return f"data:image/png;base64,{base64.b64encode(content.getvalue()).decode('ascii')}"

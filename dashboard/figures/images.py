"""Pictures inside their address, and pairs of images cut out of a sheet of tiles."""

from __future__ import annotations

import base64
import io
from collections.abc import Sequence

import numpy as np
from PIL import Image

LEAST_PIXELS = 48
LEAST_IN_A_GRID = 112  # so that screens with several pixels to a point, too, show the pixels of an image sharp
GAP = 3
# Red, green, blue and opacity of an image that is still to come, and of the lines between images, white ones on white
# and black ones on black.
COMING, LINES = (128, 128, 128, 40), (128, 128, 128, 90)
FRAME, DASH = 4, 6  # pixels: how thick a frame is, and how long its dashes are


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


def framed(image: np.ndarray, colour: str, *, is_dashed: bool = False) -> np.ndarray:
    """(H, W) or (H, W, 3) -> in colour, within a frame of FRAME pixels and a gap as wide; a dashed one for what must
    not be told by colour alone."""
    if image.ndim == 2:
        image = image[..., None].repeat(3, axis=2)
    height, width = image.shape[0] + 4 * FRAME, image.shape[1] + 4 * FRAME
    ground, ink = np.full((height, width, 4), 0, np.uint8), [*bytes.fromhex(colour.removeprefix("#")), 255]
    rows, columns = np.indices((height, width))
    depth = np.minimum(np.minimum(rows, height - 1 - rows), np.minimum(columns, width - 1 - columns))
    is_drawn = (depth < FRAME) & (not is_dashed or ((rows + columns) // DASH % 2 == 0))
    ground[is_drawn] = ink
    inside = slice(2 * FRAME, -2 * FRAME)
    ground[inside, inside, :3], ground[inside, inside, 3] = image, 255
    return ground


def sheet_of(sheet: np.ndarray, tile: tuple[int, int], columns: int, rows: Sequence[int], across: int) -> np.ndarray:
    """As `pair_image`, of any number of tiles, `across` beside each other in lines."""
    lines = [pair_image(sheet, tile, columns, rows[start : start + across]) for start in range(0, len(rows), across)]
    width = max(line.shape[1] for line in lines)
    whole = [
        np.pad(line, [(0, GAP), (0, width - line.shape[1]), *[(0, 0)] * (line.ndim - 2)], constant_values=128)
        for line in lines
    ]
    return np.concatenate(whole)[:-GAP]


def grid_of(lines: Sequence[np.ndarray | None]) -> np.ndarray:
    """Lines of as many images each, (R, H, W) or (R, H, W, 3) uint8, the first of which is there, and None for one that
    is still to come -> one picture in colour with thin grey lines between images, which are enlarged by a whole number
    to LEAST_IN_A_GRID or more."""
    first = lines[0]
    assert first is not None, "the first line is there"
    count, height, width = first.shape[:3]
    scale = -(-LEAST_IN_A_GRID // height)
    tall, wide, gap = height * scale, width * scale, max(2, width * scale // 28)
    picture = np.empty((len(lines) * (tall + gap) - gap, count * (wide + gap) - gap, 4), np.uint8)
    picture[:] = LINES
    for line, images in enumerate(lines):
        for place in range(count):
            top, left = line * (tall + gap), place * (wide + gap)
            tile = picture[top : top + tall, left : left + wide]
            if images is None:
                tile[:] = COMING
                continue
            large = images[place].repeat(scale, 0).repeat(scale, 1)
            tile[..., :3] = large if large.ndim == 3 else large[..., None]
            tile[..., 3] = 255
    return picture


def as_data_url(pixels: np.ndarray) -> str:
    """(H, W), (H, W, 3) or with opacity (H, W, 4) uint8 -> the picture inside its address: a file of its own would be
    gone before a quick reader sees it."""
    content = io.BytesIO()
    Image.fromarray(pixels).save(content, "PNG", optimize=True)
    return f"data:image/png;base64,{base64.b64encode(content.getvalue()).decode('ascii')}"

from __future__ import annotations

import base64
import io

import numpy as np
import pytest
from PIL import Image

from core.datasets.images import contact_sheet
from dashboard.figures.images import GAP, LEAST_PIXELS, as_data_url, pair_image


def test_the_pair_is_cut_from_its_tiles_and_enlarged_by_whole_pixels(rng: np.random.Generator) -> None:
    tiles = rng.integers(0, 256, (7, 8, 6), dtype=np.uint8)
    image = pair_image(contact_sheet(tiles, 3), (8, 6), 3, (5, 1))
    scale = LEAST_PIXELS // 8
    assert image.shape == (8 * scale, 2 * 6 * scale + GAP)
    np.testing.assert_array_equal(image[::scale, : 6 * scale : scale], tiles[5])
    np.testing.assert_array_equal(image[::scale, 6 * scale + GAP :: scale], tiles[1])


def test_a_pair_in_colour_keeps_its_colours(rng: np.random.Generator) -> None:
    tiles = rng.integers(0, 256, (7, 8, 6, 3), dtype=np.uint8)
    image = pair_image(contact_sheet(tiles, 3), (8, 6), 3, (5, 1))
    for colour in range(3):
        alone = pair_image(contact_sheet(tiles[..., colour], 3), (8, 6), 3, (5, 1))
        np.testing.assert_array_equal(image[..., colour], alone)


def test_large_tiles_are_not_enlarged() -> None:
    assert pair_image(np.zeros((64, 128), np.uint8), (64, 64), 2, (0, 1)).shape == (64, 2 * 64 + GAP)


@pytest.mark.parametrize("shape", [(5, 9), (5, 9, 3)], ids=["grey", "colour"])
def test_a_data_url_holds_the_very_pixels(shape: tuple[int, ...], rng: np.random.Generator) -> None:
    pixels = rng.integers(0, 256, shape, dtype=np.uint8)
    kind, content = as_data_url(pixels).split(",")
    assert kind == "data:image/png;base64"
    with Image.open(io.BytesIO(base64.b64decode(content))) as picture:
        np.testing.assert_array_equal(np.asarray(picture), pixels)

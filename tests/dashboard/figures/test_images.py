from __future__ import annotations

import base64
import io

import numpy as np
import pytest
from PIL import Image

from core.datasets.images import contact_sheet
from dashboard.figures.images import (
    COMING,
    GAP,
    LEAST_IN_A_GRID,
    LEAST_PIXELS,
    LINES,
    as_data_url,
    framed,
    grid_of,
    pair_image,
    sheet_of,
)


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


def test_a_frame_is_solid_or_dashed_and_leaves_the_image_as_it_is() -> None:
    image = np.arange(100, dtype=np.uint8).reshape(10, 10)
    solid, dashed = framed(image, "#0068C9"), framed(image, "#B35900", is_dashed=True)
    assert solid.shape == dashed.shape == (26, 26, 4)
    for pixels in (solid, dashed):
        assert (pixels[8:-8, 8:-8, 0] == image).all() and (pixels[8:-8, 8:-8, 3] == 255).all()
        assert (pixels[5:8, 5:8, 3] == 0).all(), "a gap parts frame and image"
    assert (solid[:4, :, :3] == (0, 0x68, 0xC9)).all()
    assert 0.2 < (dashed[0, :, 3] > 0).mean() < 0.8


def test_a_colour_image_keeps_its_colours_in_a_frame() -> None:
    image = np.random.default_rng(0).integers(0, 255, (9, 7, 3), dtype=np.uint8)
    assert (framed(image, "#000000")[8:-8, 8:-8, :3] == image).all()


def test_many_tiles_stand_in_lines() -> None:
    sheet = np.arange(64, dtype=np.uint8).reshape(8, 8)  # four tiles of 4 x 4
    found = sheet_of(sheet, (4, 4), 2, [0, 1, 2, 3, 0], 3)
    one = pair_image(sheet, (4, 4), 2, [3])
    height = one.shape[0]
    assert found.shape == (2 * height + GAP, 3 * height + 2 * GAP)
    assert (found[height + GAP :, :height] == one).all()
    assert (found[height + GAP :, 2 * height + 2 * GAP :] == 128).all(), "the last line ends early"


@pytest.mark.parametrize("shape", [(2, 8, 6), (2, 8, 6, 3)], ids=["grey", "colour"])
def test_a_grid_shows_each_image_in_its_place_and_what_is_still_to_come(
    shape: tuple[int, ...], rng: np.random.Generator
) -> None:
    above, below = rng.integers(0, 256, (2, *shape), dtype=np.uint8)
    picture = grid_of([above, None, below])
    scale = LEAST_IN_A_GRID // 8
    tall, wide, gap = 8 * scale, 6 * scale, 6 * scale // 28
    assert picture.shape == (3 * tall + 2 * gap, 2 * wide + gap, 4)
    for line, images in ((0, above), (2, below)):
        for place in range(2):
            top, left = line * (tall + gap), place * (wide + gap)
            tile = picture[top : top + tall, left : left + wide]
            assert (tile[..., 3] == 255).all()
            for colour in range(3):
                one = images[place] if images.ndim == 3 else images[place][..., colour]
                np.testing.assert_array_equal(tile[..., colour], one.repeat(scale, 0).repeat(scale, 1))
    assert (picture[tall + gap : 2 * tall + gap, :wide] == COMING).all()
    assert (picture[:, wide : wide + gap] == LINES).all() and (picture[tall : tall + gap] == LINES).all()


def test_large_images_are_not_enlarged_in_a_grid() -> None:
    assert grid_of([np.zeros((1, LEAST_IN_A_GRID, 92), np.uint8)]).shape == (LEAST_IN_A_GRID, 92, 4)

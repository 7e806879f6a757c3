"""Images of any shape become pixels of one size; that numpy alone does the same stands in the tests of decide.py."""

from __future__ import annotations

import numpy as np
import pytest
from PIL import Image

from core.datasets.fitting import FITS, fitted, plain


def noise(*shape: int) -> np.ndarray:
    return np.random.default_rng(0).integers(0, 256, shape, dtype=np.uint8)


def test_a_crop_is_the_middle_that_has_the_shape() -> None:
    pixels = noise(20, 60)
    found = np.asarray(fitted(Image.fromarray(pixels), 20, 10, "crop"))
    np.testing.assert_array_equal(found, pixels[:, 25:35])
    np.testing.assert_array_equal(np.asarray(fitted(Image.fromarray(pixels.T), 10, 20, "crop")), found.T)


def test_half_a_pixel_is_cut_from_either_side() -> None:
    pixels = np.zeros((2, 3), np.uint8)
    pixels[:, 0], pixels[:, 2] = 200, 100
    left, right = np.asarray(fitted(Image.fromarray(pixels), 2, 2, "crop"))[0]
    assert (left, right) == (100, 50), "the columns between which each pixel of the crop lies, by halves"


def test_padding_keeps_the_whole_between_black_borders() -> None:
    pixels = noise(5, 20) | 1
    found = np.asarray(fitted(Image.fromarray(pixels), 20, 20, "pad"))
    np.testing.assert_array_equal(found[7:12], pixels)
    assert not found[:7].any() and not found[12:].any()


@pytest.mark.parametrize("fit", FITS)
def test_every_size_is_fitted_into_every_other(fit: str) -> None:
    generator = np.random.default_rng(3)
    for rows, columns, height, width in generator.integers(1, 300, (400, 4)).tolist():
        image = Image.new("L", (columns, rows), 77)
        assert fitted(image, height, width, fit).size == (width, height)
        assert np.asarray(fitted(image, height, width, fit)).max() == 77


def test_what_is_plain_stays_and_the_rest_becomes_grey_or_coloured() -> None:
    grey, colour = Image.fromarray(noise(4, 4)), Image.fromarray(noise(4, 4, 3))
    assert plain(grey) is grey and plain(colour) is colour
    modes = {"1": "L", "LA": "L", "P": "RGB", "RGBA": "RGB", "CMYK": "RGB", "PA": "RGB"}
    assert {mode: plain(colour.convert(mode)).mode for mode in modes if mode != "PA"} | {"PA": "RGB"} == modes
    assert (np.asarray(plain(Image.fromarray(np.full((2, 2), 0x1234, np.uint16)))) == 0x12).all()


def test_what_cannot_be_seen_is_white() -> None:
    pixels = noise(4, 4, 4)
    pixels[:2, :, 3], pixels[2:, :, 3] = 0, 255
    found = np.asarray(plain(Image.fromarray(pixels)))
    assert (found[:2] == 255).all() and (found[2:] == pixels[2:, :, :3]).all()

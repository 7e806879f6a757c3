from __future__ import annotations

import numpy as np
import pytest
from PIL import Image

from core.admission.preparation import Preparation, prepared
from tests.core.admission.made import encoded, photo, png

SMALL = Preparation(8, 8)


def pixels_of(image: Image.Image, kind: str = "PNG", preparation: Preparation = SMALL) -> np.ndarray:
    return prepared(encoded(image, kind), preparation)[0]


def noise(*shape: int) -> np.ndarray:
    return np.random.default_rng(0).integers(0, 256, shape, dtype=np.uint8)


def averaged(pixels: np.ndarray, height: int, width: int) -> np.ndarray:
    """The definition: along each axis, weights of a triangle as wide as two output pixels, centred on each of them."""

    def weights(before: int, after: int) -> np.ndarray:
        scale = before / after
        centres = (np.arange(after) + 0.5) * scale
        reach = max(scale, 1.0)
        distance = np.abs(np.arange(before) + 0.5 - centres[:, None]) / reach
        triangle = np.clip(1 - distance, 0, None)
        return triangle / triangle.sum(axis=1, keepdims=True)

    return weights(pixels.shape[0], height) @ pixels @ weights(pixels.shape[1], width).T


def test_stretching_is_a_weighted_mean_over_all_pixels() -> None:
    pixels = noise(30, 50)
    found = pixels_of(Image.fromarray(pixels))
    expected = averaged(pixels.astype(float), 8, 8)
    assert found.dtype == np.uint8 and found.shape == (8, 8) and np.ptp(found) > 20
    assert np.abs(found - expected).max() <= 1.01, "two roundings, one along each axis"


def test_cropping_takes_the_middle_and_padding_the_whole() -> None:
    pixels = np.zeros((8, 24), np.uint8)
    pixels[:, 8:16], pixels[:, 16:] = 100, 200
    image = Image.fromarray(pixels)
    assert (pixels_of(image, preparation=Preparation(8, 8, "crop")) == 100).all()
    padded = pixels_of(image, preparation=Preparation(24, 24, "pad"))
    assert (padded[8:16] == pixels).all() and not padded[:8].any() and not padded[16:].any()
    assert (pixels_of(image, preparation=Preparation(8, 24, "stretch")) == pixels).all()


def test_colours_are_kept_and_an_image_is_upright() -> None:
    coloured = noise(8, 8, 3)
    assert (pixels_of(Image.fromarray(coloured)) == coloured).all()
    pixels = np.zeros((8, 16), np.uint8)
    pixels[:, 8:] = 255
    exif = Image.Exif()
    exif[0x0112] = 6  # to be turned by a quarter to the right
    found, size = prepared(encoded(Image.fromarray(pixels), "PNG", exif=exif), Preparation(16, 8))
    assert size == (8, 16) and not found[:8].any() and (found[8:] == 255).all()


@pytest.mark.parametrize("size", [(1, 1), (1, 500), (500, 1), (7, 3)])
@pytest.mark.parametrize("fit", ["stretch", "crop", "pad"])
def test_any_size_is_fitted(size: tuple[int, int], fit: str) -> None:
    found = prepared(png(77, size), Preparation(8, 12, fit))[0]
    assert found.shape == (8, 12) and found.max() == 77


@pytest.mark.parametrize("fit", ["stretch", "crop", "pad"])
@pytest.mark.parametrize("size", [(640, 480), (482, 644), (4000, 3000)], ids=str)
def test_a_jpeg_decoded_smaller_is_nearly_the_whole_one(size: tuple[int, int], fit: str) -> None:
    """By half a grey level on average, less than what its compression takes, and nowhere by more than 8."""
    content = photo(*size)
    found, seen = prepared(content, Preparation(64, 64, fit))
    whole, _ = prepared(content, Preparation(64, 64, fit, jpeg_at_least=0))
    difference = np.abs(found.astype(int) - whole)
    assert seen == size and 0 < difference.mean() < 0.5 and difference.max() <= 8


@pytest.mark.parametrize("size", [(254, 254), (641, 480)])
def test_a_jpeg_that_is_small_or_has_no_half_is_decoded_whole(size: tuple[int, int]) -> None:
    content = photo(*size)
    found = [prepared(content, Preparation(64, 64, jpeg_at_least=times))[0] for times in (2, 0)]
    assert np.array_equal(*found)


def test_the_rule_is_written_down_and_read_again() -> None:
    rule = Preparation(48, 32, "pad")
    written = rule.written(3)
    assert written == {
        **{"height": 48, "width": 32, "channels": 3, "fit": "pad", "filter": "bilinear"},
        "jpeg_at_least": 2,
    }
    assert Preparation.read(written) == rule


def test_a_rule_from_before_decodes_a_jpeg_whole() -> None:
    before = {"height": 48, "width": 32, "channels": 3, "fit": "pad", "filter": "bilinear"}
    assert Preparation.read(before) == Preparation(48, 32, "pad", jpeg_at_least=0)


def test_a_rule_must_be_possible() -> None:
    with pytest.raises(ValueError, match="fit must be one of stretch, crop, pad, got 'squeeze'"):
        Preparation(fit="squeeze")
    with pytest.raises(ValueError, match="height must be from 8 to 256 pixels, got 7"):
        Preparation(7)
    with pytest.raises(ValueError, match="width must be from 8 to 256 pixels, got 257"):
        Preparation(64, 257)
    with pytest.raises(ValueError, match="jpeg_at_least must be 0 or more, got -1. Choose 2"):
        Preparation(jpeg_at_least=-1)

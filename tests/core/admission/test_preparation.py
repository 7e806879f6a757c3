from __future__ import annotations

import io
import struct
import zlib

import numpy as np
import pytest
from PIL import Image

from core.admission.preparation import LONGEST_SIDE, MOST_PIXELS, Preparation, prepared
from tests.core.admission.made import encoded, png

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


def test_grey_stays_grey_and_colours_are_three() -> None:
    grey = noise(8, 8)
    assert (pixels_of(Image.fromarray(grey)) == grey).all()
    coloured = noise(8, 8, 3)
    assert (pixels_of(Image.fromarray(coloured)) == coloured).all()


def test_sixteen_bits_keep_their_upper_eight() -> None:
    values = np.linspace(0, 65535, 64).astype(np.uint16).reshape(8, 8)
    assert (pixels_of(Image.fromarray(values)) == values >> 8).all()


def test_black_and_white_palette_and_cmyk_are_decoded() -> None:
    black_and_white = noise(8, 8) > 128
    assert (pixels_of(Image.fromarray(black_and_white)) == np.where(black_and_white, 255, 0)).all()
    coloured = Image.fromarray(noise(8, 8, 3))
    palette = coloured.convert("P", palette=Image.Palette.ADAPTIVE)
    assert (pixels_of(palette) == np.asarray(palette.convert("RGB"))).all()
    assert pixels_of(coloured.convert("CMYK"), "JPEG").shape == (8, 8, 3)


def test_what_is_transparent_is_white() -> None:
    pixels = noise(8, 8, 4)
    pixels[:4, :, 3], pixels[4:, :, 3] = 0, 255
    found = pixels_of(Image.fromarray(pixels))
    assert (found[:4] == 255).all() and (found[4:] == pixels[4:, :, :3]).all()
    half = np.full((8, 8, 2), 100, np.uint8)
    half[..., 1] = 51  # a fifth
    assert (np.abs(pixels_of(Image.fromarray(half, "LA")).astype(int) - 224) <= 1).all()


def test_an_image_is_turned_upright_as_its_exif_says() -> None:
    pixels = np.zeros((8, 16), np.uint8)
    pixels[:, 8:] = 255
    exif = Image.Exif()
    exif[0x0112] = 6  # to be turned by a quarter to the right
    content = encoded(Image.fromarray(pixels), "PNG", exif=exif)
    found, size = prepared(content, Preparation(16, 8))
    assert size == (8, 16) and not found[:8].any() and (found[8:] == 255).all()


def test_of_an_image_that_moves_the_first_is_taken() -> None:
    first, second = Image.new("L", (8, 8), 10), Image.new("L", (8, 8), 200)
    content = io.BytesIO()
    first.save(content, "GIF", save_all=True, append_images=[second])
    assert np.abs(prepared(content.getvalue(), SMALL)[0].astype(int) - 10).max() <= 1


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP", "BMP", "GIF", "PPM"])
def test_every_kind_that_is_taken_is_decoded(kind: str) -> None:
    assert prepared(encoded(Image.new("RGB", (9, 7), (200, 10, 10)), kind), SMALL)[1] == (9, 7)


@pytest.mark.parametrize("kind", ["TIFF", "ICO", "PDF"])
def test_other_kinds_are_not_tried(kind: str) -> None:
    with pytest.raises(ValueError, match="it is no image of a kind that is taken"):
        prepared(encoded(Image.new("RGB", (16, 16)), kind), SMALL)


@pytest.mark.parametrize("size", [(1, 1), (1, 500), (500, 1), (7, 3)])
@pytest.mark.parametrize("fit", ["stretch", "crop", "pad"])
def test_any_size_is_fitted(size: tuple[int, int], fit: str) -> None:
    found = prepared(png(77, size), Preparation(8, 12, fit))[0]
    assert found.shape == (8, 12) and found.max() == 77


def png_header(width: int, height: int) -> bytes:
    """What a PNG of that size begins with, with nothing behind it."""
    body = b"IHDR" + struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    chunk = struct.pack(">I", 13) + body + struct.pack(">I", zlib.crc32(body))
    return b"\x89PNG\r\n\x1a\n" + chunk + struct.pack(">I", 0) + b"IDAT" + struct.pack(">I", zlib.crc32(b"IDAT"))


@pytest.mark.parametrize("width, height", [(5001, 5000), (LONGEST_SIDE + 1, 1), (60_000, 60_000), (1 << 30, 1 << 30)])
def test_a_header_of_more_pixels_than_may_be_is_refused_before_anything_is_decoded(width: int, height: int) -> None:
    with pytest.raises(ValueError, match=r"it (has .* pixels, more than 25,000,000|cannot be decoded \(Image size)"):
        prepared(png_header(width, height), SMALL)
    assert width * height > MOST_PIXELS or width > LONGEST_SIDE


@pytest.mark.parametrize("lossless", [True, False])
def test_a_large_webp_is_refused_by_its_header(lossless: bool) -> None:
    content = encoded(Image.new("RGB", (9000, 20)), "WEBP", lossless=lossless)
    with pytest.raises(ValueError, match="it has 9,000 x 20 pixels"):
        prepared(content, SMALL)
    moving = io.BytesIO()
    frames = [Image.new("RGB", (9000, 4), (value, 0, 0)) for value in (0, 200)]
    frames[0].save(moving, "WEBP", save_all=True, append_images=frames[1:])
    assert moving.getvalue()[12:16] == b"VP8X"
    with pytest.raises(ValueError, match="it has 9,000 x 4 pixels"):
        prepared(moving.getvalue(), SMALL)


def test_a_file_cut_short_is_refused_with_the_reason() -> None:
    content = encoded(Image.fromarray(noise(64, 64, 3)), "JPEG")
    with pytest.raises(ValueError, match="it cannot be decoded .*truncated"):
        prepared(content[: len(content) // 2], SMALL)


@pytest.mark.parametrize("content", [b"", b"x", b"GIF89a", b"\x89PNG\r\n\x1a\n", b"<svg/>", b"RIFF\0\0\0\0WEBPVP8X"])
def test_what_is_no_image_is_refused(content: bytes) -> None:
    with pytest.raises(ValueError, match="^it "):
        prepared(content, SMALL)


def test_the_rule_is_written_down_and_read_again() -> None:
    rule = Preparation(48, 32, "pad")
    written = rule.written(3)
    assert written == {"height": 48, "width": 32, "channels": 3, "fit": "pad", "filter": "bilinear"}
    assert Preparation.read(written) == rule


def test_a_rule_must_be_possible() -> None:
    with pytest.raises(ValueError, match="fit must be one of stretch, crop, pad, got 'squeeze'"):
        Preparation(fit="squeeze")
    with pytest.raises(ValueError, match="height must be from 8 to 256 pixels, got 7"):
        Preparation(7)
    with pytest.raises(ValueError, match="width must be from 8 to 256 pixels, got 257"):
        Preparation(64, 257)

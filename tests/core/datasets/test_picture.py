from __future__ import annotations

import struct
import zlib

import numpy as np
import pytest
from PIL import Image

from core.datasets.picture import FORMATS, LONGEST_SIDE, MOST_PIXELS, least_size, picture_of
from tests.core.admission.made import encoded

TURNS = {2: "FLIP_LEFT_RIGHT", 3: "ROTATE_180", 4: "FLIP_TOP_BOTTOM", 5: "TRANSPOSE", 6: "ROTATE_270"}
TURNS |= {7: "TRANSVERSE", 8: "ROTATE_90"}


def pixels_of(image: Image.Image, kind: str = "PNG", **options: object) -> np.ndarray:
    return np.asarray(picture_of(encoded(image, kind, **options)).image)


def noise(*shape: int) -> np.ndarray:
    return np.random.default_rng(0).integers(0, 256, shape, dtype=np.uint8)


def smooth(height: int, width: int) -> Image.Image:
    """As photographs are: near pixels are much alike."""
    coarse = Image.fromarray(noise(max(height // 20, 2), max(width // 20, 2), 3))
    return coarse.resize((width, height), Image.Resampling.BICUBIC)


def exif(orientation: int) -> Image.Exif:
    found = Image.Exif()
    found[0x0112] = orientation
    return found


def test_grey_stays_grey_and_colours_are_three() -> None:
    grey, coloured = noise(8, 8), noise(8, 8, 3)
    assert (pixels_of(Image.fromarray(grey)) == grey).all() and (pixels_of(Image.fromarray(coloured)) == coloured).all()


def test_sixteen_bits_keep_their_upper_eight() -> None:
    values = np.linspace(0, 65535, 64).astype(np.uint16).reshape(8, 8)
    for kind in ("PNG", "TIFF"):
        assert (pixels_of(Image.fromarray(values), kind) == values >> 8).all()


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


@pytest.mark.parametrize("kind", ["PNG", "TIFF"])
@pytest.mark.parametrize("orientation", [1, *TURNS])
def test_an_image_is_turned_upright_as_its_exif_says(orientation: int, kind: str) -> None:
    image = Image.fromarray(noise(8, 16))
    found, size = picture_of(encoded(image, kind, exif=exif(orientation)))
    expected = image.transpose(Image.Transpose[TURNS[orientation]]) if orientation > 1 else image
    assert np.array_equal(np.asarray(found), np.asarray(expected)) and size == expected.size


def test_of_an_image_that_moves_or_has_pages_the_first_is_taken() -> None:
    first, second = Image.new("L", (8, 8), 10), Image.new("L", (8, 8), 200)
    for kind in ("GIF", "TIFF"):
        found = pixels_of(first, kind, save_all=True, append_images=[second])
        assert np.abs(found.astype(int) - 10).max() <= 1


@pytest.mark.parametrize("kind", FORMATS)
def test_every_kind_that_is_taken_is_decoded(kind: str) -> None:
    found, size = picture_of(encoded(Image.new("RGB", (9, 7), (200, 10, 10)), kind))
    assert size == found.size == (9, 7) and found.mode == "RGB"


@pytest.mark.parametrize("kind", ["ICO", "PDF"])
def test_other_kinds_are_not_tried(kind: str) -> None:
    with pytest.raises(ValueError, match="it is no image of a kind that is taken"):
        picture_of(encoded(Image.new("RGB", (16, 16)), kind))


def test_fractions_are_refused() -> None:
    with pytest.raises(ValueError, match="it.* pixels are fractions, whose range nothing tells"):
        picture_of(encoded(Image.fromarray(np.zeros((4, 4), np.float32)), "TIFF"))


def png_header(width: int, height: int) -> bytes:
    """What a PNG of that size begins with, with nothing behind it."""
    body = b"IHDR" + struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    chunk = struct.pack(">I", 13) + body + struct.pack(">I", zlib.crc32(body))
    return b"\x89PNG\r\n\x1a\n" + chunk + struct.pack(">I", 0) + b"IDAT" + struct.pack(">I", zlib.crc32(b"IDAT"))


@pytest.mark.parametrize("width, height", [(7072, 7072), (LONGEST_SIDE + 1, 1), (60_000, 60_000), (1 << 30, 1 << 30)])
def test_a_header_of_more_pixels_than_may_be_is_refused_before_anything_is_decoded(width: int, height: int) -> None:
    with pytest.raises(ValueError, match=r"it (has .* pixels, more than 50,000,000|cannot be decoded \(Image size)"):
        picture_of(png_header(width, height))
    assert width * height > MOST_PIXELS or width > LONGEST_SIDE


@pytest.mark.parametrize("kind", ["lossless", "lossy", "moving"])
def test_a_large_webp_is_refused_by_its_header(kind: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("core.datasets.picture.LONGEST_SIDE", 8000)
    frames = [Image.new("RGB", (9000, 4), (value, 0, 0)) for value in (0, 200)]
    options = {"save_all": True, "append_images": frames[1:]} if kind == "moving" else {"lossless": kind == "lossless"}
    content = encoded(frames[0], "WEBP", **options)
    assert (content[12:16] == b"VP8X") == (kind == "moving")
    with pytest.raises(ValueError, match="it has 9,000 x 4 pixels"):
        picture_of(content)


def test_a_file_cut_short_is_refused_with_the_reason() -> None:
    content = encoded(Image.fromarray(noise(64, 64, 3)), "JPEG")
    with pytest.raises(ValueError, match="it cannot be decoded .*truncated"):
        picture_of(content[: len(content) // 2])


@pytest.mark.parametrize("content", [b"", b"x", b"GIF89a", b"\x89PNG\r\n\x1a\n", b"<svg/>", b"RIFF\0\0\0\0WEBPVP8X"])
def test_what_is_no_image_is_refused(content: bytes) -> None:
    with pytest.raises(ValueError, match="^it"):
        picture_of(content)


@pytest.mark.parametrize(
    ("size", "least", "decoded"),
    [
        ((640, 480), None, (640, 480)),
        ((640, 480), (128, 128), (320, 240)),  # 480 / 4 would be 120
        ((640, 480), (160, 120), (160, 120)),
        ((640, 480), (161, 120), (320, 240)),
        ((640, 480), (80, 60), (80, 60)),
        ((640, 480), (8, 8), (80, 60)),  # libjpeg has no smaller scale
        ((640, 480), (321, 10), (640, 480)),
        ((644, 484), (64, 64), (161, 121)),  # no multiples of 8
        ((642, 486), (64, 64), (321, 243)),
        ((641, 480), (64, 64), (641, 480)),
        ((30, 20), (128, 128), (30, 20)),
    ],
)
def test_a_jpeg_is_decoded_as_small_as_may_be_and_no_smaller(
    size: tuple[int, int], least: tuple[int, int] | None, decoded: tuple[int, int]
) -> None:
    found = picture_of(encoded(smooth(size[1], size[0]), "JPEG"), least)
    assert found.image.size == decoded and found.size == size
    other = picture_of(encoded(smooth(size[1], size[0]), "PNG"), least)
    assert other.image.size == other.size == size, "other kinds have no such scales"


@pytest.mark.parametrize("orientation", TURNS)
def test_the_sides_of_a_jpeg_that_lies_are_those_of_the_upright_one(orientation: int) -> None:
    content = encoded(smooth(480, 640), "JPEG", exif=exif(orientation))
    lies = orientation >= 5
    found = picture_of(content, (100, 320) if lies else (320, 100))
    assert found.size == ((480, 640) if lies else (640, 480))
    assert found.image.size == ((240, 320) if lies else (320, 240))
    whole = picture_of(content).image.resize(found.image.size, Image.Resampling.BOX)
    assert np.abs(np.asarray(whole).astype(int) - np.asarray(found.image)).mean() < 1


@pytest.mark.parametrize("mode", ["L", "CMYK"])
def test_grey_and_four_colours_are_made_smaller_too(mode: str) -> None:
    found = picture_of(encoded(smooth(480, 640).convert(mode), "JPEG"), (160, 120))
    assert found.image.size == (160, 120) and found.image.mode == ("L" if mode == "L" else "RGB")


def test_least_is_width_and_height() -> None:
    assert least_size(64, 32, 2) == (64, 128) and least_size(64, 32, 0) is None


def test_pixels_stay_when_the_file_is_closed() -> None:
    image = picture_of(encoded(Image.new("RGB", (8, 8), (9, 9, 9)), "JPEG")).image
    assert image.getpixel((3, 3)) == (9, 9, 9) and image.resize((2, 2)).size == (2, 2)

"""The rule by Pillow, which admits and embeds, is that of decide.py by numpy, bit for bit."""

from __future__ import annotations

import io
from dataclasses import replace
from itertools import product
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from core.admission.preparation import Preparation, prepared
from core.datasets.fitting import FITS
from core.handover.decide import coloured, fitted, pixels_of
from core.handover.preprocessing import Preprocessing
from core.readers.image_files import image_files
from tests.core.admission.made import photo

RULE = Preprocessing(28, 20, 1, (0.25,), (0.5,))
COLOUR = Preprocessing(28, 20, 3, (0.25, 0.5, 0.75), (0.5, 1.0, 2.0))
SIZES = [(1, 1), (1, 9), (28, 20), (29, 20), (27, 21), (64, 64), (300, 17), (33, 250)]


@pytest.mark.parametrize("fit", FITS)
@pytest.mark.parametrize("size", SIZES, ids=str)
def test_pillow_and_numpy_agree_to_the_bit(fit: str, size: tuple[int, int]) -> None:
    generator = np.random.default_rng(size[0])
    for colours in ((), (3,)):
        pixels = generator.integers(0, 256, (*size, *colours), np.uint8)
        for rule in (RULE, COLOUR):
            by_pillow = replace(rule, fit=fit).pixels_of(Image.fromarray(pixels))
            np.testing.assert_array_equal(by_pillow, fitted(coloured(pixels, rule.channels), 28, 20, fit))
            assert by_pillow.shape == ((28, 20) if rule.channels == 1 else (28, 20, 3))


def test_many_sizes_agree_to_the_bit(rng: np.random.Generator) -> None:
    for _ in range(200):
        height, width, rows, columns = rng.integers(1, 70, 4).tolist()
        pixels = rng.integers(0, 256, (rows, columns), np.uint8)
        for fit in FITS:
            rule = Preprocessing(height, width, 1, (0.0,), (1.0,), fit)
            np.testing.assert_array_equal(
                rule.pixels_of(Image.fromarray(pixels)), fitted(pixels, height, width, fit), err_msg=f"{rule}"
            )


FILES = [
    *product(["1", "L", "LA", "P", "RGB", "RGBA", "I;16"], ["PNG"]),
    *product(["L", "RGB"], ["JPEG", "BMP", "WEBP"]),
    ("CMYK", "JPEG"),
    ("RGBA", "WEBP"),
]


@pytest.mark.parametrize("fit", FITS)
@pytest.mark.parametrize(("mode", "kind"), FILES)
def test_a_new_image_is_treated_as_admission_treated_those_of_the_training(
    mode: str, kind: str, fit: str, tmp_path: Path
) -> None:
    """Of shapes that are not those of the set, whichever of the three reads them: admission, Pillow or decide.py."""
    generator = np.random.default_rng(7)
    for height, width in [(41, 17), (20, 90), (56, 40), (33, 33), (8, 8), (1, 60), (91, 90), (232, 176)]:
        if mode == "I;16":
            image = Image.fromarray(generator.integers(0, 65536, (height, width), np.uint16))
        else:
            image = Image.fromarray(generator.integers(0, 256, (height, width, 4), np.uint8)).convert(mode)
        path = tmp_path / "image"
        image.save(path, kind)
        admitted = prepared(path.read_bytes(), Preparation(28, 20, fit))[0]
        for rule in (replace(RULE, fit=fit, jpeg_at_least=2), replace(COLOUR, fit=fit, jpeg_at_least=2)):
            if rule.channels == 1 and admitted.ndim == 3:
                continue  # a set with colours has three channels
            (picture,) = image_files(path).pictures(rule.least)
            by_pillow = rule.pixels_of(picture)
            np.testing.assert_array_equal(by_pillow, coloured(admitted, rule.channels))
            np.testing.assert_array_equal(pixels_of(path, rule.written()), by_pillow)


@pytest.mark.parametrize("orientation", [1, 6])
@pytest.mark.parametrize("times", [0, 2])
def test_a_photograph_is_decoded_as_small_as_admission_does_it(times: int, orientation: int, tmp_path: Path) -> None:
    path, exif = tmp_path / "photo.jpg", Image.Exif()
    exif[274] = orientation
    with Image.open(io.BytesIO(photo(648, 488))) as picture:
        picture.save(path, "JPEG", exif=exif)
    rule = replace(COLOUR, fit="crop", jpeg_at_least=times)
    admitted = prepared(path.read_bytes(), Preparation(28, 20, "crop", times))[0]
    (picture,) = image_files(path).pictures(rule.least)
    sizes = {(0, 1): (648, 488), (0, 6): (488, 648), (2, 1): (81, 61), (2, 6): (61, 81)}
    assert picture.size == sizes[times, orientation]
    np.testing.assert_array_equal(rule.pixels_of(picture), admitted)
    np.testing.assert_array_equal(pixels_of(path, rule.written()), admitted)
    assert Preprocessing.read(rule.written()) == rule


def test_an_encoder_from_before_there_was_the_rule_takes_all_of_a_jpeg(tmp_path: Path) -> None:
    written = {name: value for name, value in COLOUR.written().items() if name != "jpeg_at_least"}
    assert Preprocessing.read(written).least is None
    path = tmp_path / "photo.jpg"
    path.write_bytes(photo(640, 480))
    whole = prepared(path.read_bytes(), Preparation(28, 20, jpeg_at_least=0))[0]
    np.testing.assert_array_equal(pixels_of(path, written), whole)


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGB", "RGBA", "CMYK", "YCbCr", "I;16"])
def test_every_mode_of_whole_numbers_is_taken(mode: str, rng: np.random.Generator) -> None:
    picture = Image.fromarray(rng.integers(0, 256, (30, 30, 3), np.uint8)).convert("L" if mode == "I;16" else mode)
    picture = picture.convert("I;16") if mode == "I;16" else picture
    assert RULE.pixels_of(picture).shape == (28, 20) and COLOUR.pixels_of(picture).shape == (28, 20, 3)


def test_fractions_are_refused() -> None:
    with pytest.raises(ValueError, match="must have whole numbers as pixels, got fractions"):
        RULE.pixels_of(Image.fromarray(np.zeros((4, 4), np.float32)))


def test_a_picture_is_put_upright(rng: np.random.Generator) -> None:
    pixels = rng.integers(0, 256, (20, 28), np.uint8)
    lying = Image.fromarray(pixels)
    lying.getexif()[274] = 6  # to be turned by a quarter, clockwise
    np.testing.assert_array_equal(RULE.pixels_of(lying), np.rot90(pixels, -1))


@pytest.mark.parametrize("rule", [RULE, COLOUR, replace(RULE, fit="pad")])
def test_what_is_written_is_read_back(rule: Preprocessing) -> None:
    assert rule.written()["filter"] == "bilinear" and Preprocessing.read(rule.written()) == rule


def test_values_are_in_the_order_of_the_encoder() -> None:
    values = COLOUR.values_of(np.full((2, 28, 20, 3), 255, np.uint8))
    assert values.shape == (2, 3, 28, 20)
    np.testing.assert_array_equal(values[1, :, 3, 4], np.float32([1.5, 0.5, 0.125]))


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"fit": "cover"}, "fit must be stretch, crop, pad, got 'cover'"),
        ({"channels": 2}, "1 or 3 channels and at least one pixel, got 2 channels"),
        ({"jpeg_at_least": -1}, "jpeg_at_least must be 0 or more, got -1"),
        ({"height": 0}, "at least one pixel, got 1 channels of 0 x 20"),
        ({"mean": [0.1, 0.2]}, "each of 1 channels must have a mean and a deviation above 0"),
        ({"deviation": [0.0]}, "each of 1 channels must have a mean and a deviation above 0"),
        ({"filter": "nearest"}, "preprocessing must say height, width"),
        ({"mean": 3}, "preprocessing must be numbers and words"),
    ],
)
def test_a_rule_that_cannot_be_followed_is_refused(changed: dict[str, object], said: str) -> None:
    with pytest.raises(ValueError, match=said):
        Preprocessing.read(RULE.written() | changed)


def test_what_is_no_rule_is_refused() -> None:
    for written in (None, {}, [1, 2]):
        with pytest.raises(ValueError, match="preprocessing must say height"):
            Preprocessing.read(written)

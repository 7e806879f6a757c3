"""Images that somebody has on the disk: one file, a folder or a zip, whose folders may name the identities.

Nothing is unpacked onto the disk, and no file outside of the folder is followed to.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import NamedTuple
from zipfile import BadZipFile, ZipFile, is_zipfile

from PIL import Image

from core.datasets.picture import picture_of
from core.system.quoting import brief, shown

SUFFIXES = {".png", ".jpg", ".jpeg", ".pgm", ".ppm", ".pnm", ".bmp", ".gif", ".tif", ".tiff", ".webp"}
MOST_BYTES, MOST_FILES = 64_000_000, 100_000  # of an image file, of all


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

    def pictures(self, least: tuple[int, int] | None = None) -> Iterator[Image.Image]:
        """Each image, upright, grey or coloured; a JPEG may come smaller, but never below `least`, width and height.
        Raises ValueError, which names the file, for what is none or is too large."""
        if self.path.is_dir():
            for name, _ in self.names:
                yield _decoded(_content(self.path / name, name), name, least)
        elif is_zipfile(self.path):
            with ZipFile(self.path) as archive:
                for name, _ in self.names:
                    yield _decoded(_unpacked(archive, name), name, least)
        else:
            yield _decoded(_content(self.path, self.path.name), self.path.name, least)


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


def _decoded(content: bytes, name: str, least: tuple[int, int] | None) -> Image.Image:
    try:
        return picture_of(content, least).image
    except ValueError as problem:
        raise ValueError(
            f"{shown(name)} must be an image that can be read, got one that cannot: {problem}. Convert it, or take it "
            "out."
        ) from None


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

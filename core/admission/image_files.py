"""Images by files: decoded as they come, with their labels from the folders that they lie in."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path

from core.admission.brought import Brought, LeftOut
from core.admission.decoding import Decoded, decoded
from core.admission.entry import Entry
from core.admission.folder_classes import classes_by_folder
from core.admission.preparation import Preparation
from core.admission.values_file import ValuesFile
from core.datasets.images import COLOURS

IMAGE_SUFFIXES = (".png", ".jpg", ".jpeg", ".jpe", ".jfif", ".webp", ".bmp", ".dib", ".gif")
IMAGE_SUFFIXES += (".pgm", ".ppm", ".pbm", ".pnm", ".tif", ".tiff", ".heic", ".avif")  # some of which are refused
LARGEST_BYTES = 8 << 30  # of all prepared images
UNREADABLE_SHARE = 0.5  # from which on something else was meant

Told = Callable[[float], None]  # which share of the files has come


def read_image_files(
    entries: Iterable[Entry],
    preparation: Preparation,
    scratch: Path,
    *,
    told: Told,
    has_groups: bool = False,
    memory: int | None = None,
) -> Brought:
    """Images out of files, one class for each folder; pixels go to a file in the folder `scratch`. Files that are no
    images are left aside, images that cannot be read left out, each with its reason."""
    aside = LeftOut()
    found = ImageRows(scratch, told)
    try:
        for one in decoded(_images_of(entries, aside), preparation, memory=memory):
            found.take(one)
        columns = classes_by_folder(found.names, has_groups=has_groups) if found.names else {}
        return found.brought(columns, preparation, aside)
    finally:
        found.close()


def is_image_name(name: str) -> bool:
    """Whether a file is to be decoded: by its name, or where that has no suffix by trying."""
    base = name.replace("\\", "/").rpartition("/")[2]
    return "." not in base or base.lower().endswith(IMAGE_SUFFIXES)


def _images_of(entries: Iterable[Entry], aside: LeftOut) -> Iterable[Entry]:
    for entry in entries:
        if entry.refusal or is_image_name(entry.name):
            yield entry
        else:
            aside.add(entry.name, "it is no image by its name")


class ImageRows:
    """Collects decoded images in a file, with their names and sizes."""

    def __init__(self, scratch: Path, told: Told) -> None:
        self._values, self._told = ValuesFile(scratch / "pixels.npy", LARGEST_BYTES), told
        self.names: list[str] = []
        self.unreadable = LeftOut()
        self._sizes: dict[tuple[int, int], int] = {}
        self._is_grey = True

    def take(self, one: Decoded) -> bool:
        """One more; whether it is an image."""
        self._told(one.share)
        if one.pixels is None:
            self.unreadable.add(one.name, one.refusal)
            return False
        pixels = one.pixels
        if pixels.ndim == COLOURS and (pixels == pixels[..., :1]).all():
            pixels = pixels[..., 0]  # written in colours, without any
        self._is_grey &= pixels.ndim == 2
        self._values.append(pixels)
        self.names.append(one.name)
        self._sizes[one.size] = self._sizes.get(one.size, 0) + 1
        return True

    def brought(self, columns: dict[str, list[str]], preparation: Preparation, aside: LeftOut) -> Brought:
        """All of them, with these columns and their names. Raises ValueError where few or none could be read."""
        lost, read = self.unreadable.count, len(self.names)
        if lost and lost >= UNREADABLE_SHARE * (lost + read):
            name, reason = self.unreadable.first[0]
            raise ValueError(
                f"most of the files must be images, got {lost:,} of {lost + read:,} that cannot be read, such as "
                f"{name[-80:]!r}: {reason}. Bring images in folders, one for each class."
            )
        if not read:
            raise ValueError(
                "what is brought must hold images, got none. Bring a folder or a zip with one folder for each class."
            )
        widths, heights = zip(*self._sizes, strict=True)
        sizes = {"smallest": [min(widths), min(heights)], "largest": [max(widths), max(heights)]}
        return Brought(
            "images",
            self._values.finish(),
            {**columns, "name": self.names},
            self.unreadable,
            aside,
            preparation.written(1 if self._is_grey else COLOURS),
            {"sizes": {**sizes, "different": len(self._sizes)}},
        )

    def close(self) -> None:
        """Let go of the file."""
        self._values.close()

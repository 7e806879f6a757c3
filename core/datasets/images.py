"""Images with their labels, what every data set is, and how images are laid out in one sheet."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cached_property, lru_cache
from hashlib import sha256
from typing import ClassVar

import numpy as np

from core.params import Declared

COLOURS = 3  # red, green, blue


@dataclass(frozen=True, eq=False)
class Images:
    """Pixels uint8, grey (N, H, W) or red, green and blue (N, H, W, 3), labels (N,) int64 (class or identity) and one
    name per label.

    A set may also say of each image who made it, or where: `groups` (N,) int64 with one name per group. The arrays
    become read-only, since one loaded set is shared by all who ask for it and has one digest.
    """

    pixels: np.ndarray
    labels: np.ndarray
    class_names: tuple[str, ...]
    groups: np.ndarray | None = None
    group_names: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        _check_pixels(self.pixels)
        _check_numbers(self.labels, len(self.pixels), self.class_names, what="labels", each="class", all_of="classes")
        self.pixels.setflags(write=False)
        self.labels.setflags(write=False)
        if self.groups is not None:
            _check_numbers(
                self.groups, len(self.pixels), self.group_names, what="groups", each="group", all_of="groups"
            )
            self.groups.setflags(write=False)
        elif self.group_names:
            raise ValueError(
                f"groups must be given with their names, got {len(self.group_names)} names alone. Add them."
            )

    @property
    def count(self) -> int:
        """How many images there are."""
        return len(self.pixels)

    @property
    def channels(self) -> int:
        """How many values a pixel has: 1 where it is grey, 3 where it is red, green and blue."""
        return 1 if self.pixels.ndim == 3 else COLOURS

    @property
    def class_count(self) -> int:
        """How many classes have a name, seen or not."""
        return len(self.class_names)

    @cached_property
    def digest(self) -> str:
        """SHA-256 in hex of everything a training could see: shape, type, pixels, labels, names, and groups if any."""
        header = [self.pixels.shape, self.pixels.dtype.str, "<i8", self.class_names]
        header += [self.group_names] if self.groups is not None else []
        content = sha256(json.dumps(header).encode())
        content.update(np.ascontiguousarray(self.pixels).data)
        content.update(np.ascontiguousarray(self.labels, dtype="<i8").data)
        if self.groups is not None:
            content.update(np.ascontiguousarray(self.groups, dtype="<i8").data)
        return content.hexdigest()


def _check_pixels(pixels: np.ndarray) -> None:
    is_coloured = pixels.ndim == 4 and pixels.shape[3] == COLOURS
    if pixels.dtype != np.uint8 or not (pixels.ndim == 3 or is_coloured):
        raise ValueError(
            f"pixels must be grey values (N, H, W) or red, green and blue (N, H, W, 3) of type uint8, got "
            f"{pixels.shape} of type {pixels.dtype}. Convert the images first."
        )
    if 0 in pixels.shape:
        raise ValueError(f"pixels must hold at least one image of one pixel, got {pixels.shape}. Add images.")


def _check_numbers(
    numbers: np.ndarray, images: int, names: tuple[str, ...], *, what: str, each: str, all_of: str
) -> None:
    if numbers.dtype != np.int64 or numbers.shape != (images,):
        raise ValueError(
            f"{what} must be ({images},) of type int64, one for each image, "
            f"got {numbers.shape} of type {numbers.dtype}. Number the {all_of} from 0."
        )
    if numbers.min() < 0 or numbers.max() >= len(names):
        raise ValueError(
            f"{what} must be from 0 to {len(names) - 1}, one number for each {each} name, "
            f"got {numbers.min()} to {numbers.max()}. Number the {all_of} from 0 and name each."
        )
    if len(set(names)) < len(names):
        repeated = next(name for name in names if names.count(name) > 1)
        raise ValueError(f"{each} names must differ, got {repeated!r} more than once. Rename one of them.")


@dataclass(frozen=True)
class Dataset(Declared):
    """Base of the data sets: parameters in, `Images` out; a member implements `read`."""

    licence: ClassVar[str]
    size: ClassVar[str]  # in words, for people
    real: ClassVar[bool]  # False: made by a program

    @property
    def needs_download(self) -> bool:
        """Whether `load` would go to the network, which only a worker or the command line may do."""
        return False

    @property
    def absence(self) -> str:
        """How to get the images where they come with a package that is not installed; empty where they are here."""
        return ""

    def read(self) -> Images:
        """The images from where they lie, or made anew."""
        raise NotImplementedError

    def load(self) -> Images:
        """What `read` gives, remembered for the data sets last asked for."""
        return _remembered(self)

    def labels(self) -> np.ndarray:
        """(N,) labels of the images; where they are known without the pixels, at once."""
        return self.load().labels


@lru_cache(maxsize=4)  # the largest set takes 55 MB
def _remembered(dataset: Dataset) -> Images:
    return dataset.read()


def contact_sheet(pixels: np.ndarray, columns: int) -> np.ndarray:
    """(N, H, W) -> one picture (rows * H, columns * W), tiles in reading order, then black; with a last axis of 3 where
    the images are in colour."""
    if columns < 1:
        raise ValueError(f"columns must be at least 1, got {columns}. Ask for one tile a row or more.")
    count, height, width, *colours = pixels.shape
    rows = -(-count // columns)
    tiles = np.zeros((rows * columns, height, width, *colours), dtype=pixels.dtype)
    tiles[:count] = pixels
    grid = tiles.reshape(rows, columns, height, width, *colours).swapaxes(1, 2)
    return grid.reshape(rows * height, columns * width, *colours)


def tiles_of(sheet: np.ndarray, height: int, width: int) -> np.ndarray:
    """A picture of tiles (rows * H, columns * W) -> them in reading order (N, H, W), those that only fill it too; with
    a last axis of 3 where the picture is in colour."""
    rows, columns, colours = sheet.shape[0] // height, sheet.shape[1] // width, sheet.shape[2:]
    grid = sheet.reshape(rows, height, columns, width, *colours).swapaxes(1, 2)
    return grid.reshape(rows * columns, height, width, *colours)


def example_rows(images: Images, per_class: int, classes: int) -> np.ndarray:
    """(R,) rows of the first `per_class` images of each of the first `classes` classes, class by class.

    Classes with fewer than `per_class` images are passed over, so that the rows fill a grid.
    """
    sizes = np.bincount(images.labels, minlength=images.class_count)
    shown = np.flatnonzero(sizes >= per_class)[:classes]
    if per_class < 1 or len(shown) == 0:
        raise ValueError(
            f"per_class must be from 1 to {sizes.max()}, the size of the largest class, got {per_class}. "
            "Ask for fewer images of each class."
        )
    return np.concatenate([np.flatnonzero(images.labels == label)[:per_class] for label in shown])

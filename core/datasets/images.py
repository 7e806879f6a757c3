"""Images, what every data set is, and how images are laid out in one sheet."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import ClassVar

import numpy as np

from core.datasets.samples import Samples
from core.params import Declared

COLOURS = 3  # red, green, blue


@dataclass(frozen=True, eq=False)
class Images(Samples):
    """Pixels uint8, grey (N, H, W) or red, green and blue (N, H, W, 3)."""

    def _check_values(self) -> None:
        pixels = self.values
        is_coloured = pixels.ndim == 4 and pixels.shape[3] == COLOURS
        if pixels.dtype != np.uint8 or not (pixels.ndim == 3 or is_coloured):
            raise ValueError(
                f"pixels must be grey values (N, H, W) or red, green and blue (N, H, W, 3) of type uint8, got "
                f"{pixels.shape} of type {pixels.dtype}. Convert the images first."
            )
        if 0 in pixels.shape:
            raise ValueError(f"pixels must hold at least one image of one pixel, got {pixels.shape}. Add images.")

    @property
    def pixels(self) -> np.ndarray:
        """(N, H, W) or (N, H, W, 3) uint8."""
        return self.values

    @property
    def channels(self) -> int:
        """How many values a pixel has: 1 where it is grey, 3 where it is red, green and blue."""
        return 1 if self.pixels.ndim == 3 else COLOURS


@dataclass(frozen=True)
class Dataset(Declared):
    """Base of the data sets: parameters in, `Images` or other `Samples` out; a member implements `read`."""

    licence: ClassVar[str]
    size: ClassVar[str]  # in words, for people
    real: ClassVar[bool]  # False: made by a program

    @property
    def needs_download(self) -> bool:
        """Whether `load` would go to the network, which only a worker or the command line may do."""
        return False

    @property
    def absence(self) -> str:
        """How to get the samples where they are not here, as those of a package that is not installed; empty where
        they are."""
        return ""

    @property
    def title(self) -> str:
        """What it is called in lists."""
        return self.name

    def read(self) -> Samples:
        """The samples from where they lie, or made anew."""
        raise NotImplementedError

    def load(self) -> Samples:
        """What `read` gives, remembered for the data sets last asked for."""
        return _remembered(self)

    def labels(self) -> np.ndarray:
        """(N,) labels of the samples; where they are known without the pixels, at once."""
        return self.load().labels


@lru_cache(maxsize=4)  # the largest set takes 55 MB
def _remembered(dataset: Dataset) -> Samples:
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


def example_rows(images: Samples, per_class: int, classes: int) -> np.ndarray:
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

"""Handwritten digits that come with scikit-learn: real images without a network."""

from __future__ import annotations

import gzip
import zlib
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import ClassVar

import numpy as np

from core.datasets.images import Dataset, Images

COLUMNS = 8 * 8 + 1  # the pixels of one image, then its digit
DARKEST = 16


@dataclass(frozen=True)
class Digits(Dataset):
    """Handwritten digits by 13 people, very small images: the set for a first try, trained in seconds."""

    licence: ClassVar[str] = (
        "UCI Machine Learning Repository (Alpaydin and Kaynak, 1998), shipped with scikit-learn (BSD)"
    )
    size: ClassVar[str] = "1,797 images of 8 x 8, 10 classes"
    real: ClassVar[bool] = True

    def read(self) -> Images:
        file = _installed_file()
        try:
            with gzip.open(file, "rt") as lines:
                table = np.loadtxt(lines, delimiter=",", ndmin=2)
        except (OSError, EOFError, ValueError, zlib.error) as error:
            raise ValueError(
                f"{file} must be a compressed table of numbers, got a damaged file ({error}). "
                "Install scikit-learn again."
            ) from error
        if table.shape[1] != COLUMNS or not ((table >= 0) & (table <= DARKEST)).all():
            raise ValueError(
                f"{file} must have {COLUMNS} columns of values from 0 to {DARKEST}, got {table.shape[1]} "
                f"columns of values from {table.min():g} to {table.max():g}. Install scikit-learn again."
            )
        pixels = np.rint(table[:, :-1] * (255 / DARKEST)).astype(np.uint8).reshape(-1, 8, 8)
        return Images(pixels, table[:, -1].astype(np.int64), tuple("0123456789"))


def _installed_file() -> Path:
    """Where scikit-learn keeps its digits; found without importing it, which would cost a second."""
    package = find_spec("sklearn")
    folders = package.submodule_search_locations if package else None
    for folder in folders or ():
        file = Path(folder) / "datasets" / "data" / "digits.csv.gz"
        if file.is_file():
            return file
    raise ValueError("digits must be found inside scikit-learn, got no such file. Install scikit-learn.")

"""Draw the subset of Fashion-MNIST that is shipped.

python -m assets.make_fashion_mnist FOLDER [OUT]

FOLDER holds the IDX files, plain or gzip. The same files give the same bytes each time.
"""

from __future__ import annotations

import sys
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

import numpy as np

from core.datasets.fashion_mnist import SUBSET, read_part

PER_CLASS = 600
SEED = 0


def chosen_rows(labels: np.ndarray, per_class: int = PER_CLASS) -> np.ndarray:
    """Rows of a seeded draw of `per_class` images of every class, without repeats, ascending."""
    generator = np.random.default_rng(SEED)
    drawn = []
    for label in np.unique(labels):
        rows = np.flatnonzero(labels == label)
        if len(rows) < per_class:
            raise ValueError(f"class {label} must have {per_class} images, got {len(rows)}. Use the training file.")
        drawn.append(generator.choice(rows, per_class, replace=False))
    return np.sort(np.concatenate(drawn))


def write_archive(file: Path, arrays: dict[str, np.ndarray]) -> None:
    """As `numpy.savez_compressed`, without the time of day, so that equal arrays give equal bytes."""
    with ZipFile(file, "w", ZIP_DEFLATED, compresslevel=9) as archive:
        for name, array in arrays.items():
            entry = ZipInfo(f"{name}.npy")
            entry.compress_type = ZIP_DEFLATED
            with archive.open(entry, "w") as stream:
                np.lib.format.write_array(stream, array, allow_pickle=False)


def make(folder: Path, file: Path, per_class: int = PER_CLASS) -> None:
    """Write pixels, labels and their rows in the training file."""
    pixels, labels = read_part(folder, "train")
    rows = chosen_rows(labels, per_class)
    write_archive(file, {"pixels": pixels[rows], "labels": labels[rows], "rows": rows})


if __name__ == "__main__":
    if len(sys.argv) not in (2, 3):
        sys.exit(__doc__)
    try:
        make(Path(sys.argv[1]), Path(sys.argv[2]) if len(sys.argv) == 3 else SUBSET)
    except ValueError as error:
        sys.exit(str(error))

"""Fashion-MNIST (Xiao, Rasul and Vollgraf, 2017): a subset that is shipped, and the whole from IDX files."""

from __future__ import annotations

import gzip
import os
import zlib
from dataclasses import dataclass
from math import prod
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import ClassVar
from zipfile import BadZipFile

import numpy as np

from core.datasets.images import Dataset, Images
from core.params import param
from core.system.locations import ASSETS

NAMES = (
    "T-shirt/top",
    "Trouser",
    "Pullover",
    "Dress",
    "Coat",
    "Sandal",
    "Shirt",
    "Sneaker",
    "Bag",
    "Ankle boot",
)
SIDE = 28
SUBSET = ASSETS / "fashion-mnist" / "subset.npz"
DEBIAN = Path("/usr/share/datasets/fashion-mnist")  # the package dataset-fashion-mnist
FOLDER_VARIABLE = "METRIC_LAB_FASHION_MNIST"
CACHE_VARIABLE = "METRIC_LAB_DATA"
LARGEST = 2**30  # bytes of one IDX file; the real ones have 47 million


@dataclass(frozen=True)
class FashionMnist(Dataset):
    """Photographs of clothes from a shop, ten kinds: real, and hard enough for losses and miners to differ.

    `full` is the training file followed by the test file, from the first of: `folder`, the folder named by
    the environment variable METRIC_LAB_FASHION_MNIST, Debian's package, an earlier download, a download.
    """

    licence: ClassVar[str] = "MIT, Zalando SE 2017"
    size: ClassVar[str] = "6,000 images of 28 x 28 in the subset, 70,000 in full, 10 classes"
    real: ClassVar[bool] = True

    source: str = param("subset", choices=("subset", "full"), help="the shipped 6,000 images, or all 70,000")
    folder: str = param("", help="where the four IDX files of the full set lie; empty: look in the usual places")

    def __post_init__(self) -> None:
        super().__post_init__()
        if self.folder and self.source != "full":
            raise ValueError(
                f"{self.name}: folder must stay empty when source is {self.source}, got {self.folder!r}. "
                "Choose source full to read it."
            )

    @property
    def needs_download(self) -> bool:
        return self.source == "full" and _folder_on_disk(self.folder) is None

    def read(self) -> Images:
        if self.source == "subset":
            return _read_subset(SUBSET)
        folder = _folder_on_disk(self.folder) or _download()
        parts = [read_part(folder, part) for part in ("train", "t10k")]
        pixels, labels = (np.concatenate(arrays) for arrays in zip(*parts, strict=True))
        return Images(pixels, labels, NAMES)


def read_part(folder: Path, part: str) -> tuple[np.ndarray, np.ndarray]:
    """Pixels (N, 28, 28) uint8 and labels (N,) int64 of `train` or `t10k` from a folder of IDX files."""
    images_file = _idx_file(folder, f"{part}-images-idx3-ubyte")
    labels_file = _idx_file(folder, f"{part}-labels-idx1-ubyte")
    pixels, labels = read_idx(images_file, 3), read_idx(labels_file, 1).astype(np.int64)
    if pixels.shape[1:] != (SIDE, SIDE):
        raise ValueError(
            f"{images_file} must hold images of {SIDE} x {SIDE}, got {pixels.shape[1]} x {pixels.shape[2]}. "
            "Use the files of Fashion-MNIST."
        )
    if len(pixels) != len(labels):
        raise ValueError(
            f"{labels_file} must hold one label for each image, got {len(labels)} labels for "
            f"{len(pixels)} images. Take both files from one release."
        )
    return pixels, labels


def read_idx(file: Path, dimensions: int) -> np.ndarray:
    """The bytes of one IDX file, plain or gzip, as a uint8 array of so many dimensions.

    The format: two zero bytes, 8 for unsigned bytes, the number of dimensions, each size as four bytes (big
    end first), then the values.
    """
    header_size = 4 + 4 * dimensions
    try:
        with file.open("rb") as plain:
            packed = plain.read(2) == b"\x1f\x8b"
        with gzip.open(file) if packed else file.open("rb") as stream:
            header = stream.read(header_size)
            shape = tuple(map(int, np.frombuffer(header[4:], dtype=">u4"))) if len(header) == header_size else ()
            # One byte more than announced, to notice a file that goes on.
            values = stream.read(prod(shape) + 1) if shape and prod(shape) <= LARGEST else b""
    except (OSError, EOFError, zlib.error) as error:
        raise ValueError(f"{file} must be a whole file, got a damaged one ({error}). Fetch it again.") from error
    if header[:4] != bytes((0, 0, 8, dimensions)):
        raise ValueError(
            f"{file} must begin as IDX bytes of {dimensions} dimensions (0000080{dimensions}), "
            f"got {header[:4].hex() or 'nothing'}. Use the files of Fashion-MNIST."
        )
    if not shape or len(values) != prod(shape):
        announced = " x ".join(map(str, shape)) or "a header"
        raise ValueError(
            f"{file} must hold exactly the {announced} bytes that it announces, got "
            f"{'more' if len(values) > prod(shape) else 'fewer'}. Fetch it again."
        )
    return np.frombuffer(values, dtype=np.uint8).reshape(shape)


def _read_subset(file: Path) -> Images:
    try:
        # Opened here: np.load leaves a file open when it is no archive.
        with file.open("rb") as stream, np.load(stream, allow_pickle=False) as arrays:
            return Images(arrays["pixels"], arrays["labels"], NAMES)
    except (OSError, EOFError, KeyError, ValueError, BadZipFile, zlib.error) as error:
        raise ValueError(
            f"{file} must be the archive shipped with Metric Lab, got a missing or damaged file ({error}). "
            "Restore it from the repository, or make it again (see the README beside it)."
        ) from error


def _idx_file(folder: Path, name: str) -> Path:
    for file in (folder / name, folder / f"{name}.gz"):
        if file.is_file():
            return file
    raise ValueError(f"{folder} must hold {name} or {name}.gz, got neither. Put the four IDX files there.")


def _folder_on_disk(configured: str) -> Path | None:
    """The folder to read from; a configured one is taken at its word, so that a typing error shows."""
    configured = configured or os.environ.get(FOLDER_VARIABLE, "")
    if configured:
        return Path(configured).expanduser()
    return next((folder for folder in (DEBIAN, _cache() / "fashion-mnist") if folder.is_dir()), None)


def _cache() -> Path:
    return Path(os.environ.get(CACHE_VARIABLE) or "~/.cache/metric-lab").expanduser()


def _download() -> Path:
    """Fetch the files through torchvision into the cache; for workers and the command line only."""
    cache = _cache()
    try:
        from torchvision.datasets import FashionMNIST  # here, since pages import this module

        cache.mkdir(parents=True, exist_ok=True)
        with TemporaryDirectory(dir=cache) as unfinished:
            FashionMNIST(unfinished, download=True)
            # Renamed only when whole, so that a killed download leaves nothing that looks complete.
            return (Path(unfinished) / "FashionMNIST" / "raw").rename(cache / "fashion-mnist")
    except (ImportError, OSError, RuntimeError) as error:
        if (cache / "fashion-mnist").is_dir():  # another worker was first
            return cache / "fashion-mnist"
        reason = str(error).splitlines()[0] if str(error) else type(error).__name__
        raise ValueError(
            f"fashion-mnist must find its 70,000 images, got no files and a failed download ({reason}). "
            f"Set {FOLDER_VARIABLE} to a folder of the four IDX files, install Debian's "
            "dataset-fashion-mnist, or choose source subset."
        ) from error

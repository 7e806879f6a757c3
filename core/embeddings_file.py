"""Embeddings that a user brings: read from one .npz archive, checked with one clear sentence; numpy alone."""

from __future__ import annotations

import zipfile
import zlib
from pathlib import Path
from typing import IO

import numpy as np


def load_embeddings(path: str | Path) -> tuple[np.ndarray, np.ndarray, tuple[str, ...]]:
    """The arrays `embeddings` (N, D) and `labels` (N,) of an .npz -> (N, D), class numbers (N,) int64, class names.

    float32 and float64 keep their precision, because statistics of a small set are computed in float64 from the values
    as given; other numbers become float32 where that loses nothing, else float64. Labels are whole numbers or text; a
    class's number is the place of its label among the sorted labels.
    """
    path = Path(path)
    shapes = _headers(path)
    for name in ("embeddings", "labels"):
        if name not in shapes:
            raise ValueError(
                f"{path.name} must hold the arrays embeddings and labels, got {', '.join(sorted(shapes)) or 'none'}. "
                f"Save with numpy.savez(path, embeddings=..., labels=...)."
            )
    _check_shapes(path.name, shapes["embeddings"], shapes["labels"])
    try:
        with np.load(path, allow_pickle=False) as archive:
            embeddings, labels = archive["embeddings"], archive["labels"]
    except (ValueError, OSError, EOFError, zipfile.BadZipFile, zlib.error) as error:
        raise _unreadable(path.name, error) from None
    embeddings = _as_floats(embeddings)
    classes, numbers = np.unique(_as_labels(labels), return_inverse=True)
    numbers = numbers.reshape(-1).astype(np.int64)
    check_embeddings(embeddings, numbers)
    return embeddings, numbers, tuple(str(name) for name in classes)


def check_embeddings(embeddings: np.ndarray, labels: np.ndarray) -> None:
    """Raise ValueError unless (N, D) and (N,) have exact statistics: finite, two classes, one with two points."""
    _check_shapes("the snapshot", (embeddings.shape, embeddings.dtype), (labels.shape, labels.dtype))
    bad = np.flatnonzero(~np.isfinite(embeddings).all(axis=1))
    if len(bad):
        raise ValueError(
            f"embeddings must be finite, got NaN or infinity in {len(bad)} of {len(embeddings)} rows, first in row "
            f"{bad[0]}. Remove these rows."
        )
    sizes = np.unique(labels, return_counts=True)[1]
    if len(sizes) < 2:
        raise ValueError(f"labels must name at least two classes, got one for all {len(labels)} points. Add another.")
    if sizes.max() < 2:
        raise ValueError(
            f"at least one class must have two points, got {len(sizes)} classes with one point each. "
            "Add points of the same class."
        )


Header = tuple[tuple[int, ...], np.dtype]


def _headers(path: Path) -> dict[str, Header]:
    """Shape and type of every array in the archive, before any of them is read into memory."""
    headers: dict[str, Header] = {}
    try:
        with zipfile.ZipFile(path) as archive:
            for member in archive.namelist():
                if member.endswith(".npy"):
                    with archive.open(member) as stream:
                        headers[member.removesuffix(".npy")] = _header(stream)
    except FileNotFoundError:
        raise ValueError(f"the file must exist, got {path}. Check the path.") from None
    except (ValueError, OSError, EOFError, zipfile.BadZipFile, zlib.error) as error:
        raise _unreadable(path.name, error) from None
    return headers


def _header(stream: IO[bytes]) -> Header:
    version = np.lib.format.read_magic(stream)
    read = np.lib.format.read_array_header_1_0 if version == (1, 0) else np.lib.format.read_array_header_2_0
    shape, _, dtype = read(stream)
    return shape, dtype


def _unreadable(name: str, error: Exception) -> ValueError:
    return ValueError(f"{name} must be a whole .npz archive, got a file that cannot be read ({error}). Save it again.")


def _check_shapes(name: str, embeddings: Header, labels: Header) -> None:
    (shape, dtype), (label_shape, label_dtype) = embeddings, labels
    if dtype.kind not in "fiu":
        raise ValueError(f"embeddings in {name} must be real numbers, got {dtype}. Save them as float32.")
    if len(shape) != 2 or 0 in shape:
        raise ValueError(f"embeddings in {name} must be (points, dimensions), not empty, got {shape}. Reshape them.")
    if label_dtype.kind not in "iufUS":
        raise _bad_labels(label_dtype)
    if len(label_shape) != 1:
        raise ValueError(f"labels in {name} must have one dimension, got {label_shape}. Give one label per point.")
    if label_shape[0] != shape[0]:
        raise ValueError(
            f"labels in {name} must be as many as the embeddings, got {label_shape[0]} for {shape[0]} points. "
            "Give one label per point."
        )


def _as_floats(embeddings: np.ndarray) -> np.ndarray:
    if embeddings.dtype in (np.float32, np.float64):
        return embeddings.astype(embeddings.dtype.newbyteorder("="), copy=False)
    return embeddings.astype(np.float32 if np.can_cast(embeddings.dtype, np.float32) else np.float64)


def _as_labels(labels: np.ndarray) -> np.ndarray:
    """Labels that compare and print well: whole numbers or text."""
    if labels.dtype.kind in "iuU":
        return labels
    if labels.dtype.kind == "S":
        return np.char.decode(labels, "utf-8", "replace")
    if labels.dtype.kind == "f" and np.isfinite(labels).all() and (labels == np.rint(labels)).all():
        return labels.astype(np.int64)
    raise _bad_labels(labels.dtype)


def _bad_labels(dtype: np.dtype) -> ValueError:
    return ValueError(f"labels must be whole numbers or text, got {dtype}. Save them as integers or strings.")

"""What embeddings and labels must be to have statistics; each rule in one sentence, numpy alone."""

from __future__ import annotations

from typing import Protocol

import numpy as np

from core.system.quoting import brief

LARGEST = 1e150  # whose squares can still be added up in float64
SAVE_LABELS = "Save them as integers or strings."
# pandas hands over objects, for text and for a column of arrays. Missing text goes first, because beside it pandas 3.1
# may cut every label to one letter (findings/pandas_missing_label.sh).
TEXT_OF_OBJECTS = "Drop the rows where it is missing, then save column.to_numpy(dtype=str)."
NUMBERS_OF_OBJECTS = "Save numpy.stack(column) of a column of arrays, or numbers as float32."


class Described(Protocol):
    """What tells its shape and type: an array, or the header of one that is not read yet."""

    @property
    def shape(self) -> tuple[int, ...]:
        """As numpy has it."""

    @property
    def dtype(self) -> np.dtype:
        """As numpy has it."""


def check_embeddings(embeddings: np.ndarray, labels: np.ndarray) -> None:
    """Raise ValueError unless (N, D) and (N,) have exact statistics: finite, two classes, one with two points."""
    check_shapes("the snapshot", embeddings, labels)
    bad = np.flatnonzero(~np.isfinite(embeddings).all(axis=1))
    if len(bad):
        raise ValueError(
            f"embeddings must be finite, got NaN or infinity in {len(bad)} of {len(embeddings)} rows, first in row "
            f"{bad[0]}. Remove these rows, or bring the file under Your data, which offers to leave them out "
            "(python -m core import)."
        )
    largest = np.abs(embeddings).max(axis=1)
    if float(largest.max()) > LARGEST:
        raise ValueError(
            f"embeddings must be at most {LARGEST:g} in size, so that their distances are numbers, got "
            f"{largest.max():.3g} in row {largest.argmax()}. Scale them down."
        )
    sizes = np.unique(labels, return_counts=True)[1]
    if len(sizes) < 2:
        raise ValueError(f"labels must name at least two classes, got one for all {len(labels)} points. Add another.")
    if sizes.max() < 2:
        raise ValueError(
            f"at least one class must have two points, got {len(sizes)} classes with one point each. "
            "Add points of the same class."
        )


def check_shapes(name: str, embeddings: Described, labels: Described) -> None:
    """Raise ValueError unless these can be embeddings (N, D) and a label for each (N,)."""
    check_points(name, embeddings)
    if labels.dtype.kind not in "iufUS":
        raise bad_labels(brief(labels.dtype), TEXT_OF_OBJECTS if labels.dtype.kind == "O" else SAVE_LABELS)
    check_one_each("labels", name, embeddings, labels)


def check_points(name: str, embeddings: Described) -> None:
    """Raise ValueError unless these can be embeddings (N, D)."""
    if embeddings.dtype.kind not in "fiu":
        way_out = NUMBERS_OF_OBJECTS if embeddings.dtype.kind == "O" else "Save them as float32."
        raise ValueError(f"embeddings in {name} must be real numbers, got {brief(embeddings.dtype)}. {way_out}")
    if len(embeddings.shape) != 2 or min(embeddings.shape) < 1:
        raise ValueError(
            f"embeddings in {name} must be (points, dimensions), not empty, got {brief(embeddings.shape)}. "
            "Reshape them."
        )


def check_one_each(what: str, name: str, embeddings: Described, given: Described) -> None:
    """Raise ValueError unless `what` is given once for each of the embeddings."""
    if len(given.shape) != 1:
        raise ValueError(
            f"{what} in {name} must have one dimension, got {brief(given.shape)}. Give one {what[:-1]} per point."
        )
    if given.shape[0] != embeddings.shape[0]:
        raise ValueError(
            f"{what} in {name} must be as many as the embeddings, got {given.shape[0]} for {embeddings.shape[0]} "
            f"points. Give one {what[:-1]} per point."
        )


def bad_labels(got: str, way_out: str) -> ValueError:
    """The error that says what labels must be."""
    return ValueError(f"labels must be whole numbers or text, got {got}. {way_out}")

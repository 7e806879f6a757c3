"""Embeddings that a user brings: read from one .npz archive, checked with one clear sentence; numpy alone."""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

import numpy as np

from core.readers.npz_archive import Header, held_arrays, read_arrays, read_further
from core.reidentification.roles import ROLES
from core.statistics.checks import (
    SAVE_LABELS,
    TEXT_OF_OBJECTS,
    bad_labels,
    check_embeddings,
    check_one_each,
    check_points,
    check_shapes,
)
from core.system.quoting import brief, shown


def load_embeddings(path: str | Path) -> tuple[np.ndarray, np.ndarray, tuple[str, ...]]:
    """The arrays `embeddings` (N, D) and `labels` (N,) of an .npz -> (N, D), class numbers (N,) int64, class names.

    float32 and float64 keep their precision, because statistics of a small set are computed in float64 from the values
    as given; other numbers become float32 where that loses nothing, else float64. Labels are whole numbers or text; a
    class's number is the place of its label among the sorted labels. What the file is called does not matter.
    """
    embeddings, labels = read_arrays(Path(path), ("embeddings", "labels"), check_shapes)
    embeddings = _as_floats(embeddings)
    classes, numbers = np.unique(_as_labels(labels), return_inverse=True)
    numbers = numbers.reshape(-1).astype(np.int64)
    check_embeddings(embeddings, numbers)
    return embeddings, numbers, tuple(str(name) for name in classes)


def load_names(path: str | Path) -> tuple[str, ...]:
    """What the .npz calls its N embeddings: the array `names` (N,) of text, in their order."""
    _, names = read_arrays(Path(path), ("embeddings", "names"), _check_names)
    return tuple(_as_text("names", names).tolist())


class _Unfitting(ValueError):
    """An array that means something else than names of points."""


def load_point_names(path: str | Path, count: int) -> tuple[str, ...]:
    """What an .npz calls each of its N points, files mostly: the array `names` (N,) of text; none where it holds no
    such array, or one of that name that is something else."""

    def check(name: str, what: str, header: Header) -> None:
        if header.dtype.kind not in "US" or header.shape != (count,):
            raise _Unfitting(f"{what} in {name} must be a text for each of {count} points, got {brief(header.shape)}.")

    try:
        held = read_further(Path(path), ("names",), check)
    except _Unfitting:
        return ()
    return tuple(_as_text("names", held["names"]).tolist()) if held else ()


def load_roles(path: str | Path, count: int) -> tuple[np.ndarray | None, np.ndarray | None]:
    """What an .npz of N points says of them beside their labels: `role` as places in ROLES, and `group` as numbers of
    its sorted names, (N,) int64 each; None for an array that it does not hold."""

    columns = _columns(path, ("role", "group"), count)
    numbers = {name: np.unique(array, return_inverse=True) for name, array in columns.items()}
    groups = numbers["group"][1].reshape(-1).astype(np.int64) if "group" in numbers else None
    if "role" not in numbers:
        return None, groups
    names, place = numbers["role"]
    wrong = [name for name in names.tolist() if name not in ROLES]
    if wrong:
        raise ValueError(
            f"role must be one of {', '.join(ROLES)}, got {shown(wrong[0])}. Rename it; an array of dtype U10 has room."
        )
    return np.array([ROLES.index(name) for name in names.tolist()], np.int64)[place.reshape(-1)], groups


def load_crossed(path: str | Path, count: int) -> dict[str, np.ndarray]:
    """What an .npz of N points says of their `group` and `session` (N,), as it says it: text or whole numbers; only
    what it holds."""
    return _columns(path, ("group", "session"), count)


def _columns(path: str | Path, wanted: tuple[str, ...], count: int) -> dict[str, np.ndarray]:
    def check(name: str, what: str, header: Header) -> None:
        kinds, must = ("US", "text") if what == "role" else ("iuUS", "whole numbers or text")
        if header.dtype.kind not in kinds:
            raise ValueError(
                f"{what} in {name} must be {must}, got {brief(header.dtype)}. Save it with .astype(str), say."
            )
        if header.shape != (count,):
            raise ValueError(
                f"{what} in {name} must be one for each of {count} points, got the shape {brief(header.shape)}. "
                "Give as many as there are labels."
            )

    arrays = read_further(Path(path), wanted, check)
    return {name: _as_text(name, array) if array.dtype.kind in "US" else array for name, array in arrays.items()}


class Samples(NamedTuple):
    """Embeddings (N, D), a row of NaN where a sample gave none; the rest as far as it is there: class numbers (N,) and
    names, and the names of the samples."""

    embeddings: np.ndarray
    labels: np.ndarray | None
    class_names: tuple[str, ...]
    names: tuple[str, ...]


def load_samples(path: str | Path, *, with_names: bool = True) -> Samples:
    """What an .npz holds of samples whose pairs are listed elsewhere; `names` must be there unless told otherwise."""
    array_names = held_arrays(Path(path))
    names = load_names(path) if with_names else ()
    if "labels" not in array_names and "embeddings" in array_names:
        embeddings, _ = read_arrays(Path(path), ("embeddings", "embeddings"), _check_alone)
        return Samples(_checked_samples(_as_floats(embeddings)), None, (), names)
    embeddings, labels = read_arrays(Path(path), ("embeddings", "labels"), check_shapes)
    classes, numbers = np.unique(_as_labels(labels), return_inverse=True)
    numbers = numbers.reshape(-1).astype(np.int64)
    return Samples(_checked_samples(_as_floats(embeddings)), numbers, tuple(str(name) for name in classes), names)


def load_couples(path: str | Path) -> tuple[np.ndarray, list[str]]:
    """The arrays `embeddings` (2 P, D) and `issame` (P,) of an .npz: rows 2 i and 2 i + 1 are pair i, and what says
    whether these are of the same identity, as text."""
    embeddings, issame = read_arrays(Path(path), ("embeddings", "issame"), _check_couples)
    words = _as_text("issame", issame) if issame.dtype.kind in "US" else issame
    return _checked_samples(_as_floats(embeddings)), [str(word) for word in words.tolist()]


def _checked_samples(embeddings: np.ndarray) -> np.ndarray:
    """Raises ValueError at infinity: NaN says that there was nothing to embed."""
    infinite = np.flatnonzero(np.isinf(embeddings).any(axis=1))
    if len(infinite):
        raise ValueError(
            f"embeddings must be finite, got infinity in {len(infinite)} of {len(embeddings)} rows, first in row "
            f"{infinite[0]}. Remove these rows, or write NaN where there was nothing to embed."
        )
    return embeddings


def _check_couples(name: str, embeddings: Header, issame: Header) -> None:
    check_points(name, embeddings)
    if issame.dtype.kind not in "biufUS":
        raise ValueError(f"issame in {name} must be true or false, got {brief(issame.dtype)}. Save it as bool.")
    if len(issame.shape) != 1 or embeddings.shape[0] != 2 * issame.shape[0]:
        raise ValueError(
            f"issame in {name} must be one value for two rows of the embeddings, got {brief(issame.shape)} for "
            f"{embeddings.shape[0]} rows. Save rows 2 i and 2 i + 1 as pair i."
        )


def _check_alone(name: str, embeddings: Header, _: Header) -> None:
    check_points(name, embeddings)


def _check_names(name: str, embeddings: Header, names: Header) -> None:
    if names.dtype.kind not in "US":
        way_out = TEXT_OF_OBJECTS if names.dtype.kind == "O" else "Save them as strings."
        raise ValueError(f"names in {name} must be text, got {brief(names.dtype)}. {way_out}")
    check_points(name, embeddings)
    check_one_each("names", name, embeddings, names)


def _as_floats(embeddings: np.ndarray) -> np.ndarray:
    if embeddings.dtype in (np.float32, np.float64):
        return embeddings.astype(embeddings.dtype.newbyteorder("="), copy=False)
    with np.errstate(over="ignore"):  # of an extended float, whose infinity is found afterwards
        return embeddings.astype(np.float32 if np.can_cast(embeddings.dtype, np.float32) else np.float64)


def _as_labels(labels: np.ndarray) -> np.ndarray:
    """Labels that compare and print well: whole numbers or text."""
    if labels.dtype.kind in "iu":
        return labels
    if labels.dtype.kind in "US":
        return _as_text("labels", labels)
    wrong = labels[~((labels == np.rint(labels)) & (np.abs(labels) < 2**63))]  # NaN too
    if len(wrong):
        raise bad_labels(f"{wrong[0]} among {labels.dtype}", SAVE_LABELS)
    return labels.astype(np.int64)


def _as_text(what: str, values: np.ndarray) -> np.ndarray:
    """Text or its UTF-8 bytes as text (N,), all of whose characters can be written."""
    try:
        text = np.char.decode(values, "utf-8") if values.dtype.kind == "S" else values
        "".join(text.tolist()).encode()
    except (ValueError, SystemError):  # the latter where a number is beyond the last character there is
        raise ValueError(
            f"{what} must be text of valid characters, got bytes that are none. Save them as strings."
        ) from None
    return text

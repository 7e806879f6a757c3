"""Embeddings in files of numpy: an .npz with columns beside them, or an .npy with the labels in another file."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np

from core.admission.brought import Brought
from core.admission.column_meaning import KNOWN, NONE, VECTOR
from core.readers.npz_archive import LARGEST_BYTES, Header, held_arrays, read_arrays, read_further
from core.readers.text import opened, text_lines
from core.statistics.checks import TEXT_OF_OBJECTS, check_one_each, check_points
from core.system.quoting import brief, shown


def read_npz(path: Path, chosen: Mapping[str, str]) -> Brought:
    """The arrays `embeddings` (or another name for them) and `labels` with the further columns of an archive."""
    held = held_arrays(path)
    values = _first(held, "", " ".join(["embeddings", *VECTOR])) or "embeddings"
    roles = {role: _first(held, chosen.get(role, ""), f"{role}s {known}") for role, known in KNOWN.items()}
    label = roles.pop("label") or "labels"
    embeddings, labels = read_arrays(path, (values, label), _check)
    columns: dict[str, Any] = {"label": labels}
    further = {role: name for role, name in roles.items() if name and name not in (values, label)}
    arrays = read_further(path, tuple(further.values()), _check_column(len(labels)))
    columns |= {role: arrays[name] for role, name in further.items()}
    return Brought("vectors", as_vectors(embeddings), columns, details={"columns": {"label": label, **further}})


def read_npy(path: Path, labels: Path) -> Brought:
    """An array of embeddings in one file and its labels in another: .npy, or text with one label on each line."""
    embeddings = _array(path)
    check_points(path.name, embeddings)
    found: Any
    if labels.suffix.lower() == ".npy":
        found = _array(labels)
        _check_kind(labels.name, "labels", found)
    else:
        found = np.array([line.strip() for line in text_lines(labels) if line.strip()], np.str_)
    check_one_each("labels", labels.name, embeddings, found)
    return Brought("vectors", as_vectors(embeddings), {"label": found}, details={"columns": {"label": labels.name}})


def as_vectors(embeddings: np.ndarray) -> np.ndarray:
    """Numbers (N, D) as float32. Raises ValueError for a finite one that is too large for that."""
    if embeddings.dtype == np.float32:
        return np.ascontiguousarray(embeddings)
    with np.errstate(over="ignore"):
        vectors = np.ascontiguousarray(embeddings, dtype=np.float32)
    lost = np.flatnonzero((np.isfinite(embeddings) & ~np.isfinite(vectors)).any(axis=1))
    if len(lost):
        raise ValueError(
            f"embeddings must be at most {np.finfo(np.float32).max:.3g} in size, got more in row {lost[0]}. Scale them "
            "down."
        )
    return vectors


def _first(held: tuple[str, ...], chosen: str, known: str) -> str:
    """The array that somebody chose, or the first of those with a known name."""
    if chosen:
        return "" if chosen == NONE else chosen
    return next((name for name in known.split() if name in held), "")


def _check(name: str, embeddings: Header, labels: Header) -> None:
    check_points(name, embeddings)
    _check_kind(name, "labels", labels)
    check_one_each("labels", name, embeddings, labels)


def _check_column(count: int) -> Any:
    def check(name: str, what: str, header: Header) -> None:
        _check_kind(name, what, header)
        if header.shape != (count,):
            raise ValueError(
                f"{what} in {name} must be one for each of {count} points, got the shape {brief(header.shape)}. "
                "Give as many as there are labels."
            )

    return check


def _check_kind(name: str, what: str, found: Header | np.ndarray) -> None:
    if found.dtype.kind not in "iufbUS":
        way_out = TEXT_OF_OBJECTS if found.dtype.kind == "O" else "Save them as integers or strings."
        raise ValueError(f"{what} in {name} must be whole numbers, truths or text, got {brief(found.dtype)}. {way_out}")


def _array(path: Path) -> np.ndarray:
    """An .npy mapped from the disk: its header says the truth, or numpy finds the file too short."""
    with opened(path):
        pass
    try:
        found = np.load(path, mmap_mode="r", allow_pickle=False)
    except (OSError, ValueError, EOFError, SyntaxError, TypeError, OverflowError) as problem:
        raise ValueError(
            f"{shown(path.name)} must be a whole .npy array of numbers or text, got a file that cannot be read "
            f"({brief(problem)}). Save it again with numpy.save."
        ) from None
    if not isinstance(found, np.ndarray) or found.nbytes > LARGEST_BYTES:
        raise ValueError(
            f"{shown(path.name)} must be one array of at most {LARGEST_BYTES >> 30} GiB, got "
            f"{brief(getattr(found, 'shape', type(found).__name__))}. Save fewer points, or in float32."
        )
    return found

"""What can be done about what was found: each mend makes another set of the samples, and leaves the first as it is."""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np

from core.admission.copies import copies_in, lengths_of
from core.admission.findings import (
    constant_rows,
    contradicting,
    later_copies,
    later_near,
    near_across,
    zero_rows,
)
from core.admission.numbering import row_names
from core.datasets.admitted import data_root
from core.datasets.samples import Samples
from core.datasets.vectors import Vectors

IN_MEMORY = 512 << 20  # bytes
ROWS_AT_ONCE = 4096


def without(samples: Samples, rows: np.ndarray) -> Samples:
    """The samples without these rows; classes, groups and sessions of which none is left lose their names."""
    left = np.setdiff1d(np.arange(samples.count), rows)
    if len(left) == samples.count:
        return samples
    if not len(left):
        raise ValueError(
            f"a mend must leave at least one sample, got {len(rows):,} to leave out of {samples.count:,}. Leave it."
        )
    labels, class_names = _renumbered(samples.labels[left], samples.class_names)
    changes: dict[str, Any] = {"values": _taken(samples.values, left), "labels": labels, "class_names": class_names}
    for what in ("group", "session"):
        numbers = getattr(samples, f"{what}s")
        if numbers is not None:
            renumbered, names = _renumbered(numbers[left], getattr(samples, f"{what}_names"))
            changes |= {f"{what}s": renumbered, f"{what}_names": names}
    for what in ("times", "names"):
        column = getattr(samples, what)
        if column is not None:
            changes[what] = column[left]
    changes.setdefault("names", row_names(left))
    return replace(samples, **changes)


def drop_single(samples: Samples) -> Samples:
    """Leave out identities with one sample."""
    sizes = np.bincount(samples.labels, minlength=samples.class_count)
    return without(samples, np.flatnonzero(sizes[samples.labels] == 1))


def merge_equal(samples: Samples) -> Samples:
    """Keep the first of equal samples of one identity."""
    return without(samples, later_copies(samples, copies_in(samples)))


def drop_contradicting(samples: Samples) -> Samples:
    """Leave out samples that equal one of another identity."""
    return without(samples, contradicting(samples, copies_in(samples)))


def merge_near(samples: Samples) -> Samples:
    """Keep the first of nearly equal samples of one identity, and of equal ones."""
    merged = merge_equal(samples)
    return without(merged, later_near(merged, copies_in(merged)))


def drop_near_across(samples: Samples) -> Samples:
    """Leave out samples that nearly equal one of another identity, and their copies."""
    copies = copies_in(samples)
    return without(samples, np.flatnonzero(np.isin(copies.first, near_across(samples, copies))))


def drop_zero(samples: Samples) -> Samples:
    """Leave out vectors of zeros."""
    return without(samples, zero_rows(samples))


def drop_constant(samples: Samples) -> Samples:
    """Leave out vectors of one number, and images of one colour."""
    return without(samples, constant_rows(samples))


def scale_to_unit(samples: Samples) -> Samples:
    """Give every vector the length 1; one of zeros stays."""
    if not isinstance(samples, Vectors):
        return samples
    lengths = lengths_of(samples.values)
    scaled = samples.values / np.where(lengths > 0, lengths, 1).astype(np.float32)[:, None]
    return replace(samples, values=scaled.astype(np.float32))


Mend = Callable[[Samples], Samples]
MENDS: dict[str, Mend] = {
    "drop-single": drop_single,
    "merge-equal": merge_equal,
    "drop-contradicting": drop_contradicting,
    "merge-near": merge_near,
    "drop-near-across": drop_near_across,
    "drop-zero": drop_zero,
    "drop-constant": drop_constant,
    "scale-to-unit": scale_to_unit,
}


def mend_of(name: str) -> Mend:
    """By its name. Raises ValueError for one that there is not."""
    if name not in MENDS:
        raise ValueError(f"the mend must be one of {', '.join(MENDS)}, got {name!r}. Choose one of them.")
    return MENDS[name]


def _taken(values: np.ndarray, rows: np.ndarray) -> np.ndarray:
    """These rows; of many bytes in a file without a name, so that they are not held in memory."""
    if values.nbytes <= IN_MEMORY:
        return np.asarray(values[rows])
    root = data_root()
    root.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryFile(dir=root) as file:
        taken = np.memmap(file, values.dtype, "w+", shape=(len(rows), *values.shape[1:]))
    for start in range(0, len(rows), ROWS_AT_ONCE):
        taken[start : start + ROWS_AT_ONCE] = values[rows[start : start + ROWS_AT_ONCE]]
    return taken


def _renumbered(numbers: np.ndarray, names: tuple[str, ...]) -> tuple[np.ndarray, tuple[str, ...]]:
    seen, places = np.unique(numbers, return_inverse=True)
    return places.reshape(-1).astype(np.int64), tuple(names[number] for number in seen.tolist())

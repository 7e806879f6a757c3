"""What a set holds, and what about it may mislead: counts, and problems that each name a mend."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from core.admission.copies import Copies, copies_in, lengths_of
from core.admission.leakage import leakage
from core.datasets.samples import Samples
from core.datasets.vectors import Vectors
from core.evidence.intervals import RULE_OF_THREE

EXAMPLES = 20  # rows that a problem names
UNIT = 1e-3  # by which the length of a vector may differ from 1


@dataclass(frozen=True)
class Problem:
    """`rows` are the samples that it is about; `mend` is the name in MENDS of what to do about it, empty where nothing
    has to be done."""

    name: str
    rows: np.ndarray
    mend: str

    def written(self) -> dict[str, Any]:
        """As a card has it."""
        first = self.rows[:EXAMPLES].tolist()
        return {"name": self.name, "count": len(self.rows), "mend": self.mend, "rows": first}


def findings(samples: Samples, copies: Copies | None = None) -> dict[str, Any]:
    """All counts and problems as plain values; `copies` where they are known."""
    copies = copies or copies_in(samples)
    problems = [problem for find in PROBLEMS if len((problem := find(samples, copies)).rows)]
    return {
        **counts(samples.labels),
        "problems": [problem.written() for problem in problems],
        "near_pairs": len(copies.near),
        "near_is_whole": copies.is_whole,
        "leaks": leakage(samples, copies),
    }


def counts(labels: np.ndarray) -> dict[str, Any]:
    """Of labels (N,): how many samples, identities and pairs, and which FAR they can support.

    `smallest_far` is the rule of three for pairs of different identities, were these pairs independent; as far as the
    errors of one identity hang together they are worth less, at worst only as many as can be formed with each identity
    once: `cautious_far`.
    """
    sizes = np.bincount(labels)
    sizes = sizes[sizes > 0]
    identities, samples = len(sizes), len(labels)
    genuine = int((sizes * (sizes - 1) // 2).sum())
    couples = identities * (identities - 1) // 2
    return {
        "samples": samples,
        "identities": identities,
        "genuine_pairs": genuine,
        "impostor_pairs": samples * (samples - 1) // 2 - genuine,
        "single_sample_identities": int((sizes == 1).sum()),
        "smallest_identity": int(sizes.min()),
        "largest_identity": int(sizes.max()),
        "smallest_far": min(RULE_OF_THREE / couples, 1.0) if couples else None,
        "cautious_far": min(RULE_OF_THREE / (identities // 2), 1.0) if couples else None,
    }


def _single(samples: Samples, copies: Copies) -> Problem:
    """The only sample of its identity: it has no genuine pair."""
    sizes = np.bincount(samples.labels, minlength=samples.class_count)
    return Problem("single", np.flatnonzero(sizes[samples.labels] == 1), "drop-single")


def _equal(samples: Samples, copies: Copies) -> Problem:
    """Equal to an earlier sample of the same identity: their pair is no evidence."""
    return Problem("equal", later_copies(samples, copies), "merge-equal")


def _contradicting(samples: Samples, copies: Copies) -> Problem:
    """Equal to a sample of another identity: one of both labels is wrong, and a split by identity leaks."""
    return Problem("contradicting", contradicting(samples, copies), "drop-contradicting")


def _near(samples: Samples, copies: Copies) -> Problem:
    """Nearly equal to an earlier sample of the same identity."""
    return Problem("near", later_near(samples, copies), "merge-near")


def _near_across(samples: Samples, copies: Copies) -> Problem:
    """Nearly equal to a sample of another identity."""
    return Problem("near-across", near_across(samples, copies), "drop-near-across")


def _zero(samples: Samples, copies: Copies) -> Problem:
    """A vector of zeros: it has no direction."""
    return Problem("zero", zero_rows(samples), "drop-zero")


def _constant(samples: Samples, copies: Copies) -> Problem:
    """A vector that is not zero but whose numbers are all the same, or an image of one colour."""
    return Problem("constant", constant_rows(samples), "drop-constant")


def _not_unit(samples: Samples, copies: Copies) -> Problem:
    """A vector whose length is neither 0 nor 1."""
    if not isinstance(samples, Vectors):
        return Problem("not-unit", np.empty(0, np.int64), "")
    lengths = lengths_of(samples.values)
    return Problem("not-unit", np.flatnonzero((np.abs(lengths - 1) > UNIT) & (lengths > 0)), "scale-to-unit")


PROBLEMS: tuple[Callable[[Samples, Copies], Problem], ...] = (
    _single,
    _equal,
    _contradicting,
    _near,
    _near_across,
    _zero,
    _constant,
    _not_unit,
)


def later_copies(samples: Samples, copies: Copies) -> np.ndarray:
    """The rows that equal an earlier one of the same label; vectors of zeros are told of apart."""
    order = np.lexsort((np.arange(samples.count), samples.labels, copies.first))
    is_later = np.zeros(samples.count, bool)
    same = (np.diff(copies.first[order]) == 0) & (np.diff(samples.labels[order]) == 0)
    is_later[order[1:][same]] = True
    is_later[zero_rows(samples)] = False
    return np.flatnonzero(is_later)


def contradicting(samples: Samples, copies: Copies) -> np.ndarray:
    """The rows that equal one of another label. Vectors of zeros are told of apart: that an encoder failed says nothing
    of their labels."""
    least = np.full(samples.count, samples.class_count, np.int64)
    most = np.full(samples.count, -1, np.int64)
    np.minimum.at(least, copies.first, samples.labels)
    np.maximum.at(most, copies.first, samples.labels)
    return np.setdiff1d(np.flatnonzero(least[copies.first] != most[copies.first]), zero_rows(samples))


def later_near(samples: Samples, copies: Copies) -> np.ndarray:
    """The rows that nearly equal an earlier one of the same label that is itself not among them."""
    labels, gone = samples.labels.tolist(), set()
    for first, second in copies.near.tolist():
        if labels[first] == labels[second] and first not in gone:
            gone.add(second)
    return np.array(sorted(gone), np.int64)


def near_across(samples: Samples, copies: Copies) -> np.ndarray:
    """The rows that nearly equal one of another label."""
    is_across = samples.labels[copies.near[:, 0]] != samples.labels[copies.near[:, 1]]
    return np.unique(copies.near[is_across])


def zero_rows(samples: Samples) -> np.ndarray:
    """The vectors of zeros; no images."""
    if not isinstance(samples, Vectors):
        return np.empty(0, np.int64)
    return np.flatnonzero(lengths_of(samples.values) == 0)


def constant_rows(samples: Samples) -> np.ndarray:
    """The vectors of one number, other than zero, and the images of one colour. Vectors of one dimension vary with
    nothing else, and are none."""
    values = samples.values
    if isinstance(samples, Vectors):
        if values.shape[1] < 2:
            return np.empty(0, np.int64)
        return np.flatnonzero((values == values[:, :1]).all(axis=1) & (values[:, 0] != 0))
    pixels = values.reshape(samples.count, values.shape[1] * values.shape[2], -1)
    return np.flatnonzero([bool((image == image[:1]).all()) for image in pixels])


def in_short(found: Mapping[str, Any]) -> str:
    """The sentence that comes first: what there is."""
    return (
        f"{found['identities']:,} identities, {found['samples']:,} samples, {found['genuine_pairs']:,} genuine and "
        f"{found['impostor_pairs']:,} impostor pairs"
    )

"""Which rows train and which evaluate, and which of them a snapshot shows.

What: a split names its protocol, and every number measured on its evaluation rows is shown with that name.
Why two: by sample asks whether known classes are told apart, by identity whether strangers are, which is
harder and is what verification means.
Refused: a third, validation part. A page that chooses a threshold says on which rows it did.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, NamedTuple

import numpy as np

from core.params import Declared, param, table


class Split(NamedTuple):
    """Row numbers, ascending int64, of the two sides, which share no row and leave none out."""

    training_rows: np.ndarray
    evaluation_rows: np.ndarray
    protocol: str


@dataclass(frozen=True)
class Splitter(Declared):
    """Base of the splits: (N,) labels in, `Split` out, the same for the same labels and seed."""

    protocol: ClassVar[str]

    evaluation_share: float = param(0.4, low=0.05, high=0.95, help="share kept from training, to evaluate on")
    seed: int = param(0, low=0, high=2**31 - 1, help="another seed draws another split")

    def split(self, labels: np.ndarray) -> Split:
        """(N,) labels -> the rows to train on and to judge by."""
        if labels.ndim != 1 or not np.issubdtype(labels.dtype, np.integer):
            raise ValueError(
                f"labels must be (N,) whole numbers, got {labels.shape} of type {labels.dtype}. Number the classes."
            )
        evaluates = self._evaluates(labels)
        return Split(np.flatnonzero(~evaluates), np.flatnonzero(evaluates), self.protocol)

    def _evaluates(self, labels: np.ndarray) -> np.ndarray:
        """(N,) labels -> (N,) bool."""
        raise NotImplementedError


@dataclass(frozen=True)
class BySample(Splitter):
    """Every class is in both parts, in equal shares: are new images of known classes told apart?

    Half a sample rounds up; each class keeps at least one sample on either side.
    """

    protocol: ClassVar[str] = "closed-set, by sample"

    def _evaluates(self, labels: np.ndarray) -> np.ndarray:
        classes, samples = np.unique(labels, return_counts=True)
        if len(classes) < 2:
            raise ValueError(f"by-sample must have at least 2 classes, got {len(classes)}. Bring another class.")
        if samples.min() < 2:
            raise ValueError(
                f"by-sample must have at least 2 samples of each class, got 1 of class "
                f"{classes[samples.argmin()]}. Bring more samples of it, leave it out, or split by identity."
            )
        evaluation_counts = np.clip(np.floor(self.evaluation_share * samples + 0.5), 1, samples - 1)
        rank = _rank_in_class(labels, np.random.default_rng(self.seed))
        return rank < evaluation_counts[np.searchsorted(classes, labels)]


@dataclass(frozen=True)
class ByIdentity(Splitter):
    """No class is in both parts: are strangers, never seen in training, told apart?

    The share is one of identities, rounded to whole ones; half an identity rounds up.
    """

    protocol: ClassVar[str] = "open-set, by identity"

    def _evaluates(self, labels: np.ndarray) -> np.ndarray:
        identities = np.unique(labels)
        evaluating = int(self.evaluation_share * len(identities) + 0.5)
        if min(evaluating, len(identities) - evaluating) < 2:
            raise ValueError(
                f"by-identity must have at least 2 identities on either side, got "
                f"{len(identities) - evaluating} to train and {evaluating} to evaluate. "
                "Bring more identities or move evaluation_share towards a half."
            )
        drawn = np.random.default_rng(self.seed).permutation(identities)[:evaluating]
        return np.isin(labels, drawn)


SPLITS: dict[str, type[Splitter]] = table(BySample, ByIdentity)


def probe_rows(labels: np.ndarray, rows: np.ndarray, points: int, seed: int) -> np.ndarray:
    """(N,) labels, (R,) rows -> at most `points` of those rows, ascending; all of them if there are no more.

    Every class gets two rows, a class of one row its one, before any gets a third; then classes get equal numbers, one
    more or less, except that a small class gives all it has. Where `points` are too few for that, fewer classes get two
    rows each, and single rows come last. A larger choice with the same seed contains the smaller.
    """
    if points < 2:
        raise ValueError(f"points must be at least 2, a pair, got {points}. Ask for two points or more.")
    generator = np.random.default_rng(seed)
    rank = _rank_in_class(labels[rows], generator)
    chance = generator.random(len(rows))
    first_of = np.lexsort((rank, labels[rows]))  # class by class, each by rank
    starts = np.flatnonzero(rank[first_of] == 0)
    sizes = np.diff(starts, append=len(rows))
    has_pair, of_class = np.empty(len(rows), dtype=bool), chance.copy()
    has_pair[first_of] = np.repeat(sizes > 1, sizes)
    of_class[first_of] = np.repeat(chance[first_of[starts]], sizes)
    # Two of every class together, then one of every class that has only one, then a third of every class, ...
    is_early = rank < 2
    turn = np.lexsort((rank, np.where(is_early, of_class, chance), is_early & ~has_pair, np.maximum(rank, 1)))
    chosen = turn[:points]
    last = chosen[-1:]
    is_half = len(chosen) < len(rows) and bool(np.any(has_pair[last] & (rank[last] == 0)))
    return np.sort(rows[chosen[:-1] if is_half else chosen])


def cuts_pairs(counts: np.ndarray, points: int) -> bool:
    """Whether so few points cannot show two samples of every class of these sizes, (C,), and the single ones."""
    return points < int(np.minimum(counts, 2).sum())


def _rank_in_class(labels: np.ndarray, generator: np.random.Generator) -> np.ndarray:
    """(N,) labels -> each row's place, from 0, in a random order of its class, (N,) int64."""
    order = np.lexsort((generator.random(len(labels)), labels))
    ordered = labels[order]
    rank = np.empty(len(labels), dtype=np.int64)
    rank[order] = np.arange(len(labels)) - np.searchsorted(ordered, ordered)
    return rank

"""Which rows train and which evaluate, and which of them a snapshot shows.

What: a split names its protocol, and every number measured on its evaluation rows is shown with that name.
Why several: by sample asks whether known classes are told apart, by identity whether strangers are, which is
harder and is what verification means; by group and by time, where data say those, whether what was learned holds for
what is new otherwise.
Refused: a third, validation part. A page that chooses a threshold says on which rows it did.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, ClassVar, NamedTuple

import numpy as np

from core.datasets.images import Dataset
from core.params import Declared, param, table

GROUP, SESSION, TIME = "group", "session", "time"
VALIDATION = "validation"  # in the name of a protocol whose numbers are of what would have trained
COLUMNS = (GROUP, SESSION)


class Split(NamedTuple):
    """Row numbers, ascending int64, of the two sides, which share no row, and leave none out but those that are kept
    from a validation."""

    training_rows: np.ndarray
    evaluation_rows: np.ndarray
    protocol: str


def _seed() -> Any:
    return param(0, low=0, high=2**31 - 1, help="another seed draws another split")


@dataclass(frozen=True)
class Splitter(Declared):
    """Base of the splits: (N,) labels in, `Split` out, the same for the same labels and seed."""

    protocol: ClassVar[str]

    evaluation_share: float = param(0.4, low=0.05, high=0.95, help="share kept from training, to evaluate on")
    validation_share: float = param(
        0.0,
        low=0.0,
        high=0.95,
        help="where it is not 0, this share of what would train is judged by instead, split in the same way: to choose "
        "settings without a look at what is kept",
    )

    @property
    def needs(self) -> str:
        """The column without which it cannot be: `group`, `session` or `time`; empty where labels are enough."""
        return ""

    def lack(self, known: Mapping[str, Any]) -> str:
        """Why data with these columns cannot be split so; empty where they can."""
        if not self.needs or self.needs in known:
            return ""
        return (
            f"{self.name} must have the {self.needs} of each sample, got data that do not say it. Name the column that "
            "does when you bring them, or split otherwise."
        )

    def split(self, labels: np.ndarray, known: Mapping[str, np.ndarray] | None = None) -> Split:
        """(N,) labels, and the columns (N,) that the data have beside them -> the rows to train on and to judge by."""
        if labels.ndim != 1 or not np.issubdtype(labels.dtype, np.integer):
            raise ValueError(
                f"labels must be (N,) whole numbers, got {labels.shape} of type {labels.dtype}. Number the classes."
            )
        known = known or {}
        if lack := self.lack(known):
            raise ValueError(lack)
        column = known[self.needs] if self.needs else labels
        evaluates = self._evaluates(labels, column)
        if not self.validation_share:
            return Split(np.flatnonzero(~evaluates), np.flatnonzero(evaluates), self.protocol)
        left = np.flatnonzero(~evaluates)
        within = replace(self, evaluation_share=self.validation_share, **self._whole)
        validates = within._evaluates(labels[left], column[left])
        return Split(left[~validates], left[validates], f"{self.protocol}, {VALIDATION}")

    def split_of(self, dataset: Dataset) -> Split:
        """The same of a data set, whose samples are loaded only where labels are not enough."""
        return self.split(dataset.labels(), dataset.load().known if self.needs else {})

    @property
    def _whole(self) -> dict[str, Any]:
        """What is otherwise of a split of one side."""
        return {}

    def _evaluates(self, labels: np.ndarray, column: np.ndarray) -> np.ndarray:
        """(N,) labels, (N,) the column that it needs -> (N,) bool."""
        raise NotImplementedError


@dataclass(frozen=True)
class BySample(Splitter):
    """Every class is in both parts, in equal shares: are new images of known classes told apart?

    Half a sample rounds up; each class keeps at least one sample on either side.
    """

    protocol: ClassVar[str] = "closed-set, by sample"

    seed: int = _seed()

    def _evaluates(self, labels: np.ndarray, column: np.ndarray) -> np.ndarray:
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

    The share is one of identities, rounded to whole ones; half an identity rounds up. With folds each holds out
    identities of its own, in equal numbers where they come out even, and all of them together every identity once.
    """

    protocol: ClassVar[str] = "open-set, by identity"

    seed: int = _seed()
    folds: int = param(
        0, low=0, high=100, help="where it is not 0, so many folds, whatever the share, of which one is held out"
    )
    fold: int = param(0, low=0, high=99, help="which of the folds is held out, from 0")

    @property
    def _whole(self) -> dict[str, Any]:
        return {"folds": 0, "fold": 0}

    def _evaluates(self, labels: np.ndarray, column: np.ndarray) -> np.ndarray:
        if self.folds:
            return np.isin(labels, self._held_out(np.unique(labels)))
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

    def _held_out(self, identities: np.ndarray) -> np.ndarray:
        """Those of the fold."""
        if not (self.fold < self.folds and 2 <= self.folds <= len(identities) // 2):
            raise ValueError(
                f"by-identity must have 2 to {len(identities) // 2} folds of {len(identities)} identities and one of "
                f"them held out, got fold {self.fold} of {self.folds}. Ask for fewer folds, or for one from 0 on."
            )
        return np.array_split(np.random.default_rng(self.seed).permutation(identities), self.folds)[self.fold]


@dataclass(frozen=True)
class ByGroup(Splitter):
    """No group is in both parts: does what was learned hold for a camera, an artist or a session that is new?

    Identities may be in both. The share is one of groups, rounded to whole ones, at least one on either side; half a
    group rounds up.
    """

    protocol: ClassVar[str] = "new groups, by group"

    seed: int = _seed()
    column: str = param(GROUP, choices=COLUMNS, help="what is held out whole")

    @property
    def needs(self) -> str:
        return self.column

    def _evaluates(self, labels: np.ndarray, column: np.ndarray) -> np.ndarray:
        groups = np.unique(column)
        if len(groups) < 2:
            raise ValueError(
                f"by-group must have at least 2 {self.column}s, got {len(groups)}. Bring another, or split otherwise."
            )
        evaluating = min(max(int(self.evaluation_share * len(groups) + 0.5), 1), len(groups) - 1)
        drawn = np.random.default_rng(self.seed).permutation(groups)[:evaluating]
        return np.isin(column, drawn)


@dataclass(frozen=True)
class ByTime(Splitter):
    """What came first trains, what came later evaluates: does what was learned yesterday hold tomorrow?

    Samples of one moment stay together: the moment is the one that leaves a share nearest to the one asked for, the
    earlier of two. Identities of before may be met again, beside ones that are new.
    """

    protocol: ClassVar[str] = "later samples, by time"

    @property
    def needs(self) -> str:
        return TIME

    def _evaluates(self, labels: np.ndarray, column: np.ndarray) -> np.ndarray:
        moments, counts = np.unique(column, return_counts=True)
        if len(moments) < 2:
            raise ValueError(
                f"by-time must have samples of at least 2 moments, got {len(moments)}. Bring others, or split "
                "otherwise."
            )
        later = 1 - np.cumsum(counts)[:-1] / len(column)  # the share that is evaluated after each moment but the last
        last = moments[:-1][np.abs(later - self.evaluation_share).argmin()]
        return column > last


SPLITS: dict[str, type[Splitter]] = table(BySample, ByIdentity, ByGroup, ByTime)


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

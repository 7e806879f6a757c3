"""Which held-out samples one strategy improved and another did not.

A sample is looked at as the anchor of all its triplets with the other held-out samples; its share is that of the
triplets in right order, whose positive is closer than the negative, ties counted half. All are counted, none is drawn.
A strategy improves a sample whose share is larger after the training than before it: from several seeds, where the mean
of the changes is above 0. Numpy alone, so that a page can read it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import product
from typing import NamedTuple

import numpy as np

BOTH, FIRST_ALONE, SECOND_ALONE, NEITHER, UNKNOWN = range(5)
TINY = 1e-12  # of a share: less than any triplet makes, more than sums are rounded by
MOST_LISTED = 8  # seeds, of which all ways to deal them are taken; of more so many are drawn:
DRAWN = 100
SEED = 0  # of that draw


class Anchors(NamedTuple):
    """Of one training: the `rows` (N,) of its held-out samples in the data, and the share of each (N,) `before` and
    `after` it; NaN of a sample without triplets."""

    rows: np.ndarray
    before: np.ndarray
    after: np.ndarray

    @property
    def change(self) -> np.ndarray:
        """(N,) after minus before."""
        return self.after - self.before


@dataclass(frozen=True)
class Changes:
    """Two strategies beside each other: the means over the `seeds` of what each sample's share was `before` each of the
    two (2, N), and of how the `first` and the `second` have changed it (N,).

    `by_chance`: how many samples would be of each of the two alone if it were chance to which of them a training
    belongs: the mean over all ways to deal each seed's two trainings but the true one (of more than MOST_LISTED seeds,
    over DRAWN ways). None from one seed, which knows of no chance.
    """

    seeds: tuple[int, ...]
    before: np.ndarray
    first: np.ndarray
    second: np.ndarray
    by_chance: float | None

    @property
    def kinds(self) -> np.ndarray:
        """(N,) int8: BOTH, FIRST_ALONE, SECOND_ALONE or NEITHER improved it; UNKNOWN of a sample without triplets."""
        return _kinds(self.first, self.second)

    @property
    def counts(self) -> tuple[int, int, int, int]:
        """How many samples are of each kind but the last."""
        both, first, second, neither, _ = np.bincount(self.kinds, minlength=5).tolist()
        return both, first, second, neither

    @property
    def after(self) -> np.ndarray:
        """(2, N): the mean over the seeds of the shares after each of the two."""
        return self.before + np.stack([self.first, self.second])

    @property
    def begin_alike(self) -> bool:
        """Whether every sample's share was the same before both, as of one encoder."""
        return np.allclose(*self.before, rtol=0, atol=TINY, equal_nan=True)

    @property
    def mean_shares(self) -> np.ndarray:
        """(2, 2): over all samples with triplets, before and after the first, and before and after the second."""
        return np.nanmean([self.before, self.after], axis=2).T


def changed(first: Mapping[int, Anchors], second: Mapping[int, Anchors]) -> Changes:
    """What two strategies have changed, by seed, over the seeds that both have on the same held-out samples as the
    first such seed. Raises ValueError where there is none."""
    shared = sorted(seed for seed in first.keys() & second.keys() if _are_alike(first[seed], second[seed]))
    seeds = [seed for seed in shared if _are_alike(first[seed], first[shared[0]])]
    if not seeds:
        raise ValueError(
            "two strategies must have a seed in common and hold out the same samples, got none. Train both from the "
            "same seeds on one split."
        )
    both = np.stack([[of[seed].change for seed in seeds] for of in (first, second)])  # (2, S, N)
    before = np.stack([np.mean([of[seed].before for seed in seeds], axis=0) for of in (first, second)])
    of_first, of_second = both.mean(axis=1)
    return Changes(tuple(seeds), before, of_first, of_second, _by_chance(both))


def _kinds(first: np.ndarray, second: np.ndarray) -> np.ndarray:
    kinds = np.where(first > TINY, np.where(second > TINY, BOTH, FIRST_ALONE), NEITHER)
    kinds = np.where((second > TINY) & (kinds == NEITHER), SECOND_ALONE, kinds)
    return np.where(np.isnan(first) | np.isnan(second), UNKNOWN, kinds).astype(np.int8)


def _by_chance(both: np.ndarray) -> float | None:
    """(2, S, N) changes -> see Changes."""
    counts = []
    for swapped in _ways_to_deal(both.shape[1]):
        one, other = np.where(swapped[:, None], both[::-1], both).mean(axis=1)
        kinds = _kinds(one, other)
        counts.append(np.count_nonzero((kinds == FIRST_ALONE) | (kinds == SECOND_ALONE)) / 2)
    return float(np.mean(counts)) if counts else None


def _ways_to_deal(seeds: int) -> np.ndarray:
    """(W, S): at which seeds the two change places. Never at the first: all turned round, a way is the same one."""
    if seeds <= MOST_LISTED:
        ways = np.array(list(product((False, True), repeat=seeds - 1)), np.bool_)
    else:
        ways = np.random.default_rng(SEED).random((DRAWN, seeds - 1)) < 0.5
    ways = ways[ways.any(axis=1)]
    return np.column_stack([np.zeros(len(ways), np.bool_), ways])


def _are_alike(one: Anchors, other: Anchors) -> bool:
    return np.array_equal(one.rows, other.rows)

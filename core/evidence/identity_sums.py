"""Pairs counted by identity and bin: sums that add up over blocks of pairs, of everyone and of groups of identities.

One look at every pair serves everyone, both halves and all folds. What the sums say at each threshold is read from
`pairs` and `curves`; numpy alone.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

import numpy as np

from core.evidence.dyadic_variance import IdentityPairs
from core.statistics.roc import Curve

ADDED = ("positive", "negative", "shares", "share_squares")
EVERYONE = 0  # the grouping of all identities as one group


@dataclass(frozen=True)
class IdentitySums:
    """Of C identities with `sizes` samples, in S bins between `edges`; G groupings into groups (G, C), numbered from 0,
    the first of which has everyone in one.

    `positive` (C, S): genuine pairs. `negative` (G, C, S): impostor pairs with another identity of the same group, and
    `shares` (G, C, S) float32 those shares of the pairs of each two. `share_squares` (P, S): for every group, those of
    the groupings one after the other, what a bin adds to that sum of `IdentityPairs`.
    """

    edges: np.ndarray
    sizes: np.ndarray
    groupings: np.ndarray
    positive: np.ndarray
    negative: np.ndarray
    shares: np.ndarray
    share_squares: np.ndarray

    @classmethod
    def empty(cls, edges: np.ndarray, sizes: np.ndarray, groupings: tuple[np.ndarray, ...] = ()) -> IdentitySums:
        """Of no pairs; `groupings` (C,) each, besides that of everyone."""
        together = np.stack([np.zeros(len(sizes), np.int64), *groupings])
        steps, groups = len(edges) - 1, int((together.max(axis=1) + 1).sum())
        positive = np.zeros((len(sizes), steps), np.int64)
        negative = np.zeros((len(together), *positive.shape), np.int64)
        shares = np.zeros(negative.shape, np.float32)
        return cls(edges, sizes, together, positive, negative, shares, np.zeros((groups, steps)))

    def __add__(self, other: IdentitySums) -> IdentitySums:
        return replace(self, **{name: getattr(self, name) + getattr(other, name) for name in ADDED})

    def arrays(self) -> dict[str, np.ndarray]:
        """What another block of the same pairs cannot know."""
        return {name: getattr(self, name) for name in ADDED}

    def with_arrays(self, arrays: Mapping[str, np.ndarray]) -> IdentitySums:
        """The same identities and edges with the sums that a block has kept."""
        return replace(self, **{name: arrays[name] for name in ADDED})

    @property
    def firsts(self) -> np.ndarray:
        """The place of each grouping's first group among all groups (G,)."""
        return np.cumsum([0, *(self.groupings.max(axis=1) + 1)[:-1]])

    def pairs(self, grouping: int = EVERYONE, group: int = 0) -> IdentityPairs:
        """Those within one group, at all thresholds but the first edge."""
        own = self.groupings[grouping] == group
        place, whole = self.firsts[grouping] + group, self.sizes[own].astype(np.float64)
        return IdentityPairs(
            self.edges[1:],
            np.cumsum(self.positive[own], axis=1).T,
            np.cumsum(self.negative[grouping, own], axis=1).T,
            np.cumsum(self.shares[grouping, own], axis=1).T,
            np.cumsum(self.share_squares[place]),
            np.full(len(whole), len(whole) - 1),
            float(((whole**2).sum() ** 2 - (whole**4).sum()) / 2),
            np.flatnonzero(own),
        )

    def curves(self, grouping: int) -> Iterator[tuple[Curve, Curve]]:
        """For each group of a grouping the curve of the pairs without any of its identities, and that of its own."""
        everyone = self.pairs()
        for group in range(self.groupings[grouping].max() + 1):
            own, within = self.groupings[grouping] == group, self.pairs(grouping, group).curve
            touching = everyone.negative[:, own].sum(axis=1) - within.false_accepts  # those within are counted twice
            wrongly = everyone.curve.false_accepts - touching
            accepted = everyone.curve.true_accepts - within.true_accepts
            yield Curve(self.edges[1:], wrongly, accepted, int(wrongly[-1]), int(accepted[-1])), within


def identity_runs(sizes: np.ndarray, rows: int) -> Iterator[tuple[int, int]]:
    """Runs of identities (C,), from the first to before the last, that fill so many rows; a larger one is alone."""
    ends, first = np.cumsum(sizes), 0
    while first < len(sizes):
        filled = int(np.searchsorted(ends, ends[first] - sizes[first] + rows, side="right"))
        yield first, max(filled, first + 1)
        first = max(filled, first + 1)

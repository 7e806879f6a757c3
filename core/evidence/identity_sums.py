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

COUNTED = ("positive", "negative", "shares", "share_squares", "totals")
EVERYONE = 0  # the grouping of all identities as one group


@dataclass(frozen=True)
class IdentitySums:
    """Of C identities with `sizes` samples, in S bins between `edges`; groupings into groups (H, C), numbered from 0,
    the first of which has everyone in one. The sums are those of the identities in `span`, from one to before another.

    `positive` (C, S): genuine pairs. In the first G groupings `negative` (G, C, S): impostor pairs with another
    identity of the same group, and `shares` (G, C, S) float32 those shares of the pairs of each two. For every group,
    those of the groupings one after the other, in the first ones `share_squares` (P, S): what a bin adds to that sum of
    `IdentityPairs`, of two identities with the first one; and in the others `totals` (P, S): the impostor pairs within
    it, each from both sides.
    """

    edges: np.ndarray
    sizes: np.ndarray
    groupings: np.ndarray
    positive: np.ndarray
    negative: np.ndarray
    shares: np.ndarray
    share_squares: np.ndarray
    totals: np.ndarray
    span: tuple[int, int]

    @classmethod
    def empty(
        cls,
        edges: np.ndarray,
        sizes: np.ndarray,
        groupings: tuple[np.ndarray, ...] = (),
        span: tuple[int, int] | None = None,
        *,
        curves_of: tuple[np.ndarray, ...] = (),
    ) -> IdentitySums:
        """The sums of no pairs; `groupings` (C,) each, besides that of everyone, and `curves_of` those of whose groups
        only `curves` are asked for."""
        together = np.stack([np.zeros(len(sizes), np.int64), *groupings, *curves_of])
        span = span or (0, len(sizes))
        steps, groups = len(edges) - 1, int((together.max(axis=1) + 1).sum())
        whole = np.int32 if int(sizes.max()) * int(sizes.sum()) < 2**31 else np.int64
        positive = np.zeros((span[1] - span[0], steps), whole)
        negative = np.zeros((1 + len(groupings), *positive.shape), whole)
        shares, squares = np.zeros(negative.shape, np.float32), np.zeros((groups, steps))
        return cls(
            edges, sizes, together, positive, negative, shares, squares, np.zeros((groups, steps), np.int64), span
        )

    def put(self, part: IdentitySums) -> None:
        """Take the sums of some of these identities; each is put once, and in order of the identities."""
        first, last = (place - self.span[0] for place in part.span)
        self.positive[first:last] = part.positive
        self.negative[:, first:last], self.shares[:, first:last] = part.negative, part.shares
        np.add(self.share_squares, part.share_squares, out=self.share_squares)
        np.add(self.totals, part.totals, out=self.totals)

    def arrays(self) -> dict[str, np.ndarray]:
        """What a part of the identities does not know of the others."""
        return {name: getattr(self, name) for name in COUNTED}

    def with_arrays(self, arrays: Mapping[str, np.ndarray]) -> IdentitySums:
        """The same identities and edges with the sums that were kept."""
        return replace(self, **{name: arrays[name] for name in COUNTED})

    @property
    def firsts(self) -> np.ndarray:
        """The place of each grouping's first group among all groups (H,)."""
        return np.cumsum([0, *(self.groupings.max(axis=1) + 1)[:-1]])

    def pairs(self, grouping: int = EVERYONE, group: int = 0) -> IdentityPairs:
        """The pairs within one group, at all thresholds but the first edge."""
        own = self.groupings[grouping] == group
        place, whole = self.firsts[grouping] + group, self.sizes[own].astype(np.float64)
        these = slice(None) if own.all() else own  # a copy of all is large
        return IdentityPairs(
            self.edges[1:],
            _running(self.positive[these]).T,
            _running(self.negative[grouping][these]).T,
            _running(self.shares[grouping][these]).T,
            np.cumsum(self.share_squares[place]),
            np.full(len(whole), len(whole) - 1),
            float(((whole**2).sum() ** 2 - (whole**4).sum()) / 2),
            np.flatnonzero(own),
        )

    def curves(self, grouping: int) -> Iterator[tuple[Curve, Curve]]:
        """For each group of a grouping the curve of the pairs without any of its identities, and that of its own."""
        everyone = self._curve(self.negative[EVERYONE].sum(axis=0, dtype=np.int64), slice(None))
        for group in range(self.groupings[grouping].max() + 1):
            own = self.groupings[grouping] == group
            within = self._curve(self._wrong_within(grouping, group, own), own)
            touching = self.negative[EVERYONE][own].sum(axis=0, dtype=np.int64).cumsum()
            wrongly = everyone.false_accepts - (touching - within.false_accepts)  # those within are counted twice
            accepted = everyone.true_accepts - within.true_accepts
            yield Curve(self.edges[1:], wrongly, accepted, int(wrongly[-1]), int(accepted[-1])), within

    def _wrong_within(self, grouping: int, group: int, own: np.ndarray) -> np.ndarray:
        """The impostor pairs of one group by bin (S,), each from both sides."""
        if grouping >= len(self.negative):
            return self.totals[self.firsts[grouping] + group]
        return self.negative[grouping][own].sum(axis=0, dtype=np.int64)

    def _curve(self, totals: np.ndarray, own: np.ndarray | slice) -> Curve:
        """The curve of the pairs of one group; `totals` (S,) are its impostor pairs by bin, each from both sides."""
        wrongly, accepted = totals.cumsum() // 2, self.positive[own].sum(axis=0, dtype=np.int64).cumsum()
        return Curve(self.edges[1:], wrongly, accepted, int(wrongly[-1]), int(accepted[-1]))


def _running(counted: np.ndarray) -> np.ndarray:
    """Sums along the bins, in the type of the counts, which has room for all of an identity's pairs."""
    return np.cumsum(counted, axis=1, dtype=counted.dtype)


def identity_runs(sizes: np.ndarray, rows: int) -> Iterator[tuple[int, int]]:
    """Runs of identities (C,), from the first to before the last, that fill so many rows; a larger one is alone."""
    ends, first = np.cumsum(sizes), 0
    while first < len(sizes):
        filled = int(np.searchsorted(ends, ends[first] - sizes[first] + rows, side="right"))
        yield first, max(filled, first + 1)
        first = max(filled, first + 1)

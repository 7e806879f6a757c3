"""Rank lists: every point asks for all others of its identity, and how soon, how densely and how late they come.

- CMC(k), the cumulative matching characteristic: the share of queries with a match among their k nearest.
- Average precision of a query: over all of its matches, the mean of the precision down to each; mAP is its mean.
- Inverse negative penalty of a query: its matches over the rank of the last one; mINP is its mean (Ye et al. 2021, Deep
  learning for person re-identification: a survey and outlook, arXiv 2001.04193).

A query without a match asks nothing and is left out of all means.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np


class RankScores(NamedTuple):
    """Of queries (Q,): the rank of the first match, 0 where there is none; average precision and inverse negative
    penalty, NaN where there is none."""

    first: np.ndarray
    average_precision: np.ndarray
    inverse_negative_penalty: np.ndarray

    @property
    def queries(self) -> int:
        """How many have a match."""
        return int((self.first > 0).sum())

    @property
    def mean_average_precision(self) -> float:
        """mAP; NaN where no query has a match."""
        return _mean(self.average_precision)

    @property
    def mean_inverse_negative_penalty(self) -> float:
        """mINP; NaN where no query has a match."""
        return _mean(self.inverse_negative_penalty)

    def cmc(self, depth: int) -> np.ndarray:
        """(depth,) shares of queries with a match among their 1, 2, ... nearest; NaN where no query has a match."""
        first = self.first[self.first > 0]
        if not len(first):
            return np.full(depth, np.nan)
        return np.cumsum(np.bincount(np.minimum(first, depth + 1), minlength=depth + 2)[1:-1]) / len(first)


def rank_scores(is_match: np.ndarray) -> RankScores:
    """Whether each of the others of Q queries, nearest first (Q, N), is of the query's identity -> its scores."""
    count = is_match.shape[1]
    relevant = is_match.sum(axis=1)
    has = relevant > 0
    ranks = np.arange(1, count + 1)
    found = np.cumsum(is_match, axis=1)
    precisions = np.where(is_match, found / ranks, 0.0).sum(axis=1)
    first = np.where(has, is_match.argmax(axis=1) + 1 if count else 0, 0)
    last = count - is_match[:, ::-1].argmax(axis=1) if count else np.zeros(len(is_match), int)
    divisor = np.maximum(relevant, 1)
    nothing = np.full(len(is_match), np.nan)
    return RankScores(
        first.astype(np.int32),
        np.where(has, precisions / divisor, nothing),
        np.where(has, relevant / np.maximum(last, 1), nothing),
    )


def _mean(values: np.ndarray) -> float:
    known = values[~np.isnan(values)]
    return float(known.mean()) if len(known) else float("nan")

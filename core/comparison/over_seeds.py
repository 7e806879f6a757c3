"""What trainings of one strategy from several seeds show together: their pairs in one histogram, and their ROC curves.

The pairs of all seeds are counted together. ROC curves are not made of pairs that are put together, since a distance of
one network means nothing beside that of another: the true accept rates of the seeds at one false accept rate are
averaged instead (vertical averaging: Fawcett 2006, "An introduction to ROC analysis"). numpy alone.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from core.comparison.curves import Band
from core.statistics.roc import Curve

Histogram = tuple[np.ndarray, np.ndarray, np.ndarray]  # edges (S + 1,), positive and negative pairs (S,)
RATES_PER_DECADE = 24


def pooled(histograms: Sequence[Histogram]) -> Histogram:
    """Histograms of pairs -> one of all their pairs: exact counts where the edges are the same. Where they are not, as
    of distances without a limit, as many bins span them all, and the pairs of a bin count as spread over it evenly.

    Raises ValueError for no histograms.
    """
    if not histograms:
        raise ValueError("there must be at least one histogram, got none. Wait for a first snapshot.")
    first = histograms[0][0]
    if all(np.array_equal(edges, first) for edges, _, _ in histograms):
        return first, *(np.sum([one[kind] for one in histograms], axis=0) for kind in (1, 2))
    ends = min(edges[0] for edges, _, _ in histograms), max(edges[-1] for edges, _, _ in histograms)
    edges = np.linspace(*ends, max(len(one[0]) for one in histograms))
    return edges, *(np.sum([_on(edges, one[0], one[kind]) for one in histograms], axis=0) for kind in (1, 2))


def rates_down_to(pairs: int) -> np.ndarray:
    """Ascending false accept rates in equal ratios: from the power of ten below the smallest that so many negative
    pairs can have above 0, up to 1."""
    decades = int(np.floor(np.log10(pairs))) + 1
    return np.logspace(-decades, 0, decades * RATES_PER_DECADE + 1)


def true_accept_rates(curve: Curve, rates: np.ndarray) -> np.ndarray:
    """The largest true accept rate at a threshold of the curve that accepts at most each share of the negative pairs
    (R,); 0 where there is no such threshold."""
    place = np.searchsorted(curve.false_accept_rate, rates, side="right")
    return np.append(0.0, curve.true_accept_rate)[place]


def roc_over_seeds(seeds: Sequence[Sequence[Curve]], rates: np.ndarray) -> Band:
    """The curves of each seed, one for each of its folds -> the true accept rate over false accept rates (R,): the mean
    over seeds, and the smallest and largest of them. Folds of a seed count alike."""
    values = np.array([np.mean([true_accept_rates(fold, rates) for fold in folds], axis=0) for folds in seeds])
    return Band(rates, values.mean(axis=0), values.min(axis=0), values.max(axis=0), len(seeds))


def _on(edges: np.ndarray, own: np.ndarray, counts: np.ndarray) -> np.ndarray:
    """Counts in bins (own edges) -> in other bins."""
    return np.diff(np.interp(edges, own, np.append(0.0, np.cumsum(counts, dtype=np.float64))))

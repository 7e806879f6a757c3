"""How far AUC and EER of a histogram of pairs may be off from those of the pairs themselves."""

from __future__ import annotations

import numpy as np

from core.statistics.pair_histogram import PairHistogram

ROUNDING = 1 + 1e-9  # of the squares of edges


def errors_of(counted: PairHistogram, *, rooted: bool) -> tuple[float, float]:
    """The most that the AUC and the EER of a histogram with all its bins are off; `rooted` says that its distances are
    the roots of the squares that `PairHistogram.error` is about.

    A pair may lie in its bin or, by that error, in one near it. Couples of a positive and a negative whose bins may be
    the same are open: of those of one bin half are counted as right, of others all or none, and at worst all change to
    the same side. The rates cross between the edges where they may have done so first and where they surely have.
    """
    positive, negative = counted.positive_counts, counted.negative_counts
    below, above = _reach(counted, rooted)
    accepted, wrongly = (np.concatenate([[0], np.cumsum(counts)]) for counts in (positive, negative))
    first, last = np.searchsorted(above, below, side="right"), np.searchsorted(below, above, side="left")
    closer, further = accepted[:-1] - accepted[first], accepted[last] - accepted[1:]
    worst = max(float(negative @ (open_couples + positive / 2)) for open_couples in (closer, further))
    auc_error = worst / (float(accepted[-1]) * float(wrongly[-1]))

    edges = np.arange(len(counted.edges))
    surely, possibly = np.searchsorted(above, edges, side="right"), np.searchsorted(below, edges, side="left")
    least, most = wrongly[surely] / wrongly[-1], wrongly[possibly] / wrongly[-1]
    fewest, missed = 1 - accepted[possibly] / accepted[-1], 1 - accepted[surely] / accepted[-1]
    early, late = int(np.argmax(most >= fewest)), int(np.argmax(least >= missed))
    low = max(least[max(early - 1, 0)], fewest[late])
    high = min(most[late], missed[max(early - 1, 0)])
    return auc_error, float(max(high - low, 0.0))


def _reach(counted: PairHistogram, rooted: bool) -> tuple[np.ndarray, np.ndarray]:
    """The numbers of the edges (S,) below and above all places that the pairs of each bin may have."""
    squares = counted.edges * np.abs(counted.edges) if rooted else counted.edges
    bins = np.arange(len(squares) - 1)
    if not counted.error:
        return bins, bins + 1
    error = counted.error * ROUNDING
    below = np.searchsorted(squares, squares[:-1] - error, side="right") - 1
    above = np.searchsorted(squares, squares[1:] + error, side="left")
    return np.maximum(below, 0), np.minimum(above, len(bins))

"""The thresholds at which a set of pairs is counted: cut from the data, so that narrow distances get narrow steps.

Every threshold of a grid but the outermost is the distance of a pair. Where there are more distinct distances than
MOST_THRESHOLDS, those are taken at which something shows: closer and closer towards few false accepts and towards few
false rejects, where a goal is decided, at equal shares of either kind in between, and at equal steps of distance, where
the bars of a histogram end. What lies between two neighbours of a grid, near_pairs.py looks up. numpy alone.
"""

from __future__ import annotations

import numpy as np

from core.statistics.roc import Curve, SortedPairs

MOST_THRESHOLDS = 1024
BARS = 64  # of a histogram; each ends at every other of the equal steps
EQUAL_STEPS = 2 * BARS
EVENLY = 64  # of either kind, at equal shares
FINELY = (MOST_THRESHOLDS - EQUAL_STEPS - 2 * EVENLY) // 2  # of either kind, at equal ratios of how many come before


def threshold_grid(pairs: SortedPairs) -> np.ndarray:
    """Ascending distances of both kinds -> (S + 1,) ascending edges around them.

    The first edge lies below all others and only opens the first bin; the second is the threshold that refuses every
    pair (`refusing`); the last is the largest distance.
    """
    kinds = [kind[: np.searchsorted(kind, np.inf)] for kind in (pairs.positive, pairs.negative)]  # failures lie there
    smallest, largest = (pick(float(kind[end]) for kind in kinds if len(kind)) for pick, end in ((min, 0), (max, -1)))
    distinct = distinct_values(kinds, MOST_THRESHOLDS)
    if distinct is None:
        positive, negative = kinds
        ranked = [
            positive[_telling(len(positive), from_the_far_end=True)],
            negative[_telling(len(negative), from_the_far_end=False)],
        ]
        ends = bar_ends(smallest, largest, EQUAL_STEPS)[1:]
        distinct = np.unique(np.concatenate([*ranked, _last_within(kinds, ends), [smallest, largest]]))
    return _opened(distinct.astype(np.float64), largest)


def distinct_values(kinds: list[np.ndarray], most: int) -> np.ndarray | None:
    """Ascending arrays -> all their distinct values, ascending; None where there are more than `most`."""
    found: list[np.ndarray] = []
    for kind in kinds:
        values: list[np.floating] = []
        place = 0
        while place < len(kind) and len(values) <= most:
            values.append(kind[place])
            place = int(np.searchsorted(kind, kind[place], side="right"))
        if place < len(kind):
            return None
        found.append(np.array(values))
    together = np.unique(np.concatenate(found))
    return together if len(together) <= most else None


def refusing(smallest: float, largest: float) -> float:
    """A threshold below the smallest distance, so that it refuses every pair: by a step of the spread, or by 1 where
    there is none."""
    below = smallest - ((largest - smallest) / MOST_THRESHOLDS or 1.0)
    return below if below < smallest else float(np.nextafter(smallest, -np.inf))


def bars_of(curve: Curve) -> tuple[np.ndarray, np.ndarray]:
    """(B + 1,) ends of about BARS bars of one width, and the bar of each of the curve's bins (S,).

    A bin counts where it ends. No bin lies in two bars where the thresholds are those of `threshold_grid`, or are at
    equal steps, of which each bar then has as many.
    """
    thresholds, steps = curve.thresholds, np.diff(curve.thresholds)
    if not len(steps):
        return np.array([thresholds[0] - 1.0, thresholds[0]]), np.zeros(1, np.int64)
    if len(steps) > 1 and np.ptp(steps) <= 1e-6 * steps.max():  # an older snapshot's
        each, start = max(len(thresholds) // BARS, 1), float(thresholds[0] - steps[0])
        edges = np.concatenate([[start if abs(start) > 1e-6 * steps[0] else 0.0], thresholds])
        bar_of = np.arange(len(thresholds)) // each
        return np.append(edges[:-1][np.diff(bar_of, prepend=-1) > 0], edges[-1]), bar_of
    first, last = float(thresholds[0]), float(thresholds[-1])
    opens = curve.true_accepts[0] + curve.false_accepts[0] > 0
    # Of the thresholds, and not of the pairs of this curve: half of the identities reach less far than all.
    ends = np.linspace(refusing(first, last) if opens else first, last, BARS + 1)
    return ends, np.clip(np.searchsorted(ends, thresholds, side="left") - 1, 0, BARS - 1)


def decimals_of(curve: Curve) -> int:
    """How many decimals tell distances of the curve apart: at least 3, more where all lie close together."""
    accepted = curve.true_accepts + curve.false_accepts
    ends = curve.thresholds[[np.argmax(accepted > 0), np.searchsorted(accepted, accepted[-1])]]
    spread = float(ends[1] - ends[0])
    return int(np.clip(3 - np.floor(np.log10(spread)), 3, 15)) if spread > 0 else 3


def bar_ends(smallest: float, largest: float, steps: int = BARS) -> np.ndarray:
    """(steps + 1,) places at equal steps from the threshold that refuses everybody to the largest distance."""
    return np.linspace(refusing(smallest, largest), largest, steps + 1)


def _telling(count: int, *, from_the_far_end: bool) -> np.ndarray:
    """Places among `count` ascending distances: at equal ratios of how many come before, or of how many come after, and
    at equal shares."""
    finely = np.geomspace(1, count, FINELY) - 1
    finely = count - 1 - finely if from_the_far_end else finely
    return np.rint(np.concatenate([finely, np.linspace(0, count - 1, EVENLY)])).astype(np.int64)


def _last_within(kinds: list[np.ndarray], ends: np.ndarray) -> np.ndarray:
    """The largest distance that is at most each of the ends, of those that have one."""
    found = np.full(len(ends), -np.inf)
    for kind in kinds:
        place = np.searchsorted(kind, ends, side="right") - 1
        found = np.maximum(found, np.where(place >= 0, kind[place], -np.inf))
    return found[np.isfinite(found)]


def _opened(distinct: np.ndarray, largest: float) -> np.ndarray:
    none = refusing(float(distinct[0]), largest)
    return np.concatenate([[2 * none - distinct[0] if none > -np.inf else none], [none], distinct])

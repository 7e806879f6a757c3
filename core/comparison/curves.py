"""How a number goes in the course of trainings: its mean over seeds and what the seeds span, at moments in common.

Trainings from different seeds are looked at at the same updates, but not in the same seconds; and some have come
further than others. Between two looks a number is taken to go in a straight line. Before the first and after the last
look of any seed nothing is said of all of them. numpy alone, so that a page can read it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

import numpy as np

from core.records.snapshot_record import SnapshotRecord

UPDATES, EPOCHS, SECONDS = "updates", "epochs", "seconds"
OVER = {UPDATES: "step", EPOCHS: "epoch", SECONDS: "seconds"}  # where a snapshot's record has each
HELD = ("recall_at_1", "r_precision", "map_at_r", "auc", "eer", "effective_rank", "density")


class Series(NamedTuple):
    """A number at M ascending moments of one training, (M,) each."""

    moments: np.ndarray
    values: np.ndarray


class Band(NamedTuple):
    """Of S seeds at M moments in common, (M,) each: the mean, and the smallest and the largest of them."""

    moments: np.ndarray
    mean: np.ndarray
    low: np.ndarray
    high: np.ndarray
    seeds: int


def value_of(snapshot: SnapshotRecord, key: str) -> float | None:
    """One of HELD; None where the snapshot does not have it. Density is the spread within classes over that of all, 1
    where there is none."""
    if key != "density":
        return getattr(snapshot, key)
    if snapshot.spread is None or snapshot.spread_within is None:
        return None
    return snapshot.spread_within / snapshot.spread if snapshot.spread else 1.0


def series_of(snapshots: Sequence[SnapshotRecord], key: str, over: str) -> Series:
    """One of HELD over one of OVER, in the order of training; of two at one moment the later counts."""
    found = {getattr(one, OVER[over]): value for one in snapshots if (value := value_of(one, key)) is not None}
    return Series(np.array(list(found), np.float64), np.array(list(found.values()), np.float64))


def at_common_moments(trainings: Sequence[Series]) -> tuple[np.ndarray, np.ndarray]:
    """S trainings -> every moment of any within the range of all (M,), and their values there (S, M): as they were at
    their own moments, on a straight line between two of them.

    Without a range in common, and where a training has no moment, there are none. Raises ValueError for no trainings.
    """
    if not trainings:
        raise ValueError("there must be at least one training, got none. Wait for a first snapshot.")
    moments = np.unique(np.concatenate([one.moments for one in trainings]))
    for one in trainings:
        first, last = (one.moments[0], one.moments[-1]) if len(one.moments) else (np.inf, -np.inf)
        moments = moments[(first <= moments) & (moments <= last)]
    if not len(moments):
        return moments, np.empty((len(trainings), 0))
    return moments, np.stack([np.interp(moments, one.moments, one.values) for one in trainings])


def mean_series(folds: Sequence[Series]) -> Series:
    """The mean of trainings from one seed on folds, each of which counts alike, as far as all of them have come."""
    moments, values = at_common_moments(folds)
    return Series(moments, values.mean(axis=0))


def band_over_seeds(seeds: Sequence[Series]) -> Band:
    """One training of each seed, or the mean of its folds -> their mean and span as far as all of them have come."""
    moments, values = at_common_moments(seeds)
    return Band(moments, values.mean(axis=0), values.min(axis=0), values.max(axis=0), len(seeds))


def paired_differences(first: Mapping[int, Series], baseline: Mapping[int, Series]) -> dict[int, Series]:
    """By seed, of the seeds that both have: the first minus the baseline, as far as both have come."""
    differences = {}
    for seed in sorted(first.keys() & baseline.keys()):
        moments, (one, other) = at_common_moments([first[seed], baseline[seed]])
        differences[seed] = Series(moments, one - other)
    return differences

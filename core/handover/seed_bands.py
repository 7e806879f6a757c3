"""How a number goes while strategies are trained: the mean over the seeds of each, between the lowest and the highest
of them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from core.comparison.results import Training


class Band(NamedTuple):
    """Of one strategy, all (U,): updates, ascending; the mean over seeds; the lowest and the highest of them; and how
    many seeds they are of."""

    updates: np.ndarray
    mean: np.ndarray
    low: np.ndarray
    high: np.ndarray
    seeds: int


def band_of(trainings: Sequence[Training], key: str, folds: int = 0) -> Band | None:
    """Of the trainings of one strategy, by a number of their snapshots; of folds the means of each seed, and only where
    all of a seed are there.

    At every update at which one of them was looked at, as far as all were trained, with straight lines between the
    snapshots of the others. None where no seed says the number.
    """
    curves = [(one.seed, _curve(one, key)) for one in trainings]
    counts = Counter(seed for seed, curve in curves if len(curve[0]))
    told = [(seed, *curve) for seed, curve in curves if len(curve[0]) and counts[seed] >= max(folds, 1)]
    if not told:
        return None
    start, end = max(updates[0] for _, updates, _ in told), min(updates[-1] for _, updates, _ in told)
    everywhere = np.unique(np.concatenate([updates for _, updates, _ in told]))
    at = everywhere[(everywhere >= start) & (everywhere <= end)]
    seeds = sorted({seed for seed, _, _ in told})
    by_seed = np.array(
        [
            np.mean([np.interp(at, updates, values) for own, updates, values in told if own == seed], axis=0)
            for seed in seeds
        ]
    )
    return Band(at, by_seed.mean(axis=0), by_seed.min(axis=0), by_seed.max(axis=0), len(seeds))


def _curve(training: Training, key: str) -> tuple[np.ndarray, np.ndarray]:
    told = [(at.step, value) for at in training.snapshots if (value := getattr(at, key)) is not None]
    updates, values = zip(*told, strict=True) if told else ((), ())
    return np.array(updates, np.float64), np.array(values, np.float64)

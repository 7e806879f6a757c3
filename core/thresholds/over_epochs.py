"""Where a goal puts the threshold from snapshot to snapshot and from run to run, and what an old one does later.

A threshold belongs to one embedding: training on, or once more, moves the distances under it. numpy alone.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from core.evidence.appraisal import Appraisal
from core.evidence.intervals import Ends
from core.thresholds.outcome import Outcome, Rate, judged, sides
from core.verification.protocols import FOLDS, OTHERS


class Moment(NamedTuple):
    """What a goal chose after `epoch` epochs, its 95 % interval where one is known, and the errors on the pairs that
    report."""

    step: int
    epoch: float
    threshold: float
    interval: Ends | None
    false_accept: Rate
    false_reject: Rate


def moment(step: int, epoch: float, outcome: Outcome) -> Moment:
    """What is kept of a threshold that was chosen on one snapshot."""
    return Moment(
        step, epoch, outcome.threshold, outcome.threshold_interval, outcome.false_accept, outcome.false_reject
    )


def protocol_of_paths(protocol: str) -> str:
    """The protocol that every snapshot knows in place of a given one: folds are kept of a run's last alone."""
    return OTHERS if protocol == FOLDS else protocol


def at_half(path: Sequence[Moment]) -> Moment:
    """The last moment of the first half of the epochs between the first and the last one."""
    half = (path[0].epoch + path[-1].epoch) / 2
    return [moment for moment in path if moment.epoch <= half][-1]


def carried(appraisal: Appraisal, threshold: float, protocol: str) -> tuple[Rate, Rate]:
    """FAR and FRR of a threshold that was chosen elsewhere, on the pairs of a snapshot that report. Between two
    thresholds of its curve those of the smaller one: the pairs in between count as refused.

    Raises ValueError for a protocol that the set is too small for.
    """
    return judged(sides(appraisal, protocol)[1], threshold)[1:]


def mean_and_deviation(thresholds: Sequence[float]) -> tuple[float, float]:
    """Of the thresholds of at least two runs: the mean and the standard deviation between runs."""
    if len(thresholds) < 2:
        raise ValueError(
            f"a standard deviation must have two thresholds or more, got {len(thresholds)}. Add another run."
        )
    return float(np.mean(thresholds)), float(np.std(thresholds, ddof=1))

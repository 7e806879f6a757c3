"""What the last updates were like beside the first ones: how long the gradient was, and how many negatives a miner drew
from."""

from __future__ import annotations

from collections.abc import Sequence
from statistics import fmean

from core.records.step import Step, column

MOST = 50  # updates at either end


def last_updates_sentence(steps: Sequence[Step]) -> str:
    """Means over up to MOST updates at either end that trained something; empty where there are too few.

    The number of negatives is that of a miner that draws: how many equally likely ones its chances are worth.
    """
    trained = (column(steps, "active_share") > 0).nonzero()[0].tolist()
    count = min(MOST, len(trained) // 2)
    if not count:
        return ""
    first, last = ([steps[row] for row in rows] for rows in (trained[:count], trained[-count:]))
    long, before = (fmean(step.gradient_norm for step in part) for part in (last, first))
    text = f"Gradient {long:.2g}, at first {before:.2g}"
    negatives = [step.effective_negatives for step in last if step.effective_negatives]
    return f"{text}; drawn from {fmean(negatives):.3g} negatives" if negatives else text

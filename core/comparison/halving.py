"""Stopping early what will hardly win: after a share of its updates only the better half of the strategies goes on.

Successive halving (Karnin, Koren, Somekh 2013; Jamieson, Talwalkar 2016), by two stated looks. What it may hide: one
that learns slowly and would have come from behind is stopped like one that is hopeless, and of what was stopped there
is no number and no interval. The looks are at the held-out samples, and choose only who goes on.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from math import ceil, fsum, inf

SHARES = (0.25, 0.5)  # of the updates, after which the worse half is stopped
LEAST = 2  # strategies always go on, so that something is compared


def looks_at(updates: int, snapshots: int) -> dict[float, int]:
    """After how many updates each share is judged: at the snapshot there of a training of so many updates that is
    looked at so often, or at the next one where there is none."""
    return {share: ceil(share * snapshots) * updates // snapshots for share in SHARES}


def surviving(reached: Mapping[str, Sequence[float]]) -> list[str]:
    """The better half of the strategies, rounded up and never fewer than two, by the mean of what their trainings have
    reached; in their order. Whoever is as good as the last of them goes on, too. A training that has failed has
    reached -inf, and so has its strategy."""
    means = {name: _mean(values) for name, values in reached.items()}
    count = max(ceil(len(means) / 2), min(LEAST, len(means)))
    last = sorted(means.values(), reverse=True)[count - 1] if means else inf
    return [name for name, mean in means.items() if mean >= last]


def _mean(values: Sequence[float]) -> float:
    return fsum(values) / len(values) if values and -inf not in values else -inf

"""What every section of the Verify page is about."""

from __future__ import annotations

from typing import NamedTuple

from core.handover.card import ThresholdCard
from core.statistics.crossing import ALL
from core.thresholds.outcome import Outcome
from dashboard.palette import Theme


class Chosen(NamedTuple):
    """What a section is about: a snapshot, what comes of the goal, the card that hands it over, and which pairs
    count."""

    name: str
    step: int
    outcome: Outcome
    card: ThresholdCard
    theme: Theme
    pairs: str = ALL

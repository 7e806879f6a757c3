from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from math import inf
from typing import Any

import numpy as np

from core.params import Described, param
from core.statistics.roc import Curve
from core.verification.goals.base import Goal, Option


@dataclass(frozen=True)
class Hand(Goal):
    """Take the threshold that somebody gives, on the Verify page by the handle of the figure."""

    title = "By hand"
    words = "a threshold chosen by hand"
    is_given = True
    options = {"value": Option("threshold", "a threshold chosen by hand", chooses=True, is_needed=True)}
    value: float = param(0.0, low=-inf, high=inf, help="accept up to this distance")

    def threshold(self, curve: Curve) -> float:
        return self.value

    def crossed(self, curve: Curve) -> np.ndarray:
        return np.zeros(len(curve.thresholds), bool)

    def on_card(self) -> Described:
        """Without the value, which the card has as its threshold."""
        return {"kind": self.name}

    @classmethod
    def words_for(cls, card: Mapping[str, Any]) -> list[str]:
        return [f"--threshold={card['threshold']!r}"]  # so that a negative one is not taken for an option

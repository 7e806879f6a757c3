"""What was read out of somebody's files, before anything is checked: values with columns, and what was left out."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from core.system.quoting import brief

NAMED = 100  # files that a card names; all are counted


@dataclass
class LeftOut:
    """Files or rows that were left out: how many for each reason, and the first ones by name."""

    reasons: Counter[str] = field(default_factory=Counter)
    first: list[tuple[str, str]] = field(default_factory=list)

    def add(self, name: str, reason: str) -> None:
        """One more."""
        self.reasons[brief(reason)] += 1
        if len(self.first) < NAMED:
            self.first.append((name, reason))

    def add_all(self, others: LeftOut) -> None:
        """And all others."""
        self.reasons.update(others.reasons)
        self.first.extend(others.first[: NAMED - len(self.first)])

    @property
    def count(self) -> int:
        """How many in all."""
        return self.reasons.total()

    def written(self) -> dict[str, Any]:
        """As a card has them."""
        named = [{"name": name, "reason": reason} for name, reason in self.first]
        return {"count": self.count, "reasons": dict(self.reasons.most_common(20)), "first": named}


@dataclass(frozen=True)
class Brought:
    """Values (N, ...) as a set will hold them, with a cell for each row of every column that is there: label, group,
    session, time, name. `preparation` and `details` go onto the card."""

    kind: str
    values: np.ndarray
    columns: Mapping[str, Sequence[Any] | np.ndarray]
    unreadable: LeftOut = field(default_factory=LeftOut)
    aside: LeftOut = field(default_factory=LeftOut)
    preparation: Mapping[str, Any] = field(default_factory=dict)
    details: Mapping[str, Any] = field(default_factory=dict)

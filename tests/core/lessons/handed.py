"""Hand-ins for tests."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from core.lessons.handin import HandIn
from core.lessons.tasks import Verdict

DATE = "2026-09-01T10:00:00+00:00"
ADAS = HandIn(
    lesson="hardness",
    step="task",
    page="mine",
    address={"run": "digits-semi-hard", "epoch": "0.5714", "margin": "0.35", "lesson": "hardness", "step": "4"},
    answer=0.35,
    verdict=Verdict(True, "right", {"margin": 0.35, "share": 0.1, "wanted": 0.1}),
    guesses={"margin": "as_many", "late": "fewer"},
    run="digits-semi-hard",
    configuration="0123456789abcdef" * 2,
    reason="Below it too few are semi-hard.",
    name="Ada",
    date=DATE,
)


def handed_in(**changes: Any) -> HandIn:
    return replace(ADAS, **changes)

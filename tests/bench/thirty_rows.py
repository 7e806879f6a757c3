"""Thirty readers of live pages beside an earlier build: how long a tick takes 95 of 100 times, and what two trainings
keep of what they do alone. One turn each, of SECONDS; the earlier build first."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Any

from tests.bench.build_before import unpacked
from tests.bench.thirty_viewers import watched
from tests.imports import ROOT

BEFORE = "39b5515"
SECONDS = 90.0
MOST_SECONDS, KEPT = 0.3, 0.85


def rows() -> list[dict[str, Any]]:
    with tempfile.TemporaryDirectory() as folder:
        theirs, ours = (watched(build, SECONDS) for build in (unpacked(BEFORE, Path(folder)), ROOT))
    mine, before = ours.percentile(0.95), theirs.percentile(0.95)
    name = f"build {BEFORE}, in the same run"
    return [
        _row("live tick of thirty readers, 95 of 100", mine, "s", before, name, "<= 0.0833", 12 * mine <= before),
        _row("the same by the clock", mine, "s", MOST_SECONDS, "the bar", "<= 1", mine <= MOST_SECONDS),
        _row(
            "two trainings while thirty watch",
            ours.watched,
            "updates/s",
            ours.alone,
            f"the same left alone; the clients took {ours.client:.2f} of a core",
            f">= {KEPT}",
            ours.watched >= KEPT * ours.alone,
        ),
    ]


def _row(what: str, ours: float, unit: str, peer: float, name: str, bar: str, holds: bool) -> dict[str, Any]:
    cells = {"what": what, "ours": ours, "unit": unit, "peer": peer, "peer_name": name}
    return cells | {"ratio": ours / peer, "bar": bar, "holds": holds}

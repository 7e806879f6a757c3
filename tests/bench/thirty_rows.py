"""Thirty readers of live pages beside an earlier build: how long a tick takes 95 of 100 times, what two trainings keep
of what they do alone, and how the memory of the web process grows. One turn each, the earlier build first, and both as
long, since its ticks take longer with each minute; METRIC_LAB_WATCHED says how many seconds, 600 for the bar."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path
from typing import Any

from tests.bench.build_before import unpacked
from tests.bench.thirty_viewers import watched
from tests.imports import ROOT

BEFORE = "39b5515"
SECONDS = 90.0
MOST_SECONDS, KEPT, GROWN = 0.3, 0.85, 1.05


def rows() -> list[dict[str, Any]]:
    seconds = float(os.environ.get("METRIC_LAB_WATCHED", SECONDS))
    with tempfile.TemporaryDirectory() as folder:
        theirs = watched(unpacked(BEFORE, Path(folder)), seconds)
        print(f"build {BEFORE}: {theirs}", flush=True)
    ours = watched(ROOT, seconds)
    print(f"this build: {ours}", flush=True)
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
        _row(
            "memory of the web process in the last third",
            ours.last,
            "MB",
            ours.middle,
            "the middle third",
            f"<= {GROWN}",
            ours.last <= GROWN * ours.middle,
        ),
    ]


def _row(what: str, ours: float, unit: str, peer: float, name: str, bar: str, holds: bool) -> dict[str, Any]:
    cells = {"what": what, "ours": ours, "unit": unit, "peer": peer, "peer_name": name}
    return cells | {"ratio": ours / peer, "bar": bar, "holds": holds}

"""The histogram of all pairs beside the bare matrix product, and beside scipy with scikit-learn: time and memory."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

SIDES = Path(__file__).with_name("pair_sides.py")
LARGE, PRODUCT_RATIO, MOST_BYTES = 70_000, 3.0, 300e6
SMALL, TIMES_FASTER, TIMES_SMALLER, AREA_ERROR = 10_000, 150, 20, 1e-7

Row = dict[str, Any]


def rows() -> list[Row]:
    return [*_beside_the_product(_measured("product", LARGE)), *_beside_the_library(_measured("library", SMALL))]


def _measured(peer: str, points: int) -> dict[str, Any]:
    """Both in a process of their own, so that its peak is theirs."""
    environment = os.environ | {"OMP_WAIT_POLICY": "PASSIVE"}
    command = [sys.executable, str(SIDES), peer, str(points)]
    return json.loads(subprocess.run(command, env=environment, stdout=subprocess.PIPE, text=True, check=True).stdout)


def _beside_the_product(found: dict[str, Any]) -> list[Row]:
    ours, peer, used = found["ours_seconds"], found["peer_seconds"], found["ours_bytes"]
    what, ratio = f"histogram of {LARGE * (LARGE - 1) / 2:.3g} pairs, {LARGE:,} points", ours / peer
    product = "the bare triangular product, two threads each"
    bar = f"<= {PRODUCT_RATIO:g}"
    return [
        _row(what, ours, "s", peer, product, ratio, bar, ratio <= PRODUCT_RATIO),
        _row(f"{what}: memory", used / 1e6, "MB", MOST_BYTES / 1e6, "at most", None, None, used <= MOST_BYTES),
    ]


def _beside_the_library(found: dict[str, Any]) -> list[Row]:
    what = f"AUC of {SMALL:,} points"
    faster, smaller = (found[f"peer_{kind}"] / found[f"ours_{kind}"] for kind in ("seconds", "bytes"))
    error = abs(found["ours_returned"] - found["peer_returned"])
    used, theirs = found["ours_bytes"] / 1e6, found["peer_bytes"] / 1e6
    library, bar = "scipy pdist, sklearn roc_curve and roc_auc_score", f">= {TIMES_FASTER}"
    seconds = found["ours_seconds"], "s", found["peer_seconds"]
    return [
        _row(what, *seconds, library, faster, bar, faster >= TIMES_FASTER),
        _row(f"{what}: memory", used, "MB", theirs, library, smaller, f">= {TIMES_SMALLER}", smaller >= TIMES_SMALLER),
        _row(f"{what}: error", error, None, AREA_ERROR, "at most", None, None, error < AREA_ERROR),
    ]


def _row(
    what: str, ours: float, unit: str | None, peer: float, name: str, ratio: float | None, bar: str | None, holds: bool
) -> Row:
    cells = {"what": what, "ours": ours, "unit": unit, "peer": peer, "peer_name": name, "ratio": ratio, "bar": bar}
    return cells | {"holds": holds}

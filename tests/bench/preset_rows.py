"""What the first two presets reach on held-out samples, beside raw pixels, and how long they take."""

from __future__ import annotations

import shlex
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from core.arguments import command_line
from core.presets import PRESETS
from core.runs import Run

# Preset: seconds it may take; Recall@1 and MAP@R as (reads, must exceed) of what is reached and of raw pixels.
SECONDS = {"digits": 30.0, "fashion": 120.0}


def rows() -> list[dict[str, Any]]:
    return [row for preset in SECONDS for row in _rows_of(preset)]


def _rows_of(preset: str) -> list[dict[str, Any]]:
    with tempfile.TemporaryDirectory() as folder:
        words = shlex.split(command_line(PRESETS[preset].experiment))[1:]
        started = time.monotonic()
        subprocess.run([sys.executable, *words, "--out", f"{folder}/run"], check=True, stdout=subprocess.DEVNULL)
        seconds = time.monotonic() - started
        run = Run(Path(folder) / "run")
        result, maps = run.result(), run.maps()
    raw = result["baselines"]["raw pixels"]
    rows = [_row(f"{preset}: whole run", seconds, "s", SECONDS[preset], "allowed", seconds / SECONDS[preset], "<= 1")]
    rows.append(
        _row(f"{preset}: maps a second", len(maps) / seconds, "1/s", 2.0, "asked", len(maps) / seconds / 2, ">= 1")
    )
    for name, key in (("Recall@1", "recall_at_1"), ("MAP@R", "map_at_r")):
        if preset == "digits":
            least = {"Recall@1": 0.98, "MAP@R": 0.90}[name]
            rows.append(
                _row(
                    f"digits: {name}",
                    result[key],
                    "",
                    least,
                    f"asked (raw pixels {raw[key]:.3f})",
                    result[key] / least,
                    "> 1",
                )
            )
        elif name == "Recall@1":
            gain = result[key] - raw[key]
            rows.append(
                _row(
                    "fashion: Recall@1 over raw pixels",
                    gain,
                    "",
                    0.05,
                    f"asked (raw pixels {raw[key]:.3f})",
                    gain / 0.05,
                    ">= 1",
                )
            )
        else:
            rows.append(
                _row("fashion: MAP@R", result[key], "", raw[key], "raw pixels", result[key] / raw[key], ">= 1.8")
            )
    return rows


def _row(what: str, ours: float, unit: str, peer: float, peer_name: str, ratio: float, bar: str) -> dict[str, Any]:
    sign, limit = bar.split()
    holds = {"<=": ratio <= float(limit), ">=": ratio >= float(limit), ">": ratio > float(limit)}[sign]
    return {
        "what": what,
        "ours": ours,
        "unit": unit,
        "peer": peer,
        "peer_name": peer_name,
        "ratio": ratio,
        "bar": bar,
        "holds": holds,
    }

"""Measuring embeddings beside an earlier build: a snapshot, an upload, the engine with many points, the command line.

Builds take turns in one run, each task in a process of its own; a task of minutes has one turn.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path
from statistics import median
from typing import Any

from tests.bench.build_before import unpacked
from tests.imports import ROOT

BEFORE = "39b5515"
SIDES = Path(__file__).with_name("measurement_sides.py")
TASKS = {
    "snapshot": ("statistics and appraisal of a last snapshot of 2,000", 3, 1 / 2, None),
    "upload": ("an upload of 3,000 x 128 of 400 identities, from file to card", 3, 1 / 1.7, None),
    "engine": ("70,000 x 64 of 7,000 identities through the engine, two workers", 1, 1 / 2, 1500),
    "workers": ("200,000 x 64 of 20,000 identities through the engine, two workers", 1, 1 / 4, 2000),
    "verify": ("verify, 200,000 x 64 of 20,000 identities", 1, 1 / 4, 1000),
}


def rows() -> list[dict[str, Any]]:
    chosen = os.environ.get("METRIC_LAB_MEASURED", " ".join(TASKS)).split()
    with tempfile.TemporaryDirectory() as folder:
        before = unpacked(BEFORE, Path(folder))
        _measured(before, "snapshot")  # compiles what it needs
        found: list[dict[str, Any]] = []
        for task in chosen:
            what, turns, most, megabytes = TASKS[task]
            seen = [{build: _measured(build, task) for build in (ROOT, before)} for _ in range(turns)]
            ours, theirs = (median(turn[build]["seconds"] for turn in seen) for build in (ROOT, before))
            found.append(_row(what, ours, theirs, "s", f"build {BEFORE}, in turns", most))
            if megabytes:
                memory = max(turn[ROOT]["megabytes"] for turn in seen)
                found.append(_row(f"memory of all processes: {what}", memory, megabytes, "MB", "the most allowed", 1.0))
    return found


def _measured(build: Path, task: str) -> dict[str, float]:
    environment = {**os.environ, "PYTHONPATH": str(build), "OMP_WAIT_POLICY": "PASSIVE"}
    if task in ("snapshot", "upload"):  # as a worker has it
        environment |= {"OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1"}
    command = [sys.executable, str(SIDES), task]
    done = subprocess.run(command, cwd=build, env=environment, stdout=subprocess.PIPE, text=True, check=True)
    return json.loads(done.stdout.splitlines()[-1])


def _row(what: str, ours: float, peer: float, unit: str, name: str, most: float) -> dict[str, Any]:
    cells = {"what": what, "ours": ours, "unit": unit, "peer": peer, "peer_name": name}
    return cells | {"ratio": ours / peer, "bar": f"<= {most:.3g}", "holds": ours <= most * peer}

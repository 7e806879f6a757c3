"""This build beside an earlier one, whole commands in turns: a card of many embeddings, and maps."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from statistics import median
from typing import Any

import numpy as np

from tests.bench.build_before import unpacked
from tests.imports import ROOT

BEFORE = "39b5515"
TURNS = 3
POINTS, DIMENSION, IDENTITIES = 10_000, 64, 400
MAP = """
import time
import numpy as np
try:
    from core.maps.projector import Projector, warm_up
except ImportError:  # in the build before
    from core.projection import Projector, warm_up
warm_up()
points = np.random.default_rng(0).normal(size=(2000, 64)).astype(np.float32)
points[:, 0] += 5 * (np.arange(2000) % 10)
projector = Projector(seed=0)
projector.layout(points)
start = time.perf_counter()
for _ in range(3):
    projector.layout(points)
print((time.perf_counter() - start) / 3)
"""


def rows() -> list[dict[str, Any]]:
    with tempfile.TemporaryDirectory() as folder:
        before, archive = unpacked(BEFORE, Path(folder)), Path(folder) / "faces.npz"
        _write(archive)
        verify = ["-m", "core", "verify", str(archive)]
        cards = _in_turns(before, lambda build: _seconds(build, verify))
        maps = _in_turns(before, lambda build: float(_output(build, ["-c", MAP])))
    return [
        _row(f"verify, {POINTS:,} x {DIMENSION}, exact candidates", *cards, most=1.2),
        _row("map of 2,000 x 64, after the first", *maps, most=1.1),
    ]


def _write(path: Path) -> None:
    generator = np.random.default_rng(0)
    labels = np.arange(POINTS) % IDENTITIES
    points = generator.normal(size=(IDENTITIES, DIMENSION))[labels] + generator.normal(size=(POINTS, DIMENSION))
    points /= np.linalg.norm(points, axis=1, keepdims=True)
    np.savez(path, embeddings=points.astype(np.float32), labels=labels)


def _in_turns(before: Path, measured: Any) -> tuple[float, float]:
    """Medians of this build and of the one before, once each to warm up and then in turns."""
    found: dict[Path, list[float]] = {ROOT: [], before: []}
    for turn in range(TURNS + 1):
        for build in (ROOT, before):
            amount = measured(build)
            if turn:
                found[build].append(amount)
    return median(found[ROOT]), median(found[before])


def _seconds(build: Path, words: list[str]) -> float:
    start = time.perf_counter()
    _output(build, words)
    return time.perf_counter() - start


def _output(build: Path, words: list[str]) -> str:
    environment = {**os.environ, "PYTHONPATH": str(build), "OMP_WAIT_POLICY": "PASSIVE"}
    command = [sys.executable, *words]
    return subprocess.run(command, cwd=build, env=environment, stdout=subprocess.PIPE, text=True, check=True).stdout


def _row(what: str, ours: float, peer: float, *, most: float) -> dict[str, Any]:
    cells = {"what": what, "ours": ours, "unit": "s", "peer": peer, "peer_name": f"build {BEFORE}, in turns"}
    return cells | {"ratio": ours / peer, "bar": f"<= {most:g}", "holds": ours <= most * peer}

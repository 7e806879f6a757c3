"""Miners and losses, forward and backward on given embeddings, beside pytorch-metric-learning: time and peak memory."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

from tests.bench.loss_sides import PAIRS

SIZES = (64, 128, 256, 1024, 2048)
STRUCTURES = ("8 per class", "ten classes")
SIDES = Path(__file__).with_name("loss_sides.py")
FUSED = ("semi-hard triplets", "all triplets")
TIMES_FASTER = {(128, "8 per class"): 6, (1024, "8 per class"): 60, (1024, "ten classes"): 100}
MATRICES, MATRIX_RATIO, LIFTED_RATIO, LIFTED_BYTES = 3, 2.0, 300, 300e6

Row = dict[str, Any]


def rows() -> list[Row]:
    found: list[Row] = []
    for name in PAIRS:
        for structure in STRUCTURES:
            for measured in _measured(name, structure):
                found += _rows_of(name, structure, measured)
    return found


def _measured(name: str, structure: str) -> list[dict[str, Any]]:
    environment = os.environ | {"OMP_WAIT_POLICY": "PASSIVE"}
    command = [sys.executable, str(SIDES), name, structure, *map(str, SIZES)]
    output = subprocess.run(command, env=environment, stdout=subprocess.PIPE, text=True, check=True).stdout
    return [json.loads(line) for line in output.splitlines()]


def _rows_of(name: str, structure: str, measured: dict[str, Any]) -> list[Row]:
    size, ours, peer = measured["size"], measured["ours_seconds"], measured["peer_seconds"]
    what = f"{name}, {size}, {structure}"
    wanted = TIMES_FASTER.get((size, structure), 1) if name in FUSED else 1
    if name == "lifted structured" and size == 256:
        wanted = LIFTED_RATIO
    megabytes = f"{_megabytes(measured['ours_bytes'])} against {_megabytes(measured['peer_bytes'])} MB"
    ratio, turns = measured["ratio"], measured["turns"]
    found = [
        {
            "what": what,
            "ours": 1000 * ours,
            "unit": "ms",
            "peer": None if peer is None else 1000 * peer,
            "peer_name": "PML out of memory or patience" if peer is None else f"PML; {megabytes}; {turns} turns",
            "ratio": ratio,
            "bar": f">= {wanted}",
            "holds": ratio is None or ratio >= wanted,
        }
    ]
    if name in FUSED and size >= 1024:
        matrix = measured["matrix_seconds"]
        found.append(_bar(f"{what}: time of distance matrices", ours, "s", matrix, ours / matrix, MATRIX_RATIO))
    if name in FUSED and size == max(SIZES):
        matrix, used = 4 * size * size, measured["ours_bytes"]
        found.append(_bar(f"{what}: matrices in memory", used / 1e6, "MB", matrix / 1e6, used / matrix, MATRICES))
    if name == "lifted structured" and size == max(SIZES):
        used = measured["ours_bytes"]
        found.append(_bar(f"{what}: memory", used / 1e6, "MB", LIFTED_BYTES / 1e6, used / LIFTED_BYTES, 1))
    return found


def _bar(what: str, ours: float, unit: str, floor: float, ratio: float, most: float) -> Row:
    return {
        "what": what,
        "ours": ours,
        "unit": unit,
        "peer": floor,
        "peer_name": "in the same run",
        "ratio": ratio,
        "bar": f"<= {most:g}",
        "holds": ratio <= most,
    }


def _megabytes(size: int | None) -> str:
    return "-" if size is None else f"{size / 1e6:.0f}"

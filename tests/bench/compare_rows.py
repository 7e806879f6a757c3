"""What a comparison of strategies costs beside trainings one after the other, and how often its verdicts are right."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import numpy as np

from core.comparison.differences import compared
from core.engine.process import stop_engine
from core.evidence.seeded_differences import OPEN, WORSE
from tests.core.comparison.planted import KEY, planted
from tests.imports import ROOT

TABLES = 2000
MINERS, SEEDS = ("semi-hard", "batch-hard", "distance-weighted", "random"), 3


def rows() -> list[dict[str, Any]]:
    """Two simulations, and a comparison of twelve trainings of digits."""
    return [_quiet(heavy=False), _quiet(heavy=True), _found(), _time()]


def _quiet(*, heavy: bool) -> dict[str, Any]:
    rng = np.random.default_rng(1)
    tables = [planted([0.5] * 4, rng, heavy=heavy) for _ in range(TABLES)]
    quiet = float(np.mean([all(one.verdict == OPEN for one in compared(table, KEY)) for table in tables]))
    tails = ", with heavy tails" if heavy else ""
    return _row(f"four equal strategies are called so{tails}", quiet, "of tables", ">= 0.94", quiet >= 0.94)


def _found() -> dict[str, Any]:
    rng = np.random.default_rng(2)
    verdicts = [compared(planted([0.5, 0.55], rng), KEY)[0].verdict for _ in range(TABLES)]
    found = verdicts.count(WORSE) / TABLES
    return _row("a difference of .05 is found (5 seeds, 40 people)", found, "of tables", ">= 0.9", found >= 0.9)


def _time() -> dict[str, Any]:
    """Everything counts: the engine's start, the workers', what is measured and written in the end."""
    one_by_one = sum(
        _seconds("train", "--miner", miner, "--seed", str(seed), "--out", f"{place}/run")
        for miner in MINERS
        for seed in range(SEEDS)
        for place in [tempfile.mkdtemp()]
    )
    with tempfile.TemporaryDirectory() as folder:
        try:
            together = _seconds(
                "compare", "--miners", ",".join(MINERS), "--seeds", str(SEEDS), "--out", f"{folder}/all"
            )
        finally:
            stop_engine(Path(folder) / "all")
    ratio = together / one_by_one
    return {
        "what": "twelve trainings of digits compared",
        "ours": together,
        "peer": one_by_one,
        "unit": "s",
        "peer_name": "twelve times core train",
        "ratio": ratio,
        "bar": "<= 0.6",
        "holds": ratio <= 0.6,
    }


def _seconds(*words: str) -> float:
    environment = os.environ | {"OMP_NUM_THREADS": "1"}
    begun = time.monotonic()
    done = subprocess.run([sys.executable, "-m", "core", *words], cwd=ROOT, env=environment, capture_output=True)
    assert done.returncode == 0, done.stderr
    return time.monotonic() - begun


def _row(what: str, ours: float, unit: str, bar: str, holds: bool) -> dict[str, Any]:
    return {
        "what": what,
        "ours": ours,
        "peer": None,
        "unit": unit,
        "peer_name": "simulated",
        "ratio": ours,
        "bar": bar,
        "holds": holds,
    }

"""Tuning by optuna itself: installed as its sentence says over the packages that are here, once without a break and
once killed in the middle of it."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import sysconfig
import time
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest

from core.engine.process import stop_engine
from core.handover.optional_packages import OPTUNA
from core.runs.store import Store
from tests.core.commands import SMALL
from tests.imports import ROOT

TRIALS, AT_FIRST = 5, 3
WHAT = ["--split", "by-identity", "--split-evaluation-share", "0.3", "--sampler-classes-per-batch", "3"]
WHAT += ["--miners", "semi-hard,random", "--seeds", "1", "--budget", "12", "--tune", str(TRIALS), "--tuner", "optuna"]


@pytest.fixture(scope="module")
def python(tmp_path_factory: pytest.TempPathFactory) -> str:
    """An environment of its own over this one, with optuna beside it."""
    place = tmp_path_factory.mktemp("optuna")
    subprocess.run([sys.executable, "-m", "venv", place], check=True)
    (own,) = place.glob("lib/python*/site-packages")
    (own / "beneath.pth").write_text(sysconfig.get_path("purelib") + "\n")
    found = str(place / "bin" / "python")
    command = [found, "-m", "pip", "install", "--quiet", "-c", ROOT / "constraints.txt", OPTUNA]
    subprocess.run(command, check=True)
    return found


def started(python: str, out: Path) -> subprocess.Popen[str]:
    words = [python, "-m", "core", "compare", *SMALL, *WHAT, "--out", str(out)]
    pipes: dict[str, Any] = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "text": True}
    return subprocess.Popen(words, cwd=ROOT, env=os.environ | {"OMP_NUM_THREADS": "1"}, **pipes)


def compared(python: str, out: Path) -> tuple[dict[str, Any], str]:
    """What the command finds, and what it says on its way."""
    with started(python, out) as process:
        told, said = process.communicate(timeout=900)
    assert process.returncode == 0, said
    return json.loads(told.splitlines()[-1]), said


def finished(store: Store) -> int:
    return sum(row.state == "finished" for row in store.rows())


@pytest.mark.soak
def test_it_tunes_by_what_trials_have_reached_and_goes_on_where_it_was_killed(python: str, tmp_path: Path) -> None:
    whole, cut = tmp_path / "whole", tmp_path / "cut"
    try:
        found, said = compared(python, whole)
        runs = {row.id for row in Store(whole).rows()}
        assert len(runs) == 2 * TRIALS + 2 and f"{2 * TRIALS} trials" in said
        assert set(found["runs"]) <= runs and set(found["tuned"]) == {"semi-hard", "random"}
        assert compared(python, whole)[0] == found and len(Store(whole).rows()) == len(runs), "it costs nothing"
        with started(python, cut) as process:
            while not (cut / "index.sqlite").exists() or finished(Store(cut)) <= 2 * AT_FIRST:
                assert process.poll() is None and time.sleep(0.1) is None
            process.send_signal(signal.SIGKILL)
        stop_engine(cut)
        assert 2 * AT_FIRST < len(Store(cut).rows()) < len(runs)
        again, _ = compared(python, cut)
        assert {row.id for row in Store(cut).rows()} == runs and without_times(again) == without_times(found)
    finally:
        for store in (whole, cut):
            with suppress(FileNotFoundError):
                stop_engine(store)


def without_times(found: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in found.items() if name != "created"}

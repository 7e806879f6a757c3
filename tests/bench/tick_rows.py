"""A look at a live run beside an earlier build, in turns: how soon a snapshot that was written is on the page, and what
processor time browser and server take for it together.

A snapshot is written every second into the folder of a run that is called running, by a process of the build itself;
nothing trains. In each turn a build has a server, a store and a browser of its own.
"""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psutil
from filelock import FileLock
from playwright.sync_api import Page, Playwright, sync_playwright

from tests.bench.build_before import unpacked
from tests.browser.served import FLAGS, ROOT, chromium, started

BEFORE = "f7e83eb"
TURNS, WARM, TICKS = 4, 3, 12
TICK_SECONDS = 1.0
MOST = 1.1  # of what it was: what the clock of a look, twice a second, leaves uncertain
FRAME = "document.querySelector('.live-figure')?.dataset.frame"
WRITER = """
import sys, time
from pathlib import Path
from core.experiment.prepared_data import prepare
from core.runs.store import Store
from tests.dashboard.made_runs import EXPERIMENT, embeddings_of, made_run, write_snapshot

set_state = Store.set_state
Store.set_state = lambda store, name, state: None if state == "finished" else set_state(store, name, state)
run = made_run(Path(sys.argv[1]))
material, labels = prepare(EXPERIMENT), run.probe()["labels"]
print(run.folder.name, flush=True)
for epoch, _ in enumerate(sys.stdin, start=3):
    write_snapshot(run, EXPERIMENT, embeddings_of(material, labels, 0.8 + 0.001 * epoch), labels, epoch)
    print(time.monotonic(), flush=True)
"""


def rows() -> list[dict[str, Any]]:
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        before = unpacked(BEFORE, Path(folder))
        found: dict[Path, list[tuple[list[float], float]]] = {ROOT: [], before: []}
        for _ in range(TURNS):
            for build in (ROOT, before):
                found[build].append(_turn(playwright, build))
    (ours, work), (theirs, work_before) = (
        (
            statistics.median(seconds for waits, _ in found[build] for seconds in waits),
            statistics.median(seconds for _, seconds in found[build]),
        )
        for build in (ROOT, before)
    )
    return [
        _row("live tick: a snapshot from the disk to the page", ours, theirs),
        _row("live tick: time of processors, both sides", work, work_before),
    ]


def _turn(playwright: Playwright, build: Path) -> tuple[list[float], float]:
    """Seconds of each tick, and processor seconds of one on average."""
    with tempfile.TemporaryDirectory() as folder, _writer(build, Path(folder) / "store") as writer:
        assert writer.stdin is not None and writer.stdout is not None
        name, store = writer.stdout.readline().strip(), Path(folder) / "store"
        lock = store / "engine" / "lock"
        lock.parent.mkdir(parents=True, exist_ok=True)
        server = started(build / "dashboard" / "app.py", {"METRIC_LAB_STORE": str(store)}, Path(folder), build)
        try:
            with FileLock(lock):
                others = set(psutil.pids())
                browser = playwright.chromium.launch(executable_path=chromium(), args=FLAGS)
                try:
                    page = browser.new_page(viewport={"width": 1280, "height": 720})
                    page.goto(f"{server.address}/train?run={name}")
                    page.wait_for_function(FRAME, timeout=60_000)
                    for _ in range(WARM):
                        _tick(page, writer)
                    watched = [server.process.pid, *(pid for pid in psutil.pids() if pid not in others)]
                    began = _processor_seconds(watched)
                    waits = [_tick(page, writer) for _ in range(TICKS)]
                    return waits, (_processor_seconds(watched) - began) / TICKS
                finally:
                    browser.close()
        finally:
            server.close()


@contextmanager
def _writer(build: Path, store: Path) -> Iterator[subprocess.Popen[str]]:
    environment = {**os.environ, "PYTHONPATH": str(build), "OPENBLAS_NUM_THREADS": "1"}
    command = [sys.executable, "-c", WRITER, str(store)]
    with subprocess.Popen(
        command, cwd=build, env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        try:
            yield process
        finally:
            process.kill()


def _tick(page: Page, writer: subprocess.Popen[str]) -> float:
    """Have a snapshot written and wait until the page shows it; a tick takes TICK_SECONDS whatever comes of it."""
    assert writer.stdin is not None and writer.stdout is not None
    shown, began = page.evaluate(FRAME), time.monotonic()
    writer.stdin.write("\n")
    writer.stdin.flush()
    written = float(writer.stdout.readline())
    page.wait_for_function(f"(shown) => {FRAME} !== shown", arg=shown, timeout=20_000)
    seconds = time.monotonic() - written
    page.wait_for_timeout(max(0.0, 1000 * (began + TICK_SECONDS - time.monotonic())))
    return seconds


def _processor_seconds(processes: list[int]) -> float:
    seconds = 0.0
    for pid in processes:
        try:
            times = psutil.Process(pid).cpu_times()
        except psutil.NoSuchProcess:
            continue
        seconds += times.user + times.system
    return seconds


def _row(what: str, ours: float, theirs: float) -> dict[str, Any]:
    return {
        "what": what,
        "ours": ours,
        "unit": "s",
        "peer": theirs,
        "peer_name": f"build {BEFORE}, in turns",
        "ratio": ours / theirs,
        "bar": f"<= {MOST}",
        "holds": ours <= MOST * theirs,
    }

"""How fast a training goes on while a page is used, against the same training left alone, in turns.

The page is open in a Chromium on the same cores, which also paints without a graphics card: the map of the live run
moves in it and a pointer moves over the map. A turn begins a little after the map is there: opening a page takes more,
once. Speed is by the wall clock, so that what holds an update back counts as well as what makes it slow; each turn is
compared with the mean of the one before it and the one after it, because a shared machine is not equally fast for long.
Where the machine's host took processor time away meanwhile, as Linux tells, the turn is repeated.

There are two trainings. One learns in every update, as a run of the usual 20 epochs does: its steps are so short that
this stays so for as long as is measured. The other goes on long after it has learned: with hardly a triplet left to
train on an update costs a third, and maps and statistics, which then come as fast as they can be made, want more than
the rest of two processors beside a page. That one has no bar.
"""

from __future__ import annotations

import statistics
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import psutil
from playwright.sync_api import Page, sync_playwright

from core.datasets.fashion_mnist import FashionMnist
from core.engine.process import ensure_engine
from core.experiment.experiment import Experiment
from core.experiment.schedule import Schedule
from core.runs.run_folder import Run
from core.runs.store import Store
from tests.browser.served import FLAGS, ROOT, chromium, started

MAP = ".live-figure-with-points .nsewdrag"
OPENING_SECONDS = 4.0
TURN_SECONDS = 8.0
TURNS, MOST_TURNS = 7, 20
STOLEN = 0.02  # of the processors' time, above which a pair of turns does not count
BAR = 0.85
LEARNING = Schedule(epochs=1000, learning_rate=1e-6)
LEARNED, LEARNED_AFTER = Schedule(epochs=1000), 110  # snapshots: one for each epoch and some more in the first


def rows() -> list[dict[str, Any]]:
    """Training speed in images a second, with and without somebody on the page."""
    learning, learned = _turns(LEARNING, 12), _turns(LEARNED, LEARNED_AFTER)
    kept = _row("training while a page is used", learning)
    return [
        kept | {"bar": f">= {BAR}", "holds": kept["ratio"] >= BAR},
        _row("the same long after it has learned", learned) | {"bar": None, "holds": None},
    ]


def _turns(schedule: Schedule, after: int) -> list[tuple[bool, float, float]]:
    """Of each turn, from so many snapshots on, whether it was quiet, and images a second left alone and used."""
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        store = Store(Path(folder))
        experiment = Experiment(dataset=FashionMnist(), schedule=schedule)
        row = store.submit(experiment.described(), experiment.run_id(), experiment.title())
        ensure_engine(store.root)
        server = started(ROOT / "dashboard" / "app.py", {"METRIC_LAB_STORE": folder}, Path(folder))
        browser = playwright.chromium.launch(executable_path=chromium(), args=FLAGS)
        try:
            page = browser.new_page(viewport={"width": 1280, "height": 720})
            run = Run(store.folder(row.id))
            while len(run.snapshots()) < after:
                time.sleep(0.5)
            turns: list[tuple[bool, float, float]] = []
            before, earlier = _processor_seconds(), _alone(run)
            while len(turns) < MOST_TURNS and sum(quiet for quiet, _, _ in turns) < TURNS:
                page.goto(f"{server.address}/train?run={row.id}")
                page.locator(MAP).wait_for(timeout=60_000)
                page.wait_for_timeout(1000 * OPENING_SECONDS)
                shown = _shown(page)
                used = _speed(run, lambda: _use(page))
                if _shown(page) == shown:
                    raise RuntimeError(f"the map must move while the page is used, got {shown} before and after.")
                page.goto("about:blank")
                later = _alone(run)
                now = _processor_seconds()
                stolen, whole = (after - then for after, then in zip(now, before, strict=True))
                turns.append((stolen <= STOLEN * whole, (earlier + later) / 2, used))
                before, earlier = now, later
        finally:
            browser.close()
            server.close()
    return turns


def _row(what: str, turns: list[tuple[bool, float, float]]) -> dict[str, Any]:
    """The medians over the quiet turns."""
    counted = [turn for turn in turns if turn[0]] or turns
    return {
        "what": what,
        "ours": statistics.median(used for _, _, used in counted),
        "unit": "images/s",
        "peer": statistics.median(alone for _, alone, _ in counted),
        "peer_name": f"the same training left alone, {len(counted)} of {len(turns)} turns",
        "ratio": statistics.median(used / alone for _, alone, used in counted),
    }


def _alone(run: Run) -> float:
    return _speed(run, lambda: time.sleep(0.2))


def _speed(run: Run, use: Callable[[], object]) -> float:
    """Images a second during one turn."""
    before, began = len(run.steps()), time.monotonic()
    while time.monotonic() < began + TURN_SECONDS:
        use()
    count, seconds = len(run.steps()) - before, time.monotonic() - began
    batch = run.experiment().sampler
    return batch.classes_per_batch * batch.samples_per_class * count / seconds


def _processor_seconds() -> tuple[float, float]:
    """What the host took from this machine's processors and their whole time so far, in seconds times processors."""
    times = psutil.cpu_times()
    return getattr(times, "steal", 0.0), sum(times)


def _shown(page: Page) -> str | None:
    return page.locator(".live-figure").first.get_attribute("data-frame")


def _use(page: Page) -> None:
    """What somebody does who watches: move over the map."""
    page.mouse.move(500 + 200 * (time.monotonic() % 1), 350)
    page.wait_for_timeout(150)

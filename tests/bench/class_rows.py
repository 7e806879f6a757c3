"""A class that comes in: thirty readers and two browsers open a lesson's link within thirty seconds; then all ask for
the same training and watch it. Told are the first pictures, the memory of the web process, the number of trainings,
what went wrong, and whether all end on the same frame."""

from __future__ import annotations

import random
import tempfile
import threading
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import psutil
from playwright.sync_api import Page, sync_playwright

from core.experiment.presets import RECORDINGS
from core.runs.store import Store
from tests.bench.viewer import Viewer
from tests.browser.served import FLAGS, ROOT, Server, chromium, started

READERS, BROWSERS, SECONDS = 30, 2, 30.0
LESSON = "lesson=mining&step=1"
RUN = "digits-semi-hard"
REST_SECONDS = 6.0  # a look more, at the pace of a run that rests
MOST_SECONDS, MOST_BYTES = 6.0, 1.5e9
WAIT_SECONDS = 240.0
FIRST_PICTURE = """() => {
  const canvas = document.querySelector('.live-figure-points')
  return canvas && canvas.draws > 0 ? performance.now() / 1000 : 0
}"""
LAST_FRAME = "() => document.querySelector('.live-figure')?.dataset.frame ?? ''"


@dataclass
class Arrived:
    """What was measured: `first` (seconds) of every reader and browser, bytes at most, and the rest at the end."""

    first: list[float] = field(default_factory=list)
    memory: float = 0.0
    trainings: int = 0
    ends: set[str] = field(default_factory=set)
    problems: list[str] = field(default_factory=list)

    def percentile(self, share: float) -> float:
        """Of the first pictures."""
        return sorted(self.first)[min(int(share * len(self.first)), len(self.first) - 1)]


def rows() -> list[dict[str, Any]]:
    with tempfile.TemporaryDirectory() as folder:
        server = started(ROOT / "dashboard" / "app.py", {"METRIC_LAB_STORE": f"{folder}/store"}, Path(folder))
        try:
            found = _of_a_class(server, Path(folder) / "store")
        finally:
            server.close()
    print(found, flush=True)
    first = found.percentile(0.95)
    name = f"{READERS} readers and {BROWSERS} browsers within {SECONDS:.0f} s"
    return [
        _row("first picture of a class, 95 of 100", first, "s", MOST_SECONDS, name, first <= MOST_SECONDS),
        _row("memory of the web process", found.memory / 1e9, "GB", MOST_BYTES / 1e9, name, found.memory <= MOST_BYTES),
        _row("trainings that thirty equal ones cause", found.trainings, "", 1, name, found.trainings == 1),
        _row("last frames that they end on", len(found.ends), "", 1, "one for all", len(found.ends) == 1),
        _row("what went wrong", len(found.problems), "", 0, "nothing", not found.problems),
    ]


def _of_a_class(server: Server, root: Path) -> Arrived:
    found, done = Arrived(), threading.Event()
    watched = threading.Thread(target=_watch_memory, args=(server, found, done), daemon=True)
    watched.start()
    drawn = random.Random(0)
    moments = sorted(drawn.uniform(0, SECONDS) for _ in range(READERS + BROWSERS))
    of_browsers = set(drawn.sample(range(READERS + BROWSERS), BROWSERS))
    readers: list[tuple[float, Viewer]] = []
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium(), args=FLAGS)
        pages: list[Page] = []
        began = time.monotonic()
        for place, moment in enumerate(moments):
            time.sleep(max(began + moment - time.monotonic(), 0))
            if place in of_browsers:
                pages.append(_opened(browser.new_page(), server, found))
            else:
                readers.append((time.monotonic(), Viewer(server.address, "", LESSON)))
        _wait(lambda: all(viewer.arrivals for _, viewer in readers), found, "a reader saw no picture")
        found.first += [min(viewer.arrivals.values()) - at for at, viewer in readers if viewer.arrivals]
        _train(root, [viewer for _, viewer in readers], pages, found)
        browser.close()
    done.set()
    watched.join()
    for _, viewer in readers:
        viewer.close()
    found.problems += [problem for _, viewer in readers for problem in viewer.problems]
    return found


def _opened(page: Page, server: Server, found: Arrived) -> Page:
    """A browser at the lesson, whose first picture is counted from the navigation."""
    page.on("pageerror", lambda error: found.problems.append(f"browser: {error}"))
    page.goto(f"{server.address}/?{LESSON}", wait_until="commit")
    found.first.append(page.wait_for_function(FIRST_PICTURE, timeout=60_000).json_value())
    return page


def _train(root: Path, readers: list[Viewer], pages: list[Page], found: Arrived) -> None:
    """All press Train this yourself, the browsers too, and watch what comes of it to its end, which is one picture."""
    for page in pages:
        page.locator(".st-key-learn-train button:visible").first.click()
    if not all([viewer.press("learn.train") for viewer in readers]):
        found.problems.append("a reader could not press")
    _wait(lambda: any(row.state == "finished" for row in Store(root).rows()), found, "the training did not end")
    found.trainings = len(Store(root).rows())
    last = f"epoch {RECORDINGS[RUN].schedule.epochs}"
    _wait(lambda: all(last in viewer.arrivals for viewer in readers), found, "a reader saw no last frame")
    for page in pages:
        page.wait_for_function(f"({LAST_FRAME})() === '{last}'", timeout=60_000)
    time.sleep(REST_SECONDS)
    found.ends = {viewer.last_frame for viewer in readers}


def _watch_memory(server: Server, found: Arrived, done: threading.Event) -> None:
    web = psutil.Process(server.process.pid)
    while not done.wait(0.5):
        found.memory = max(found.memory, web.memory_info().rss)


def _wait(until: Any, found: Arrived, otherwise: str) -> None:
    deadline = time.monotonic() + WAIT_SECONDS
    while not until():
        if time.monotonic() > deadline:
            found.problems.append(otherwise)
            return
        time.sleep(0.1)


def _row(what: str, ours: float, unit: str, peer: float, name: str, holds: bool) -> dict[str, Any]:
    cells = {"what": what, "ours": ours, "unit": unit, "peer": peer, "peer_name": name}
    return cells | {"ratio": ours / peer if peer else None, "bar": f"<= {peer:g}", "holds": holds}

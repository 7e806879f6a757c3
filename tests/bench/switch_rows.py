"""From a click on another page to its painted figure, beside an earlier build, in turns.

A figure is painted when its points are on the canvas, whatever else of it is still to come, or, of a figure without
points, when its axes are there. In each turn a build has a server, a store with one finished run and a browser
of its own, for what plays on a page of the other would slow it; the engine's lock is held as in `page_rows`. The first
rounds through the pages do not count. The row is about the mean over pages of each page's median.
"""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from filelock import FileLock
from playwright.sync_api import Page, Playwright, sync_playwright

from tests.bench.build_before import unpacked
from tests.browser.served import FLAGS, ROOT, chromium, started

BEFORE = "f7e83eb"
PAGES = ("Mine", "Verify", "Compare", "Train", "Learn")
TURNS, WARM_ROUNDS, ROUNDS = 4, 2, 3
OPENING_MILLISECONDS, REST_MILLISECONDS = 2000, 700
BAR = 0.8

MADE = """
import sys
from pathlib import Path
from tests.dashboard.made_runs import made_run
print(made_run(Path(sys.argv[1])).folder.name)
"""

# Presses a link of the menu and gives the seconds until the first figure of the page it names is painted.
SWITCH = """
([name]) => new Promise((resolve, reject) => {
  const links = [...document.querySelectorAll('[data-testid=stTopNavLink]')]
  const link = links.find((one) => one.textContent.trim().endsWith(name))
  const before = new Set(document.querySelectorAll('.live-figure'))
  const began = performance.now()
  const holds = (canvas) => {
    const pixels = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height).data
    for (let i = 3; i < pixels.length; i += 4) if (pixels[i]) return true
    return false
  }
  const isPainted = (figure) => {
    const canvas = figure.querySelector('canvas.live-figure-points')
    const hasPoints = figure.classList.contains('live-figure-with-points')
    return hasPoints ? canvas.width > 0 && holds(canvas) : figure.querySelector('.cartesianlayer > *') !== null
  }
  const look = () => {
    const figure = [...document.querySelectorAll('.live-figure')].find((one) => !before.has(one))
    if (figure && isPainted(figure)) return resolve((performance.now() - began) / 1000)
    if (performance.now() - began > 30000) return reject(new Error(`no figure on ${name}`))
    requestAnimationFrame(look)
  }
  link.click()
  requestAnimationFrame(look)
})
"""


def rows() -> list[dict[str, Any]]:
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        before = unpacked(BEFORE, Path(folder))
        found: dict[tuple[Path, str], list[float]] = {}
        for _ in range(TURNS):
            for build in (ROOT, before):
                with _opened(playwright, build) as page:
                    for number in range(WARM_ROUNDS + ROUNDS):
                        for name in PAGES:
                            seconds = _switch(page, name)
                            if number >= WARM_ROUNDS:
                                found.setdefault((build, name), []).append(seconds)
    ours, theirs = ([statistics.median(found[build, name]) for name in PAGES] for build in (ROOT, before))
    for name, *both in zip(PAGES, ours, theirs, strict=True):
        print(name, *(f"{seconds:.3f}" for seconds in both), flush=True)
    ratio = statistics.mean(ours) / statistics.mean(theirs)
    return [
        {
            "what": "from a click on another page to its figure",
            "ours": statistics.mean(ours),
            "unit": "s",
            "peer": statistics.mean(theirs),
            "peer_name": f"build {BEFORE}, in turns",
            "ratio": ratio,
            "bar": f"<= {BAR}",
            "holds": ratio <= BAR,
        }
    ]


@contextmanager
def _opened(playwright: Playwright, build: Path) -> Iterator[Page]:
    """The Train page of a build in a browser of its own, which goes before its server."""
    with tempfile.TemporaryDirectory() as folder:
        store = Path(folder) / "store"
        environment = {**os.environ, "PYTHONPATH": str(build)}
        made = [sys.executable, "-c", MADE, str(store)]
        run = subprocess.run(made, cwd=build, env=environment, stdout=subprocess.PIPE, text=True, check=True).stdout
        lock = store / "engine" / "lock"
        lock.parent.mkdir(parents=True, exist_ok=True)
        server = started(build / "dashboard" / "app.py", {"METRIC_LAB_STORE": str(store)}, Path(folder), build)
        try:
            with FileLock(lock):  # given back before the server closes, which stops its engine
                browser = playwright.chromium.launch(executable_path=chromium(), args=FLAGS)
                try:
                    page = browser.new_page(viewport={"width": 1280, "height": 720})
                    page.goto(f"{server.address}/train?run={run.strip()}")
                    page.locator(".live-figure .cartesianlayer > *").first.wait_for(state="attached", timeout=60_000)
                    page.wait_for_timeout(OPENING_MILLISECONDS)
                    yield page
                finally:
                    browser.close()
        finally:
            server.close()


def _switch(page: Page, name: str) -> float:
    seconds: float = page.evaluate(SWITCH, [name])
    page.wait_for_timeout(REST_MILLISECONDS)
    return seconds

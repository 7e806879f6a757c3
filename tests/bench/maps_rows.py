"""How four maps of a comparison, of 2,000 points each, follow the scrub bar, drawn without a graphics card.

The bar is moved twenty times a second, one frame a time, there and back. An update is drawn where the points have been
drawn anew before the next one comes; frames are those of the browser meanwhile.
"""

from __future__ import annotations

import tempfile
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
from playwright.sync_api import Page, sync_playwright

from core.datasets import DATASETS
from core.experiment.schedule import Schedule
from tests.bench.run import KEYS
from tests.browser.rest import at_rest
from tests.browser.served import FLAGS, ROOT, chromium, started
from tests.dashboard.made_runs import EXPERIMENT, made_run
from tests.engines import without_engine

RUNS, POINTS, EPOCHS = 4, 2_000, 10
UPDATES, A_SECOND = 100, 20
ON_TIME = 1.05  # of the seconds that the updates should take

SCRUBBED = """
async ([updates, rate]) => {
  const bar = document.querySelector('.live-figure-range')
  const canvas = bar.closest('.live-figure').querySelector('.live-figure-points')
  const last = Number(bar.max)
  const found = { drawn: 0, frames: [] }
  const began = performance.now()
  let [before, scrubbing] = [began, true]
  const look = () => {
    const now = performance.now()
    found.frames.push(now - before)
    before = now
    if (scrubbing) requestAnimationFrame(look)
  }
  requestAnimationFrame(look)
  for (let update = 1; update <= updates; update += 1) {
    const draws = canvas.draws
    const at = update % (2 * last)
    bar.value = Math.abs(last - at)
    bar.dispatchEvent(new Event('input', { bubbles: true }))
    const due = began + 1000 * update / rate
    await new Promise((done) => setTimeout(done, due - performance.now()))
    found.drawn += canvas.draws > draws
  }
  found.seconds = (performance.now() - began) / 1000
  scrubbing = false
  return found
}
"""


def rows() -> list[dict[str, Any]]:
    with tempfile.TemporaryDirectory() as folder, ExitStack() as served:
        store = Path(folder) / "store"
        names = [_run(store, 0.001 * number) for number in range(1, RUNS + 1)]
        with without_engine(store), sync_playwright() as playwright:
            server = started(ROOT / "dashboard" / "app.py", {"METRIC_LAB_STORE": str(store)}, Path(folder))
            served.callback(server.close)  # once its store has let go of the lock
            browser = playwright.chromium.launch(executable_path=chromium(), args=FLAGS)
            try:
                page = browser.new_page(viewport={"width": 1280, "height": 720})
                found = _scrubbed(page, f"{server.address}/compare?runs={','.join(names)}")
            finally:
                browser.close()
    seconds, late = found["seconds"], UPDATES / A_SECOND * ON_TIME
    times = np.array(found["frames"]) / 1000
    what = f"{RUNS} maps of {POINTS:,} points, the bar moved {A_SECOND} times a second: "
    said = f"of {UPDATES}, in {seconds:.1f} s"
    holds = found["drawn"] == UPDATES and seconds <= late
    return [
        _row(f"{what}updates drawn", found["drawn"], None, said, f"= {UPDATES}, in {late:g} s", holds),
        _row(f"{what}frames", len(times) / seconds, "/s"),
        _row(f"{what}from frame to frame, median", float(np.median(times)), "s"),
        _row(f"{what}from frame to frame, p95", float(np.quantile(times, 0.95)), "s"),
    ]


def _row(
    what: str,
    ours: float,
    unit: str | None,
    peer: str = "no graphics card",
    bar: str | None = None,
    holds: bool | None = None,
) -> dict[str, Any]:
    told = {"what": what, "ours": ours, "unit": unit, "peer_name": peer, "bar": bar, "holds": holds}
    return dict.fromkeys(KEYS) | told


def _run(store: Path, rate: float) -> str:
    """The name of a run whose classes draw together; runs differ in what they are said to be alone."""
    schedule = Schedule(epochs=EPOCHS, probe_points=POINTS, learning_rate=rate)
    experiment = replace(EXPERIMENT, dataset=DATASETS["fashion-mnist"](), schedule=schedule)
    return made_run(store, experiment, pulls=tuple(np.linspace(0, 0.9, EPOCHS + 1))).folder.name


def _scrubbed(page: Page, address: str) -> dict[str, Any]:
    page.goto(address)
    page.locator(".live-figure .main-svg").first.wait_for(state="attached", timeout=120_000)
    at_rest(page)
    found: dict[str, Any] = page.evaluate(SCRUBBED, [UPDATES, A_SECOND])
    return found

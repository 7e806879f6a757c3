"""How four maps of a comparison, of 2,000 points each, follow the scrub bar, drawn without a graphics card.

The bar is moved by keys of the keyboard's rate, twenty times a second, one frame a time. An update is drawn when the
points have come where its frame has them, and before the next one asks for others.
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
from tests.browser.rest import at_rest
from tests.browser.served import FLAGS, ROOT, chromium, started
from tests.dashboard.made_runs import EXPERIMENT, made_run
from tests.engines import without_engine

RUNS, POINTS, FRAMES = 4, 2_000, 21
UPDATES, A_SECOND = 100, 20
LATE = 1.0 / A_SECOND

# Moves the bar to the next frame at each tick of a clock, there and back, and notes for each update the milliseconds
# from it to the end of the browser's frame that shows it; for each frame of the browser how long after the one before.
SCRUBBED = """
async ([updates, rate]) => {
  const bar = document.querySelector('.live-figure-range')
  const figure = bar.closest('.live-figure')
  const canvas = figure.querySelector('.live-figure-points')
  const last = Number(bar.max)
  const found = { delays: [], draws: [], shown: 0, frames: [] }
  let before = performance.now(), scrubbing = true
  const began = before, first = canvas.draws
  const look = (now) => {
    found.frames.push(performance.now() - before)
    before = performance.now()
    if (scrubbing) requestAnimationFrame(look)
  }
  requestAnimationFrame(look)
  for (let update = 0; update < updates; update += 1) {
    const due = began + 1000 * update / rate
    await new Promise((done) => setTimeout(done, Math.max(0, due - performance.now())))
    const asked = Math.max(due, began)
    const draws = canvas.draws
    const phase = (update + 1) % (2 * last)
    bar.value = phase <= last ? phase : 2 * last - phase
    bar.dispatchEvent(new Event('input', { bubbles: true }))
    const note = () => {
      if (canvas.draws === draws) return requestAnimationFrame(note)
      setTimeout(() => found.delays.push(performance.now() - asked))
    }
    requestAnimationFrame(note)
  }
  found.seconds = (performance.now() - began) / 1000
  scrubbing = false
  await new Promise((done) => setTimeout(done, 300))
  found.draws = canvas.draws - first
  return found
}
"""


def rows() -> list[dict[str, Any]]:
    with tempfile.TemporaryDirectory() as folder, ExitStack() as served:
        store = Path(folder) / "store"
        names = [_run(store, seed) for seed in range(RUNS)]
        with without_engine(store), sync_playwright() as playwright:
            server = started(ROOT / "dashboard" / "app.py", {"METRIC_LAB_STORE": str(store)}, Path(folder))
            served.callback(server.close)  # once its store has let go of the lock
            browser = playwright.chromium.launch(executable_path=chromium(), args=FLAGS)
            try:
                page = browser.new_page(viewport={"width": 1280, "height": 720})
                found = _scrubbed(page, f"{server.address}/compare?runs={','.join(names)}")
            finally:
                browser.close()
    print(found)
    return []


def _run(store: Path, seed: int) -> str:
    schedule = Schedule(epochs=FRAMES - 1, probe_points=POINTS, seed=seed)
    experiment = replace(EXPERIMENT, dataset=DATASETS["fashion-mnist"](), schedule=schedule)
    return made_run(store, experiment, pulls=tuple(np.linspace(0, 0.9, FRAMES))).folder.name


def _scrubbed(page: Page, address: str) -> dict[str, Any]:
    page.goto(address)
    page.locator(".live-figure .main-svg").first.wait_for(state="attached", timeout=120_000)
    at_rest(page)
    found = page.evaluate(SCRUBBED, [UPDATES, A_SECOND])
    return found

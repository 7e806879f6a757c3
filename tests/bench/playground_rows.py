"""How the playground moves twelve points of every loss, drawn without a graphics card: frames while they descend, and
while one of them is dragged."""

from __future__ import annotations

import tempfile
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import numpy as np
from playwright.sync_api import Page, sync_playwright

from core.losses import LOSSES
from tests.bench.run import KEYS
from tests.browser.rest import at_rest
from tests.browser.served import FLAGS, ROOT, chromium, started
from tests.engines import without_engine

BAR, SECONDS = 55.0, 1.5  # frames a second in the median; of each measurement
# Frames, one by one in milliseconds, while points descend as fast as they may or one goes round under the hand.
MOVED = """
async ([seconds, dragged]) => {
  const canvas = document.querySelector('.playground-canvas')
  const mark = document.querySelector('[data-mark="point.0"]')
  const box = mark.getBoundingClientRect()
  const [x, y] = [box.x + box.width / 2, box.y + box.height / 2]
  const send = (name, at) => mark.dispatchEvent(new PointerEvent(name, {
    bubbles: true, pointerId: 1, isPrimary: true, button: 0,
    clientX: x + 40 * Math.sin(at / 200), clientY: y + 40 * Math.cos(at / 200),
  }))
  mark.setPointerCapture = () => {}
  mark.hasPointerCapture = () => true
  const found = { frames: [], draws: canvas.draws }
  const began = performance.now()
  let before = began
  if (dragged) send('pointerdown', 0)
  else document.querySelector('.playground-buttons button').click()
  await new Promise((done) => {
    const look = () => {
      const now = performance.now()
      found.frames.push(now - before)
      before = now
      if (dragged) send('pointermove', now)
      now - began < 1000 * seconds ? requestAnimationFrame(look) : done()
    }
    requestAnimationFrame(look)
  })
  if (dragged) send('pointerup', 0)
  found.draws = canvas.draws - found.draws
  return found
}
"""


def rows() -> list[dict[str, Any]]:
    found = []
    with tempfile.TemporaryDirectory() as folder, ExitStack() as served:
        store = Path(folder) / "store"
        with without_engine(store), sync_playwright() as playwright:
            server = started(ROOT / "dashboard" / "app.py", {"METRIC_LAB_STORE": str(store)}, Path(folder))
            served.callback(server.close)  # once its store has let go of the lock
            browser = playwright.chromium.launch(executable_path=chromium(), args=FLAGS)
            page = browser.new_page(viewport={"width": 1280, "height": 720})
            for loss in LOSSES:
                for gesture, is_dragged in (("descending", False), ("one dragged", True)):
                    found.append(_row(loss, gesture, _moved(page, server.address, loss, is_dragged)))
            browser.close()
    return found


def _moved(page: Page, address: str, loss: str, is_dragged: bool) -> dict[str, Any]:
    page.goto(f"{address}/playground?play={loss}&start=twelve&space=plane")
    page.locator(".playground-mark").nth(11).wait_for(timeout=120_000)
    at_rest(page)
    found: dict[str, Any] = page.evaluate(MOVED, [SECONDS, is_dragged])
    return found


def _row(loss: str, gesture: str, found: dict[str, Any]) -> dict[str, Any]:
    rate = 1000 / float(np.median(found["frames"]))
    drawn = f"{found['draws']} drawn of {len(found['frames'])}"
    told = {"what": f"playground, 12 points, {loss}, {gesture}: frames", "ours": rate, "unit": "/s"}
    told |= {"peer_name": f"no graphics card, {drawn}", "bar": f">= {BAR:g} /s", "holds": rate >= BAR}
    return dict.fromkeys(KEYS) | told

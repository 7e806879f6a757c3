"""How soon the home page moves, beside an empty Streamlit page opened in the same browser, in turns.

Seconds after a page opens it wakes the engine, whose start takes both cores of a small machine; it would fall into the
turns that follow. Here the engine's lock is held, so that a page believes one to be at work, as it is on every visit
but the first.
"""

from __future__ import annotations

import statistics
import tempfile
import time
from pathlib import Path
from typing import Any

from filelock import FileLock
from playwright.sync_api import Browser, sync_playwright

from tests.browser.served import FLAGS, ROOT, chromium, started

TURNS = 5
SECONDS = 1.5

# Marks the first frame in which the canvas of points differs from the frame before, once it shows anything.
FIRST_MOVE = """
const look = () => {
  const canvas = document.querySelector('canvas.live-figure-points')
  if (canvas?.draws > 1 && canvas.width) {
    const pixels = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height).data
    let sum = 0
    for (let i = 3; i < pixels.length; i += 4) sum = (sum * 31 + pixels[i]) | 0
    if (window.before !== undefined && window.before !== sum) { window.moved = performance.now(); return }
    if (sum) window.before = sum
  }
  requestAnimationFrame(look)
}
requestAnimationFrame(look)
"""
EMPTY = """
const look = () => {
  if (document.querySelector('[data-testid=stMarkdown]')) { window.moved = performance.now(); return }
  requestAnimationFrame(look)
}
requestAnimationFrame(look)
"""


def rows() -> list[dict[str, Any]]:
    """Seconds from the start of navigation, browser cache warm as for whoever opened the page before."""
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        empty = Path(folder) / "empty.py"
        empty.write_text("import streamlit as st\nst.markdown('empty')\n")
        lock = Path(folder) / "store" / "engine" / "lock"
        lock.parent.mkdir(parents=True)
        ours, control = started(ROOT / "dashboard" / "app.py", {}, Path(folder)), started(empty, {}, Path(folder))
        browser = playwright.chromium.launch(executable_path=chromium(), args=FLAGS)
        try:
            with FileLock(lock):
                home = _seconds(browser, ours.address, FIRST_MOVE)
                nothing = _seconds(browser, control.address, EMPTY)
                pairs = [(next(home), next(nothing)) for _ in range(TURNS + 1)][1:]
        finally:
            browser.close()
            ours.close()
            control.close()
    moved = statistics.median(first for first, _ in pairs)
    peer = statistics.median(second for _, second in pairs)
    return [
        {
            "what": "home page: opening to first movement",
            "ours": moved,
            "unit": "s",
            "peer": peer,
            "peer_name": "an empty Streamlit page",
            "ratio": moved / peer,
            "bar": f"<= {SECONDS} s",
            "holds": moved <= SECONDS,
        }
    ]


def _seconds(browser: Browser, address: str, script: str) -> Any:
    """Each `next` opens the page once in one and the same browser profile."""
    context = browser.new_context(viewport={"width": 1280, "height": 720})
    page = context.new_page()
    page.add_init_script(script)
    while True:
        page.goto(address)
        page.wait_for_function("window.moved", timeout=60_000)
        yield page.evaluate("window.moved") / 1000
        page.goto("about:blank")
        time.sleep(0.5)

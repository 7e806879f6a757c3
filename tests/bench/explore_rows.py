"""How Explore's map follows the hand, drawn without a graphics card: frames while it is moved, the count of a lasso,
and the text and image of a point."""

from __future__ import annotations

import tempfile
import time
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import numpy as np
from playwright.sync_api import Page, Request, sync_playwright

from tests.bench.run import KEYS
from tests.browser.rest import at_rest
from tests.browser.served import FLAGS, ROOT, chromium, started
from tests.dashboard.large_runs import large_run
from tests.engines import without_engine

FRAMES = {5_000: 20.0, 20_000: 20.0, 100_000: 5.0}  # at least so many a second
LASSO_SECONDS = {5_000: 0.1, 20_000: 0.1, 100_000: 0.5}  # at most
HOVER_SECONDS = 0.05
MOVES = 90
LESSON = "digits-semi-hard"
DRAWS = "document.querySelector('.live-figure-points').draws"
# From letting the button go to the first frame after the count has changed.
COUNTED = """
window.counted = undefined
let released = 0
addEventListener('pointerup', (event) => { released = event.timeStamp }, true)
new MutationObserver(() => requestAnimationFrame(() => { window.counted ??= (performance.now() - released) / 1000 }))
  .observe(document.querySelector('.live-figure-counted'), { childList: true, attributes: true })
"""
# From each movement of the pointer to the first frame after another text shows.
HOVERED = """
window.delays = []
let moved = 0
addEventListener('pointermove', (event) => { moved = event.timeStamp }, true)
new MutationObserver(() => requestAnimationFrame(() => window.delays.push((performance.now() - moved) / 1000)))
  .observe(document.querySelector('.live-figure-tip'), { childList: true })
"""


def rows() -> list[dict[str, Any]]:
    found = []
    with tempfile.TemporaryDirectory() as folder, ExitStack() as served:
        store = Path(folder) / "store"
        names = {count: large_run(store, count).folder.name for count in FRAMES}
        with without_engine(store), sync_playwright() as playwright:
            server = started(ROOT / "dashboard" / "app.py", {"METRIC_LAB_STORE": str(store)}, Path(folder))
            served.callback(server.close)  # once its store has let go of the lock
            browser = playwright.chromium.launch(executable_path=chromium(), args=FLAGS)
            page = browser.new_page(viewport={"width": 1280, "height": 720})
            for count in FRAMES:
                _open(page, f"{server.address}/explore?run={names[count]}")
                found += _rows_of(page, count)
            _open(page, f"{server.address}/explore?run={LESSON}")
            found += _hover_rows(page, f"Explore, {LESSON}: pointer to the image of a point")
            browser.close()
    return found


def _rows_of(page: Page, count: int) -> list[dict[str, Any]]:
    what, least, slow = f"Explore, {count:,} points: ", FRAMES[count], LASSO_SECONDS[count]
    hovered = _hover_rows(page, f"{what}pointer to the text of a point")
    lasso, frames = _lassoed(page), _frames(page)
    return [
        _row(f"{what}frames while the map is moved", frames, "/s", f">= {least:g} /s", frames >= least),
        _row(f"{what}lasso to its count", lasso, "s", f"<= {slow} s", lasso <= slow),
        *hovered,
    ]


def _hover_rows(page: Page, what: str) -> list[dict[str, Any]]:
    late, asked = _hovered(page)
    return [
        _row(what, late, "s", f"<= {HOVER_SECONDS} s", late <= HOVER_SECONDS),
        _row(f"{what}: requests", asked, None, "= 0", asked == 0),
    ]


def _row(what: str, ours: float, unit: str | None, bar: str, holds: bool) -> dict[str, Any]:
    told = {"what": what, "ours": ours, "unit": unit, "peer_name": "no graphics card", "bar": bar, "holds": holds}
    return dict.fromkeys(KEYS) | told


def _open(page: Page, address: str) -> None:
    page.goto(address)
    page.locator(".live-figure .main-svg").first.wait_for(state="attached", timeout=120_000)
    at_rest(page)


def _middle(page: Page) -> tuple[float, float]:
    """Of the map, in pixels of the page."""
    box = page.locator(".live-figure-stage").first.bounding_box()
    assert box, "the map must be on the page"
    return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2


def _hovered(page: Page) -> tuple[float, int]:
    """The median of the seconds from the pointer to what is shown of a point, and the requests for all of them."""
    across, down = _middle(page)
    asked: list[str] = []

    def on_request(request: Request) -> None:
        asked.append(request.url)

    page.mouse.move(across, down)
    page.evaluate(HOVERED)
    page.on("request", on_request)
    for turn in range(120):
        page.mouse.move(across + 170 * np.cos(turn / 3), down + (40 + turn) * np.sin(turn / 3))
        page.wait_for_timeout(20)
    page.remove_listener("request", on_request)
    return float(np.median(page.evaluate("window.delays"))), len(asked)


def _lassoed(page: Page) -> float:
    """Seconds from the end of a lasso to the first frame with its count."""
    across, down = _middle(page)
    page.evaluate(COUNTED)
    places = [(across + 150 * np.cos(turn), down + 150 * np.sin(turn)) for turn in np.linspace(0, 2 * np.pi, 24)]
    page.mouse.move(*places[0])
    page.mouse.down()
    for place in places[1:]:
        page.mouse.move(*place)
    page.mouse.up()
    page.wait_for_function("window.counted !== undefined")
    at_rest(page)
    return page.evaluate("window.counted")


def _frames(page: Page) -> float:
    """Frames a second while the map is moved, all of its points shown alike."""
    across, down = _middle(page)
    page.mouse.dblclick(across - 260, down - 215)
    at_rest(page)
    page.locator('.modebar-btn[data-title="Pan"]').first.click()
    page.mouse.move(across, down)
    page.mouse.down()
    before, start = page.evaluate(DRAWS), time.perf_counter()
    for move in range(MOVES):
        page.mouse.move(across + 80 * np.sin(move / 12), down + 40 * np.cos(move / 9))
    frames = (page.evaluate(DRAWS) - before) / (time.perf_counter() - start)
    page.mouse.up()
    return frames

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
LASSO_SECONDS, HOVER_SECONDS = 0.1, 0.05
MOVES = 90
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
            for count, least in FRAMES.items():
                frames, lasso, hover, asked = _measured(page, f"{server.address}/explore?run={names[count]}")
                what = f"Explore, {count:,} points: "
                found += [
                    _row(f"{what}frames while the map is moved", frames, "/s", f">= {least:g} /s", frames >= least),
                    _row(f"{what}lasso to its count", lasso, "s", f"<= {LASSO_SECONDS} s", lasso <= LASSO_SECONDS),
                    _row(
                        f"{what}pointer to the text of a point",
                        hover,
                        "s",
                        f"<= {HOVER_SECONDS} s",
                        hover <= HOVER_SECONDS,
                    ),
                    _row(f"{what}requests for that", asked, None, "= 0", asked == 0),
                ]
            browser.close()
    return found


def _row(what: str, ours: float, unit: str | None, bar: str, holds: bool) -> dict[str, Any]:
    told = {"what": what, "ours": ours, "unit": unit, "peer_name": "no graphics card", "bar": bar, "holds": holds}
    return dict.fromkeys(KEYS) | told


def _measured(page: Page, address: str) -> tuple[float, float, float, int]:
    """Frames a second, seconds to the count of a lasso, the median of those to a text, and requests meanwhile."""
    page.goto(address)
    page.locator(".live-figure .main-svg").first.wait_for(state="attached", timeout=120_000)
    at_rest(page)
    box = page.locator(".live-figure-stage").first.bounding_box()
    assert box, "the map must be on the page"
    middle = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    asked: list[str] = []
    hover = _hovered(page, middle, asked)
    lasso = _lassoed(page, middle, box["height"] / 3)
    at_rest(page)
    page.mouse.dblclick(box["x"] + 12, box["y"] + 12)  # all points are shown alike again
    at_rest(page)
    page.locator('.modebar-btn[data-title="Pan"]').first.click()
    page.mouse.move(*middle)
    page.mouse.down()
    before, start = page.evaluate(DRAWS), time.perf_counter()
    for move in range(MOVES):
        page.mouse.move(middle[0] + 80 * np.sin(move / 12), middle[1] + 40 * np.cos(move / 9))
    frames = (page.evaluate(DRAWS) - before) / (time.perf_counter() - start)
    page.mouse.up()
    return frames, lasso, hover, len(asked)


def _hovered(page: Page, middle: tuple[float, float], asked: list[str]) -> float:
    page.mouse.move(*middle)
    page.evaluate(HOVERED)

    def on_request(request: Request) -> None:
        asked.append(request.url)

    page.on("request", on_request)
    for move in range(40):
        page.mouse.move(middle[0] + 100 * np.cos(move), middle[1] + 80 * np.sin(move))
        page.wait_for_timeout(60)
    page.remove_listener("request", on_request)
    return float(np.median(page.evaluate("window.delays")))


def _lassoed(page: Page, middle: tuple[float, float], radius: float) -> float:
    page.evaluate(COUNTED)
    turns = np.linspace(0, 2 * np.pi, 24)
    places = [(middle[0] + radius * np.cos(turn), middle[1] + radius * np.sin(turn)) for turn in turns]
    page.mouse.move(*places[0])
    page.mouse.down()
    for place in places[1:]:
        page.mouse.move(*place)
    page.mouse.up()
    page.wait_for_function("window.counted !== undefined")
    return page.evaluate("window.counted")

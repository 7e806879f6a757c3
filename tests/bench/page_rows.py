"""How soon the home page moves, beside an empty Streamlit page and an earlier build opened in the same browser, in
turns, and how much script it needs for that: bars 1 and 3 of the experience.

Seconds after a page opens it wakes the engine, whose start takes both cores of a small machine; it would fall into the
turns that follow. Here the engine's lock is held, so that a page believes one to be at work, as it is on every visit
but the first.
"""

from __future__ import annotations

import statistics
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

from filelock import FileLock
from playwright.sync_api import Browser, sync_playwright

from tests.bench.build_before import unpacked
from tests.bench.run import KEYS
from tests.browser.served import FLAGS, ROOT, Server, chromium, started

BEFORE = "39b5515"
TURNS = 9
SECONDS, OF_EMPTY, OF_BEFORE = 1.5, 2.0, 0.8
MEGABYTES = 3.0

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
# All that was asked for before it, unpacked.
SCRIPTS = """
performance.getEntriesByType('resource')
  .filter(({ name, startTime }) => new URL(name).pathname.endsWith('.js') && startTime < window.moved)
  .map(({ name, decodedBodySize }) => [new URL(name).pathname, decodedBodySize])
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
    with tempfile.TemporaryDirectory() as place, ExitStack() as opened:
        folder = Path(place)
        empty = folder / "empty.py"
        empty.write_text("import streamlit as st\nst.markdown('empty')\n")
        app = "dashboard/app.py"
        builds = [(ROOT / app, ROOT), (unpacked(BEFORE, folder) / app, folder / "before"), (empty, ROOT)]
        servers = [_served(opened, path, build, folder / str(row)) for row, (path, build) in enumerate(builds)]
        playwright = opened.enter_context(sync_playwright())
        browser = playwright.chromium.launch(executable_path=chromium(), args=FLAGS)
        opened.callback(browser.close)
        scripts = _scripts(browser, servers[0].address)
        opening = [
            _seconds(browser, server.address, script)
            for server, script in zip(servers, (FIRST_MOVE, FIRST_MOVE, EMPTY), strict=True)
        ]
        turns = [[next(one) for one in opening] for _ in range(TURNS + 1)][1:]
    moved, earlier, peer = (statistics.median(column) for column in zip(*turns, strict=True))
    to_empty = statistics.median(turn[0] / turn[2] for turn in turns)
    to_before = statistics.median(turn[0] / turn[1] for turn in turns)
    size = sum(size for _, size in scripts) / 1e6
    what = "home page: opening to first movement"
    later = "plotly.js comes after it" if not any("plotly" in name for name, _ in scripts) else "with plotly.js"
    return [
        _row(f"{what} (bar 1)", moved, "s", f"<= {SECONDS} s", moved <= SECONDS),
        _row(f"{what} (bar 1)", moved, "s", f"<= {OF_EMPTY}", to_empty <= OF_EMPTY)
        | {"peer": peer, "peer_name": "an empty Streamlit page, in turns", "ratio": to_empty},
        _row(what, moved, "s", f"<= {OF_BEFORE}", to_before <= OF_BEFORE)
        | {"peer": earlier, "peer_name": f"build {BEFORE}, in turns", "ratio": to_before},
        _row("script before the first movement (bar 3)", size, "MB", f"<= {MEGABYTES:g} MB", size <= MEGABYTES)
        | {"peer_name": f"unpacked; {later}"},
    ]


def _row(what: str, ours: float, unit: str, bar: str, holds: bool) -> dict[str, Any]:
    return dict.fromkeys(KEYS) | {"what": what, "ours": ours, "unit": unit, "bar": bar, "holds": holds}


def _served(opened: ExitStack, path: Path, build: Path, folder: Path) -> Server:
    """A build's app in a store of its own, whose engine's lock is held."""
    lock = folder / "store" / "engine" / "lock"
    lock.parent.mkdir(parents=True)
    server = started(path, {}, folder, build)
    opened.callback(server.close)
    opened.enter_context(FileLock(lock))
    return server


def _scripts(browser: Browser, address: str) -> list[tuple[str, int]]:
    """Addresses and sizes of the scripts that a browser without a cache asks for before the page moves."""
    context = browser.new_context(viewport={"width": 1280, "height": 720})
    page = context.new_page()
    page.add_init_script(FIRST_MOVE)
    page.goto(address)
    page.wait_for_function("window.moved", timeout=60_000)
    scripts = page.evaluate(SCRIPTS)
    context.close()
    return scripts


def _seconds(browser: Browser, address: str, script: str) -> Iterator[float]:
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

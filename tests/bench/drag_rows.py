"""How soon all readouts follow the threshold's handle, on a run of two million pairs, and what is sent meanwhile."""

from __future__ import annotations

import tempfile
import time
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

MOVES = 120
LIMIT, ANSWER_LIMIT = 0.033, 0.5

# From each movement of the pointer to the first frame after the readouts have changed.
WATCH = """
window.delays = []
let moved = 0
addEventListener('pointermove', event => { moved = event.timeStamp }, true)
new MutationObserver(() => {
  if (!moved) return
  const since = moved
  moved = 0
  requestAnimationFrame(() => window.delays.push((performance.now() - since) / 1000))
}).observe(document.body, { subtree: true, childList: true, characterData: true })
"""


def rows() -> list[dict[str, Any]]:
    experiment = replace(
        EXPERIMENT, dataset=DATASETS["fashion-mnist"](), schedule=Schedule(epochs=2, probe_points=2000)
    )
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        store = Path(folder) / "store"
        run = made_run(store, experiment)
        pairs = len(run.probe()["labels"]) * (len(run.probe()["labels"]) - 1) // 2
        server = started(ROOT / "dashboard" / "app.py", {"METRIC_LAB_STORE": str(store)}, Path(folder))
        browser = playwright.chromium.launch(executable_path=chromium(), args=FLAGS)
        try:
            page = browser.new_page(viewport={"width": 1280, "height": 720})
            delays, frames, answer = _drag(page, f"{server.address}/verify?run={run.folder.name}")
        finally:
            browser.close()
            server.close()
    late = float(np.quantile(delays, 0.95))
    what = f"threshold dragged over {pairs:,} pairs: "
    said = f"{len(delays)} of {MOVES} movements seen"
    cells = (
        (f"{what}pointer to all readouts, p95", late, "s", said, f"<= {LIMIT} s", late <= LIMIT),
        (f"{what}messages to the server", frames, None, "before release", "= 0", frames == 0),
        (
            f"{what}Python holds what was released",
            answer,
            "s",
            "after release",
            f"<= {ANSWER_LIMIT} s",
            answer <= ANSWER_LIMIT,
        ),
    )
    return [
        dict.fromkeys(KEYS) | {"what": of, "ours": ours, "unit": unit, "peer_name": peer, "bar": bar, "holds": holds}
        for of, ours, unit, peer, bar, holds in cells
    ]


def _drag(page: Page, address: str) -> tuple[list[float], int, float]:
    """The delays, the messages sent before release, and the seconds until the address tells the new threshold."""
    sent: list[object] = []
    page.on("websocket", lambda socket: socket.on("framesent", lambda frame: sent.append(frame)))
    page.goto(address)
    page.locator(".live-figure-follower").nth(1).wait_for(timeout=60_000)
    at_rest(page)
    box = page.locator(".live-figure-grip").first.bounding_box()
    assert box, "the handle must be on the page"
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    page.mouse.move(x, y)
    page.mouse.down()
    page.evaluate(WATCH)
    sent.clear()
    for move in range(MOVES):
        page.mouse.move(x + 60 * np.sin(move / 9), y)
        page.wait_for_timeout(20)
    delays, frames = page.evaluate("window.delays"), len(sent)
    released = page.get_by_role("slider", name="Threshold").first.get_attribute("aria-valuenow")
    start = time.perf_counter()
    page.mouse.up()
    page.wait_for_url(f"**threshold={released}*", wait_until="commit")
    return delays, frames, time.perf_counter() - start

"""What a first visit is like, with a training of its own: bars 2, 4, 5, 8, 9, 13 and 23 of the experience.

Bars 1 and 3 are in page_rows, 10 in drag_rows, 12 in explore_rows, 14 in class_rows, 15 to 20 in access_rows.
"""

from __future__ import annotations

import json
import re
import statistics
import tempfile
import time
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path
from typing import Any
from urllib.parse import quote

from playwright.sync_api import Page, sync_playwright

from core.experiment.experiment import Experiment
from core.experiment.schedule import Schedule
from core.runs.store import Store
from dashboard.settings import SETTINGS
from tests.bench.page_rows import FIRST_MOVE
from tests.bench.run import KEYS
from tests.browser.served import FLAGS, ROOT, Server, chromium, started
from tests.browser.shown_pages import drawn

WATCHED_SECONDS, EPOCHS = 20.0, 300  # of a training, for flicker, and how long it would be
HEAVY = ("libtorch", "_swigfaiss", "llvmlite", "sklearn")
LIVE = "/^epoch/.test(document.querySelector('.live-figure')?.dataset.frame ?? '')"
# Counts clicks on the way, which outlive changes of pages within Streamlit.
CLICKS = "window.clicks = 0; addEventListener('click', () => { window.clicks += 1 }, true)"
# From the next click to the first change of the page that it brings, but for the looks of the button itself.
ANSWERED = """() => {
  const isWatched = window.pressed !== undefined
  Object.assign(window, { pressed: 0, answered: undefined, button: null })
  if (isWatched) return
  const press = ({ target, timeStamp }) => {
    if (!pressed) [window.pressed, window.button] = [timeStamp, target.closest('button, a')]
  }
  const look = (changes) => {
    if (!pressed || answered !== undefined) return
    const isOwn = ({ target }) => target.contains(button) || button?.contains(target)
    if (!changes.every(isOwn)) window.answered = (performance.now() - pressed) / 1000
  }
  addEventListener('pointerdown', press, true)
  const all = { subtree: true, childList: true, attributes: true, characterData: true }
  new MutationObserver(look).observe(document.body, all)
}"""
# Keeps what a reader would see flicker: shifts, elements that fade, containers that go, nodes of the figure replaced.
WATCH = """() => {
  const root = document.querySelector('.live-figure')
  const plot = root.querySelector('.js-plotly-plot')
  window.seen = { shift: 0, faded: 0, removed: 0, root, plot }
  const add = ({ hadRecentInput, value }) => { if (!hadRecentInput) seen.shift += value }
  new PerformanceObserver((list) => list.getEntries().forEach(add)).observe({ type: 'layout-shift' })
  const isContainer = (node) => node.nodeType === 1 && node.matches('[data-testid=stElementContainer]')
  new MutationObserver((changes) => {
    for (const { removedNodes } of changes) for (const node of removedNodes) if (isContainer(node)) seen.removed += 1
  }).observe(document.querySelector('.stMain'), { childList: true, subtree: true })
  const look = () => {
    const stale = [...document.querySelectorAll('.stMain [data-stale=true]')]
    const isPale = (one) => one.checkVisibility() && Number(getComputedStyle(one).opacity) < 1
    if (stale.some(isPale)) seen.faded += 1
    setTimeout(look, 100)
  }
  look()
}"""
AXES = "['xaxis', 'yaxis'].flatMap((axis) => seen.plot._fullLayout[axis].range.map(Number))"
# What has no part in a live run: the bar of pages, with Streamlit's own sign of work, and the settings of Train.
STILL = ("[data-testid=stHeader]", ".st-key-train-settings")
COMING = ".st-key-running-status, .st-key-running-room"  # that the run is known, and what is waited for
KEPT = "seen.root.isConnected && document.querySelector('.live-figure') === seen.root && seen.plot.isConnected"


def rows() -> list[dict[str, Any]]:
    with tempfile.TemporaryDirectory() as place, ExitStack() as opened:
        playwright = opened.enter_context(sync_playwright())
        browser = playwright.chromium.launch(executable_path=chromium(), args=FLAGS)
        opened.callback(browser.close)
        store = Path(place) / "store"
        server = started(
            ROOT / "dashboard" / "app.py", {"METRIC_LAB_STORE": str(store), "METRIC_LAB_SLOTS": "1"}, Path(place)
        )
        opened.callback(server.close)
        page = browser.new_page(viewport={"width": 1280, "height": 720})
        page.add_init_script(FIRST_MOVE + CLICKS)
        found = _first_visit(page, server)
        found += _trained(page, Store(store), what="the first run, nothing loaded", most=8.0)
        found += _steered(page, Store(store))
        page.goto(server.address)
        page.locator(".st-key-recording button, [role=radio]").nth(1).click()
        page.get_by_text("Hardest triplets only").wait_for()
        found += _trained(page, Store(store), what="the next run", most=2.0)
        found += [*_to_the_threshold(page), *_watched(page, Store(store), server)]
        return found


def _first_visit(page: Page, server: Server) -> list[dict[str, Any]]:
    page.goto(server.address)
    page.wait_for_function("window.moved", timeout=60_000)
    moved, clicks = page.evaluate("[window.moved / 1000, window.clicks]")
    mapped = Path(f"/proc/{server.process.pid}/maps").read_text()
    heavy = [name for name in HEAVY if name in mapped]
    said = f"{', '.join(heavy) or 'no heavy library'} in the web process"
    return [
        _row("a new server: opening to first movement (bar 2)", moved, "s", said, "<= 4 s", moved <= 4 and not heavy),
        _row("clicks to watch a run (bar 4)", clicks, None, "", "= 0", clicks == 0),
    ]


def _trained(page: Page, store: Store, *, what: str, most: float) -> list[dict[str, Any]]:
    """From the click that starts it to its first map, and of a short one to its end."""
    page.get_by_role("button", name="Train this yourself").wait_for()
    page.locator(".live-figure .main-svg").last.wait_for(state="attached")
    drawn(page)
    page.evaluate(ANSWERED)
    before, began = page.evaluate("window.clicks"), time.perf_counter()
    page.get_by_role("button", name="Train this yourself").click()
    page.wait_for_url(re.compile(r"/train\?.*run="), timeout=60_000)
    run = page.url.split("run=")[1].split("&")[0]
    answered = _answered(page)
    page.locator(COMING).first.wait_for(timeout=60_000)
    known = time.perf_counter() - began
    page.wait_for_function(f"location.search.includes('{run}') && {LIVE}", timeout=60_000)
    first, clicks = time.perf_counter() - began, page.evaluate("window.clicks") - before
    found = [
        _row(f"Start to the first live map (bar 5): {what}", first, "s", "", f"<= {most:g} s", first <= most),
        _row(f"first sign of an answer (bar 23): {what}", answered, "s", "", "<= 0.2 s", answered <= 0.2),
        _row(f"how far it is stands there (bar 23): {what}", known, "s", "", "<= 1 s", known <= 1),
    ]
    if most < 8:
        found.append(_row("clicks to a live run (bar 4)", clicks, None, "", "<= 1", clicks <= 1))
        _until(lambda: store.row(run).state == "finished")
        took = store.row(run).seconds
        found.append(_row("the training of Learn, whole (bar 5)", took, "s", "of training", "<= 25 s", took <= 25))
    return found


def _watched(page: Page, store: Store, server: Server) -> list[dict[str, Any]]:
    """A long training from its settings' address: what flickers while it goes on, and how soon it halts."""
    long = Experiment(schedule=Schedule(epochs=EPOCHS))
    page.goto(f"{server.address}/train?settings={quote(SETTINGS.write(long))}")
    page.locator(".st-key-train-start button").click()
    page.wait_for_url(re.compile(r"/train\?.*run="), timeout=60_000)
    run = page.url.split("run=")[1].split("&")[0]
    _until(lambda: store.row(run).state == "running")
    page.wait_for_function(f"location.search.includes('{run}') && {LIVE}", timeout=60_000)
    found = _flickered(page)
    pause, steps = page.locator(".st-key-running-pause button"), store.folder(run) / "steps.jsonl"
    page.evaluate(ANSWERED)
    clicked = time.time()
    pause.click()
    _until(lambda: store.row(run).state == "paused")
    halted, answered, step = steps.stat().st_mtime - clicked, _answered(page), _step(steps)
    page.locator(".st-key-running-stop button, .st-key-running-run button").last.wait_for(timeout=60_000)
    bar = f"<= {0.3 + step:.2f} s"
    return [
        *found,
        _row("Pause, first sign of an answer (bar 13)", answered, "s", "", "<= 0.15 s", answered <= 0.15),
        _row(
            "Pause, last update after it (bar 13)",
            halted,
            "s",
            f"{step:.3f} s each",
            bar,
            halted <= 0.3 + step,
        ),
    ]


def _flickered(page: Page) -> list[dict[str, Any]]:
    """Look for WATCHED_SECONDS at a live run, whose map is zoomed into."""
    page.locator(".live-figure .nsewdrag").first.wait_for(state="attached")
    page.evaluate(WATCH)
    whole = page.evaluate(AXES)
    box = page.locator(".live-figure .nsewdrag").first.bounding_box()
    assert box is not None, "it is shown"
    page.mouse.move(box["x"] + box["width"] * 0.3, box["y"] + box["height"] * 0.3)
    page.mouse.down()
    page.mouse.move(box["x"] + box["width"] * 0.7, box["y"] + box["height"] * 0.7, steps=5)
    page.mouse.up()
    page.wait_for_function(f"(whole) => JSON.stringify({AXES}) !== JSON.stringify(whole)", arg=whole)
    page.mouse.move(640, 2)
    time.sleep(1.0)  # for what follows the zoom, and the mouse
    page.evaluate("seen.shift = 0")
    zoomed, still, changed, looks = page.evaluate(AXES), _pictures(page), 0, 0
    end = time.perf_counter() + WATCHED_SECONDS
    while time.perf_counter() < end:
        time.sleep(0.1)
        changed, looks = changed + (_pictures(page) != still), looks + 1
    moved = max(abs(now - then) for now, then in zip(page.evaluate(AXES), zoomed, strict=True))
    shift, faded, removed, kept = page.evaluate(f"[seen.shift, seen.faded, seen.removed, {KEPT}]")
    live = "while it trains"
    others = f"bar of pages and settings, {looks} looks"
    return [
        _row("the figure is the same node (bar 8)", int(kept), None, live, "= 1", kept),
        _row("zoom of the map, change of its axes (bar 8)", moved, None, live, "<= 1e-6", moved <= 1e-6),
        _row("containers taken off the page (bar 8)", removed, None, live, "= 0", removed == 0),
        _row("layout shift (bar 9)", shift, None, live, "<= 0.02", shift <= 0.02),
        _row("looks that found something faded (bar 9)", faded, None, live, "= 0", faded == 0),
        _row("looks that found other pixels (bar 9)", changed, None, others, "= 0", changed == 0),
    ]


def _pictures(page: Page) -> list[bytes]:
    """How the parts that have to keep still look, as PNG."""
    found = []
    for place in STILL:
        box = page.locator(place).first.bounding_box()
        assert box is not None, "it is shown"
        clip = {"x": box["x"], "y": max(box["y"], 0), "width": box["width"], "height": min(box["height"], 600)}
        found.append(page.screenshot(clip=clip))  # type: ignore[arg-type]
    return found


def _steered(page: Page, store: Store) -> list[dict[str, Any]]:
    """Another page meanwhile; the run is stopped, to make room."""
    run = page.url.split("run=")[1].split("&")[0]
    page.get_by_text("running ·").wait_for(timeout=60_000)
    steered = page.get_by_text("left", exact=False).count() + page.locator(".st-key-running-stop button").count()
    began = time.perf_counter()
    page.locator("[data-testid=stTopNavLink]").nth(3).click()
    page.locator(".live-figure-handle").first.wait_for(timeout=60_000)
    switched = time.perf_counter() - began
    page.go_back()
    stop = page.locator(".st-key-running-stop button")
    stop.click(timeout=60_000)
    _until(lambda: store.row(run).state in ("stopped", "finished"))
    return [
        _row(
            "another page while it trains (bar 13)",
            switched,
            "s",
            "Verify, with its handle",
            "<= 1.5 s",
            switched <= 1.5,
        ),
        _row("a long wait has a way out (bar 23)", steered, None, "Stop, or what is left", ">= 1", steered >= 1),
    ]


def _step(path: Path) -> float:
    """Seconds of one update of a run, half of them take less."""
    return statistics.median(json.loads(line)["seconds"] for line in path.read_text().splitlines())


def _to_the_threshold(page: Page) -> list[dict[str, Any]]:
    """From Train with a finished run to the handle of its threshold."""
    before = page.evaluate("window.clicks")
    page.locator("[data-testid=stTopNavLink]").nth(3).click()
    page.locator(".live-figure-handle").first.wait_for(timeout=60_000)
    clicks = page.evaluate("window.clicks") - before
    return [_row("clicks to the threshold of a trained run (bar 4)", clicks, None, "from Train", "<= 3", clicks <= 3)]


def _answered(page: Page) -> float:
    """Seconds from the last click to its first sign."""
    page.wait_for_function("window.answered !== undefined")
    return page.evaluate("window.answered")


def _until(holds: Callable[[], bool], seconds: float = 120.0) -> None:
    end = time.perf_counter() + seconds
    while not holds() and time.perf_counter() < end:
        time.sleep(0.01)


def _row(what: str, ours: float, unit: str | None, peer: str, bar: str | None, holds: bool | None) -> dict[str, Any]:
    told = {"what": what, "ours": ours, "unit": unit, "peer_name": peer, "bar": bar, "holds": holds}
    return dict.fromkeys(KEYS) | told

"""What every page leaves to whoever has a small screen, a telephone, no mouse or no sight, and what its address holds:
bars 15, 16, 18, 19 and 20 of the experience. Bar 17, all by keyboard, holds or not: tests/browser/test_keyboard.py.
"""

from __future__ import annotations

import logging
import os
import tempfile
from contextlib import ExitStack
from itertools import combinations
from pathlib import Path
from typing import Any

from playwright.sync_api import Page, sync_playwright

from dashboard import palette
from tests.bench.run import KEYS
from tests.browser.bars import MAIN, ONE_MAP, PAGES, SMALL, UNNAMED, box, faults
from tests.browser.rest import at_rest
from tests.browser.served import FLAGS, ROOT, chromium, started
from tests.browser.shown_pages import THEMES, drawn
from tests.dashboard.colour_vision import apart
from tests.dashboard.made_runs import made_run
from tests.engines import without_engine

SCREEN, PHONES = (1280, 720), ((390, 844), (360, 640))
LEAST = 24  # pixels of what is pressed
STATES, BROKEN = 100, 50


def rows() -> list[dict[str, Any]]:
    with tempfile.TemporaryDirectory() as place, ExitStack() as opened:
        store = Path(place) / "store"
        opened.enter_context(without_engine(store))
        server = started(ROOT / "dashboard" / "app.py", {"METRIC_LAB_STORE": str(store)}, Path(place))
        opened.callback(server.process.terminate)
        playwright = opened.enter_context(sync_playwright())
        browser = playwright.chromium.launch(executable_path=chromium(), args=FLAGS)
        opened.callback(browser.close)
        page = browser.new_page()
        page.emulate_media(reduced_motion="reduce", color_scheme="light")
        found = {name: _measured(page, f"{server.address}/{PAGES[name]}", name) for name in PAGES}
    return [*_of_screens(found), *_of_programs(found), _of_colours(), *_of_addresses()]


def _measured(page: Page, address: str, name: str) -> dict[str, Any]:
    page.set_viewport_size({"width": SCREEN[0], "height": SCREEN[1]})
    page.goto("about:blank")
    page.goto(address)
    page.locator(".live-figure .main-svg").first.wait_for(state="attached", timeout=60_000)
    drawn(page)
    figure, main = box(page, ".live-figure-stage"), box(page, MAIN[name])
    found: dict[str, Any] = {
        "map": (figure["width"], figure["height"]),
        "lowest": max(figure["bottom"], main["bottom"]),
    }
    found |= {"over": [_over(page)], "unnamed": page.evaluate(UNNAMED), "small": [], "faults": [], "narrow": []}
    for theme in THEMES:
        page.emulate_media(reduced_motion="reduce", color_scheme="dark" if theme == "dark" else "light")
        at_rest(page)
        found["faults"] += faults(page)
    for width, height in PHONES:
        page.set_viewport_size({"width": width, "height": height})
        at_rest(page)
        found["over"].append(_over(page))
        found["narrow"].append(box(page, ".live-figure-stage")["width"])
        found["small"] += page.evaluate(SMALL, LEAST)
    return found


def _over(page: Page) -> int:
    """Pixels by which the page is wider than the window."""
    return page.evaluate("Math.max(0, document.documentElement.scrollWidth - innerWidth)")


def _of_screens(found: dict[str, dict[str, Any]]) -> list[dict[str, Any]]:
    every = found.values()
    width, height = (min(found[name]["map"][side] for name in ONE_MAP) for side in (0, 1))
    over = max(pixels for one in every for pixels in one["over"])
    lowest = max(one["lowest"] for one in every)
    narrow, small = min(width for one in every for width in one["narrow"]), sum(len(one["small"]) for one in every)
    pages = f"the worst of {len(found)} pages"
    return [
        _row("wider than the window (bars 15, 16)", over, "px", pages, "= 0", over == 0),
        _row("smallest map, width (bar 15)", width, "px", "of pages with one map", ">= 480", width >= 480),
        _row("smallest map, height (bar 15)", height, "px", "of pages with one map", ">= 400", height >= 400),
        _row("main control and figure end at (bar 15)", lowest, "px", pages, "<= 720", lowest <= SCREEN[1]),
        _row("narrowest map on a telephone (bar 16)", narrow, "px", pages, ">= 320", narrow >= 320),
        _row(f"targets below {LEAST} px there (bar 16)", small, None, "all pages", "= 0", small == 0),
    ]


def _of_programs(found: dict[str, dict[str, Any]]) -> list[dict[str, Any]]:
    severe = [fault for one in found.values() for fault in one["faults"]]
    unnamed = sum(len(one["unnamed"]) for one in found.values())
    print(*severe, sep="\n", flush=True)
    both = f"{len(found)} pages, both themes"
    return [
        _row("axe-core: serious or critical (bar 18)", len(severe), None, both, "= 0", not severe),
        _row("figures and images without a name (bar 18)", unnamed, None, both, "= 0", unnamed == 0),
    ]


def _of_colours() -> dict[str, Any]:
    least = min(
        apart(*pair)
        for theme in palette.HARDNESS
        for pair in (
            *combinations(palette.HARDNESS[theme].values(), 2),
            (palette.POSITIVE[theme], palette.NEGATIVE[theme]),
        )
    )
    return _row(
        "colours that mean something, apart (bar 19)", least, "CIEDE2000", "four kinds of eyes", ">= 20", least >= 20
    )


def _of_addresses() -> list[dict[str, Any]]:
    """In this process, as the checks open pages."""
    with tempfile.TemporaryDirectory() as place, without_engine(Path(place)):
        os.environ["METRIC_LAB_STORE"] = place
        logging.disable(logging.WARNING)  # Streamlit's, that no browser asks
        from tests.dashboard.views import test_round_trip as trips

        run = made_run(Path(place)).folder.name
        written = [trips.comes_back(seed, run) for seed in range(STATES)]
        broken = [trips.opens(seed, run) for seed in range(BROKEN)]
    longest = max(map(len, [*written, *broken]))
    return [
        _row("states that an address brings back (bar 20)", len(written), None, "drawn at random", f"= {STATES}", True),
        _row("broken addresses that open a page (bar 20)", len(broken), None, "drawn at random", f"= {BROKEN}", True),
        _row("longest address (bar 20)", longest, "characters", "of both", "<= 2,000", longest <= trips.LONGEST),
    ]


def _row(what: str, ours: float, unit: str | None, peer: str, bar: str, holds: bool) -> dict[str, Any]:
    told = {"what": what, "ours": ours, "unit": unit, "peer_name": peer, "bar": bar, "holds": holds}
    return dict.fromkeys(KEYS) | told

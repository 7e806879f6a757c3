"""The three flows without a mouse: watching a recorded run, starting a training, choosing a threshold; bar 17 of the
experience. That focus is seen everywhere: test_focus.py; points chosen by keyboard: test_live_figure.py."""

from __future__ import annotations

import re

from playwright.sync_api import Page

from tests.browser.rest import at_rest
from tests.browser.served import Serve
from tests.browser.shown_pages import drawn
from tests.imports import ROOT

APP = ROOT / "dashboard" / "app.py"
MOST_TABS = 60
FRAME = "document.querySelector('.live-figure').dataset.frame"


def tab_to(page: Page, selector: str) -> None:
    """Press Tab until it has the focus."""
    for _ in range(MOST_TABS):
        page.keyboard.press("Tab")
        if page.evaluate("(selector) => document.activeElement.matches(selector)", selector):
            return
    raise AssertionError(f"{selector} had no focus in {MOST_TABS} steps")


def test_a_recorded_run_is_watched(page: Page, serve: Serve) -> None:
    page.emulate_media(reduced_motion="reduce")
    page.goto(serve(APP))
    page.locator(".live-figure .main-svg").first.wait_for(state="attached")
    drawn(page)
    tab_to(page, ".live-figure-range")
    page.keyboard.press("Home")
    page.wait_for_function(f"{FRAME} === 'epoch 0'")
    page.keyboard.press("Space")
    page.get_by_role("button", name="Pause", exact=True).wait_for()
    page.wait_for_function(f"{FRAME} !== 'epoch 0'")
    page.keyboard.press("Space")
    page.get_by_role("button", name="Play", exact=True).wait_for()
    before = page.evaluate(FRAME)
    page.keyboard.press("ArrowRight")
    page.wait_for_function(f"{FRAME} !== '{before}'")
    assert re.match(r"epoch \S+ of 20", page.locator(".live-figure-range").first.get_attribute("aria-valuetext") or "")


def test_a_lesson_and_a_training_are_begun(page: Page, serve: Serve) -> None:
    page.goto(serve(APP))
    page.locator(".st-key-lessons a:visible").last.wait_for()
    tab_to(page, ".st-key-lessons a")
    page.keyboard.press("Enter")
    page.locator(".st-key-lesson").wait_for()
    page.goto("about:blank")
    page.goto(serve(APP))
    page.get_by_role("button", name="Train this yourself").wait_for()
    tab_to(page, ".st-key-head button[kind=primary]")
    page.keyboard.press("Enter")
    page.wait_for_url("**/train?run=*", timeout=60_000)


def test_a_threshold_is_chosen(page: Page, serve: Serve) -> None:
    page.goto(f"{serve(APP)}/verify?run=digits-softmax")
    page.locator(".live-figure-handle").first.wait_for()
    drawn(page)
    tab_to(page, ".live-figure-handle")
    handle = page.locator(".live-figure-handle:focus")
    before = handle.get_attribute("aria-valuetext") or ""
    assert re.search(r"\d.*FAR.*%.*FRR.*%", before), "the value and what comes of it are spoken"
    page.keyboard.press("ArrowRight")
    page.wait_for_function("(before) => document.activeElement.getAttribute('aria-valuetext') !== before", arg=before)
    at_rest(page)
    page.wait_for_function("location.search.includes('threshold') || location.search.includes('goal')")

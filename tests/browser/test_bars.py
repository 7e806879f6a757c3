"""Every page on a small screen, on a telephone and read by programs: bars 15, 16 and 18 of the experience.

A page is opened once for all of it, by a reader who wants stillness.
"""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import BrowserContext, Page

from tests.browser.bars import MAIN, ONE_MAP, PAGES, SMALL, UNNAMED, box, faults
from tests.browser.rest import at_rest
from tests.browser.served import Serve
from tests.browser.shown_pages import THEMES, drawn
from tests.imports import ROOT

APP = ROOT / "dashboard" / "app.py"
SCREEN, PHONES = {"width": 1280, "height": 720}, ((390, 844), (360, 640))
MAP_WIDTH, MAP_HEIGHT, PHONE_MAP_WIDTH = 480, 400, 320
LEAST = 24  # pixels of what is pressed
# Keeps what is said to whoever listens to the page.
SPOKEN = """() => {
  window.said = []
  const live = '[role=status], [role=alert], [aria-live]:not([aria-live=off])'
  const look = (changes) => {
    for (const { target } of changes) {
      const node = target.nodeType === 1 ? target : target.parentElement
      if (node?.closest(live)) window.said.push(target.textContent)
    }
  }
  new MutationObserver(look).observe(document.body, { subtree: true, childList: true, characterData: true })
}"""


@pytest.fixture(scope="module", params=PAGES)
def opened(request: pytest.FixtureRequest, browser: BrowserContext, serve: Serve) -> Iterator[tuple[str, Page]]:
    """A page by its name, drawn and at rest."""
    page = browser.new_page()
    page.emulate_media(reduced_motion="reduce", color_scheme="light")
    page.set_viewport_size(SCREEN)
    page.goto(f"{serve(APP)}/{PAGES[request.param]}")
    page.locator(".live-figure .main-svg").first.wait_for(state="attached", timeout=60_000)
    drawn(page)
    yield request.param, page
    page.close()


@pytest.fixture
def shown(opened: tuple[str, Page]) -> Iterator[tuple[str, Page]]:
    """The same, of the usual size."""
    name, page = opened
    yield name, page
    page.set_viewport_size(SCREEN)
    at_rest(page)


def test_the_map_its_bar_and_the_main_control_need_no_scrolling(shown: tuple[str, Page]) -> None:
    name, page = shown
    assert page.evaluate("document.documentElement.scrollWidth") <= SCREEN["width"]
    if name in ONE_MAP:
        figure = box(page, ".live-figure-stage")
        assert figure["width"] >= MAP_WIDTH and figure["height"] >= MAP_HEIGHT
    bars = [".live-figure-transport"] if page.locator(".live-figure-transport").count() else []
    for selector in (*bars, ".live-figure-stage", MAIN[name]):
        place = box(page, selector)
        assert place["top"] >= 0 and place["bottom"] <= SCREEN["height"] and place["right"] <= SCREEN["width"], selector
    assert not page.evaluate(SMALL, LEAST)


@pytest.mark.parametrize("theme", THEMES)
def test_axe_finds_nothing_serious(shown: tuple[str, Page], theme: str) -> None:
    _, page = shown
    page.emulate_media(reduced_motion="reduce", color_scheme="dark" if theme == "dark" else "light")
    at_rest(page)
    drawn(page)
    assert not faults(page)


def test_figures_have_names_and_their_numbers_as_a_table(shown: tuple[str, Page]) -> None:
    _, page = shown
    assert not page.evaluate(UNNAMED)
    figures = page.locator(".live-figure").count()
    buttons = page.locator(".live-figure-table-button")
    assert buttons.count() == figures > 0
    buttons.first.focus()
    page.keyboard.press("Enter")
    table = page.locator(".live-figure-table table").first
    assert len(table.locator("tbody tr").all()) > 5 and table.locator("thead th").count() >= 3
    page.keyboard.press("Enter")
    assert not page.locator(".live-figure-table").count()


@pytest.mark.parametrize(("width", "height"), PHONES)
def test_a_telephone_shows_the_page_whole_with_room_for_fingers(
    shown: tuple[str, Page], width: int, height: int
) -> None:
    _, page = shown
    page.set_viewport_size({"width": width, "height": height})
    at_rest(page)
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert box(page, ".live-figure-stage")["width"] >= PHONE_MAP_WIDTH
    assert not page.evaluate(SMALL, LEAST)


@pytest.mark.parametrize("opened", ["learn"], indirect=True)  # the page that plays by itself
def test_what_plays_keeps_quiet_and_who_wants_stillness_sees_the_end(shown: tuple[str, Page]) -> None:
    _, page = shown
    assert page.evaluate("document.querySelector('.live-figure').dataset.frame") == "epoch 20"
    page.evaluate(SPOKEN)
    page.get_by_role("button", name="Play", exact=True).click()
    page.wait_for_function("document.querySelector('.live-figure').dataset.frame === 'epoch 5'")
    page.get_by_role("button", name="Pause", exact=True).click()
    assert len(page.evaluate("said")) <= 1, "at most once in five seconds"


@pytest.mark.parametrize("theme", THEMES)
def test_axe_finds_nothing_serious_in_the_playground(browser: BrowserContext, serve: Serve, theme: str) -> None:
    page = browser.new_page()
    page.emulate_media(reduced_motion="reduce", color_scheme="dark" if theme == "dark" else "light")
    page.set_viewport_size(SCREEN)
    page.goto(f"{serve(APP)}/playground")
    page.locator(".playground-mark").first.wait_for()
    drawn(page)
    found = faults(page), page.evaluate(SMALL, LEAST)
    page.close()
    assert found == ([], [])

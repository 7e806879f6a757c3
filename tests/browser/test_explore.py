"""Explore in a real browser: a lasso is counted at once, a click asks, a search finds, a link brings it all back."""

from __future__ import annotations

import re
from collections.abc import Iterator

import numpy as np
import pytest
from playwright.sync_api import CDPSession, Page

from core.runs.run_folder import Run
from tests.browser.rest import at_rest
from tests.browser.test_mine import PIXEL

STEP, QUERY = 10, 17
MAP = '.live-figure[aria-label^="Map of the points"]'
COUNTED = f"{MAP} .live-figure-counted"
# From letting the button go to the frame after the number is there, in milliseconds.
WATCH = """(selector) => {
  let released = 0
  addEventListener('pointerup', (event) => { released = event.timeStamp }, true)
  new MutationObserver(() => requestAnimationFrame(() => { window.late ??= performance.now() - released }))
    .observe(document.querySelector(selector), { childList: true, attributes: true })
}"""


@pytest.fixture
def explore(page: Page, address: str, run: Run) -> Page:
    """The page of one snapshot, drawn."""
    page.goto(f"{address}/explore?run={run.folder.name}&epoch=1&query={QUERY}")
    wait_until_drawn(page)
    return page


def wait_until_drawn(page: Page) -> None:
    page.wait_for_selector(f"{MAP} .main-svg", timeout=60_000)
    at_rest(page)


def outline(run: Run) -> tuple[np.ndarray, np.ndarray]:
    """A circle (K, 2) on the map around some of the points, and which these are; none lies near the line."""
    layout = run.snapshot(STEP, "map")["map"].astype(float)
    middle = np.median(layout, axis=0)
    away = np.linalg.norm(layout - middle, axis=1)
    ascending = np.sort(away)
    gap = 60 + int(np.diff(ascending[60:240]).argmax())
    radius = (ascending[gap] + ascending[gap + 1]) / 2
    turns = np.linspace(0, 2 * np.pi, 160)
    return middle + radius * np.stack([np.cos(turns), np.sin(turns)], axis=1), np.flatnonzero(away < radius)


def draw(page: Page, places: np.ndarray) -> None:
    pixels = [page.evaluate(PIXEL, [MAP, *place]) for place in places.tolist()]
    page.mouse.move(*pixels[0])
    page.mouse.down()
    for pixel in pixels[1:]:
        page.mouse.move(*pixel)
    page.mouse.up()


def test_a_lasso_is_counted_at_once_and_its_files_hold_what_is_inside(explore: Page, run: Run) -> None:
    places, inside = outline(run)
    explore.evaluate(WATCH, COUNTED)
    draw(explore, places)
    explore.wait_for_function("window.late !== undefined")
    assert explore.evaluate("window.late") < 100
    assert explore.locator(COUNTED).inner_text() == f"{len(inside)} selected"
    explore.get_by_text(f"{len(inside)} points in the lasso").wait_for()
    at_rest(explore)
    with explore.expect_download() as download:
        explore.get_by_role("button", name="CSV", exact=True).click()
    lines = download.value.path().read_text().splitlines()
    assert [int(line.split(",")[0]) for line in lines[1:]] == inside.tolist()
    assert explore.get_by_role("img", name=f"Images of {min(len(inside), 200)} selected points").is_visible()
    assert f"query={QUERY}" in explore.url


def test_a_click_on_the_map_asks_and_leaves_the_lasso(explore: Page, run: Run) -> None:
    places, inside = outline(run)
    draw(explore, places)
    explore.get_by_text(f"{len(inside)} points in the lasso").wait_for()
    at_rest(explore)
    layout = run.snapshot(STEP, "map")["map"].astype(float)
    apart = np.linalg.norm(layout[:, None] - layout, axis=2) + 99 * np.eye(len(layout))
    loneliest = int(apart.min(axis=1).argmax())
    assert loneliest not in inside
    explore.mouse.click(*explore.evaluate(PIXEL, [MAP, *layout[loneliest].tolist()]))
    explore.wait_for_url(re.compile(f"query={loneliest}(&|$)"))
    at_rest(explore)
    assert explore.get_by_text(f"row {loneliest} asks").is_visible()
    assert explore.get_by_text(f"{len(inside)} points in the lasso").is_visible()


def test_by_keyboard_a_point_asks_and_a_circle_selects(explore: Page) -> None:
    explore.locator(f"{MAP} .live-figure-keys").focus()
    for key in (*["ArrowRight"] * 3, "ArrowUp"):
        explore.keyboard.press(key)
    row = int(explore.locator(f"{MAP} .live-figure-tip").inner_text().split()[-1])
    assert row != QUERY
    explore.keyboard.press("Enter")
    explore.wait_for_url(re.compile(f"query={row}(&|$)"))
    at_rest(explore)
    assert explore.evaluate("document.activeElement.className") == "live-figure-keys", "the focus stays"
    for key in (*["Shift+ArrowUp"] * 6, "Enter"):
        explore.keyboard.press(key)
    count = int(explore.locator(COUNTED).inner_text().split()[0])
    explore.get_by_text(f"{count} points in the lasso").wait_for()
    assert count > 0 and f"query={row}" in explore.url


def test_a_click_on_an_answer_asks_with_it(explore: Page, run: Run) -> None:
    embeddings = run.snapshot(STEP, "embeddings")["embeddings"].astype(float)
    away = np.linalg.norm(embeddings - embeddings[QUERY], axis=1)
    away[QUERY] = np.inf
    nearest = int(away.argmin())
    explore.locator(".st-key-explore-answer-0 button").first.click()
    explore.wait_for_url(re.compile(f"query={nearest}(&|$)"))
    at_rest(explore)
    assert explore.locator('input[type="number"]').input_value() == str(nearest)


def test_a_click_on_a_suspect_brings_its_answers_into_view(explore: Page) -> None:
    suspect = (
        explore.locator(".st-key-explore-suspects").get_by_role("button", name=re.compile(r"^(search )?row")).first
    )
    suspect.wait_for()
    suspect.scroll_into_view_if_needed()
    outside = "(query) => { const { bottom } = query.getBoundingClientRect(); return bottom < 60 }"
    query = explore.locator(".st-key-explore-query")
    assert query.evaluate(outside), "further up than the window shows"
    row = re.search(r"row (\d+)", suspect.inner_text())
    assert row is not None
    suspect.click()
    explore.wait_for_url(re.compile(f"query={row[1]}(&|$)"))
    explore.get_by_text(f"row {row[1]} asks").wait_for()
    explore.wait_for_function("() => document.querySelector('.st-key-explore-query').getBoundingClientRect().top > 0")


def test_a_search_finds_and_a_link_brings_everything_back(explore: Page, run: Run, address: str) -> None:
    sevens = int((run.probe()["labels"] == 7).sum())
    explore.get_by_label("Search").fill("7")
    explore.keyboard.press("Enter")
    explore.get_by_text(f"The search finds {sevens} points").wait_for()
    explore.wait_for_url(re.compile("search=7"))
    at_rest(explore)
    explore.get_by_text("Outliers", exact=True).last.click()
    explore.wait_for_url(re.compile("suspects=outliers"))
    at_rest(explore)
    link = explore.url
    explore.goto("about:blank")
    explore.goto(link)
    wait_until_drawn(explore)
    assert explore.get_by_label("Search").input_value() == "7"
    assert explore.get_by_text(f"{sevens} points found by the search").is_visible()
    assert explore.locator('input[type="number"]').input_value() == str(QUERY)
    assert explore.get_by_text("nearest reach beyond Tukey").count() == 1
    assert link == explore.url


def test_hovering_shows_the_image_without_a_request(explore: Page, run: Run) -> None:
    layout = run.snapshot(STEP, "map")["map"].astype(float)
    asked: list[str] = []
    explore.on("request", lambda request: asked.append(request.url))
    explore.mouse.move(*explore.evaluate(PIXEL, [MAP, *layout[QUERY].tolist()]))
    tip = explore.locator(f"{MAP} .live-figure-tip")
    tip.wait_for(state="visible")
    assert tip.locator("canvas").count() == 1 and "row " in tip.inner_text()
    assert not asked


def test_it_fits_a_small_screen_and_a_telephone(explore: Page) -> None:
    box = explore.locator(f"{MAP} .live-figure-stage").bounding_box()
    assert box and box["y"] + box["height"] <= 720 and box["width"] >= 480 and box["height"] >= 400
    last = explore.locator(".st-key-explore-whole p").last.bounding_box()
    assert last and last["y"] + last["height"] <= 720
    explore.set_viewport_size({"width": 390, "height": 844})
    explore.wait_for_function(f"""document.querySelector('{MAP} .live-figure-stage').clientWidth < 390""")
    at_rest(explore)
    assert explore.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert explore.locator(f"{MAP} .live-figure-stage").bounding_box()["width"] >= 320


@pytest.fixture
def finger(page: Page) -> Iterator[CDPSession]:
    """A telephone that is touched: `Input.dispatchTouchEvent` is its finger."""
    page.set_viewport_size({"width": 390, "height": 844})
    session = page.context.new_cdp_session(page)
    session.send("Emulation.setTouchEmulationEnabled", {"enabled": True, "maxTouchPoints": 1})
    yield session
    session.send("Emulation.setTouchEmulationEnabled", {"enabled": False})
    session.detach()


def stroke(finger: CDPSession, pixels: list[list[float]]) -> None:
    """Put a finger down, move it and lift it."""
    for kind, places in (("touchStart", pixels[:1]), *(("touchMove", [one]) for one in pixels[1:]), ("touchEnd", [])):
        points = [{"x": x, "y": y} for x, y in places]
        finger.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": points})


def test_a_finger_scrolls_until_select_is_on_and_then_draws_a_lasso(
    finger: CDPSession, page: Page, address: str, run: Run
) -> None:
    page.goto(f"{address}/explore?run={run.folder.name}&epoch=1&query={QUERY}")
    wait_until_drawn(page)
    page.locator(f"{MAP} .live-figure-stage").scroll_into_view_if_needed()
    at_rest(page)
    places, inside = outline(run)
    pixels = [page.evaluate(PIXEL, [MAP, *place]) for place in places.tolist()]
    stroke(finger, pixels)
    at_rest(page)
    assert not page.locator(COUNTED).is_visible(), "without the switch a finger scrolls"
    page.locator(f"{MAP} .live-figure-stage").scroll_into_view_if_needed()
    switch = page.locator(f"{MAP} .live-figure-select")
    box = switch.bounding_box()
    assert box and box["width"] >= 44 and box["height"] >= 44 and switch.inner_text() == "Select"
    switch.click()
    assert switch.get_attribute("aria-pressed") == "true"
    before = page.evaluate("document.querySelector('[data-testid=stMain]').scrollTop")
    stroke(finger, [page.evaluate(PIXEL, [MAP, *place]) for place in places.tolist()])
    assert page.locator(COUNTED).inner_text() == f"{len(inside)} selected"
    assert page.evaluate("document.querySelector('[data-testid=stMain]').scrollTop") == before
    page.get_by_text(f"{len(inside)} points in the lasso").wait_for()
    assert f"query={QUERY}" in page.url


def test_a_finger_need_not_hit_a_point_to_ask_with_it(finger: CDPSession, page: Page, address: str, run: Run) -> None:
    page.goto(f"{address}/explore?run={run.folder.name}&epoch=1&query={QUERY}")
    wait_until_drawn(page)
    page.locator(f"{MAP} .live-figure-stage").scroll_into_view_if_needed()
    at_rest(page)
    layout = run.snapshot(STEP, "map")["map"].astype(float)
    pixels = np.array([page.evaluate(PIXEL, [MAP, *place]) for place in layout.tolist()])
    apart = np.linalg.norm(pixels[:, None] - pixels, axis=2) + 999 * np.eye(len(pixels))
    loneliest = int(apart.min(axis=1).argmax())
    away = pixels[apart[loneliest].argmin()] - pixels[loneliest]
    stroke(finger, [(pixels[loneliest] - 12 * away / np.linalg.norm(away)).tolist()])
    page.wait_for_url(re.compile(f"query={loneliest}(&|$)"))

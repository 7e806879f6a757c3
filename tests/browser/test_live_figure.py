"""The live figure in a real browser: it keeps its node and zoom, plays, drags, selects, and is silent until release."""

from __future__ import annotations

import json
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from playwright.sync_api import BrowserContext, Locator, Page, Route, expect

from tests.browser.blobs import blobs
from tests.browser.rest import at_rest, painted
from tests.browser.served import Serve

PAGE = Path(__file__).with_name("live_figure_page.py")
FIGURE = ".live-figure"
OpenCase = Callable[..., list[float]]  # from a case and the rest of its query to the frames that are sent
STATE = '.st-key-report [data-testid="stText"]'
UPDATES = """() => {
  const figure = document.querySelector('.live-figure')
  window.watched = { figure, plot: figure.querySelector('.js-plotly-plot'), removed: 0, ticks: new Set() }
  new MutationObserver((changes) => changes.forEach((change) => change.removedNodes.forEach((node) => {
    if (node.nodeType === 1 && (node.matches('[data-testid=stElementContainer]')
        || node.querySelector('[data-testid=stElementContainer]'))) window.watched.removed += 1
  }))).observe(document.body, { childList: true, subtree: true })
}"""


# Seconds in which the points are drawn twenty times more.
TWENTY_DRAWS = """() => new Promise((done) => {
  const canvas = document.querySelector('.live-figure-points')
  const [first, start] = [canvas.draws, performance.now()]
  requestAnimationFrame(function look(now) {
    canvas.draws >= first + 20 ? done((now - start) / 1000) : requestAnimationFrame(look)
  })
})"""


# Whether anything red is drawn on the left half of the canvas, and on the right one.
RED_HALVES = """() => {
  const canvas = document.querySelector('.live-figure-points')
  const { width, height } = canvas
  return [0, width / 2].map((left) => {
    const { data } = canvas.getContext('2d').getImageData(left, 0, width / 2, height)
    return data.some((value, at) => at % 4 === 0 && value > 180 && data[at + 1] < 60 && data[at + 3] > 200)
  })
}"""


@pytest.fixture
def open_case(page: Page, serve: Serve) -> OpenCase:
    """Open one case of the test page and wait for its first figure; frames sent by the browser are recorded."""

    def go(case: str, rest: str = "") -> list[float]:
        sent: list[float] = []
        page.on("websocket", lambda socket: socket.on("framesent", lambda _: sent.append(time.monotonic())))
        page.goto(f"{serve(PAGE)}/?case={case}{rest}")
        page.wait_for_selector(f"{FIGURE} .main-svg")
        page.wait_for_function("document.querySelector('.live-figure-points').draws > 0")
        return sent

    return go


def asked_once_in_vain(page: Page) -> list[str]:
    """The addresses of contents that the page asks for from now on; the first one is answered with 404."""
    asked: list[str] = []

    def answer(route: Route) -> None:
        asked.append(route.request.url)
        route.fulfill(status=404) if len(asked) == 1 else route.continue_()

    page.route("**/vendor/frames/*", answer)
    return asked


def reported(page: Page) -> dict[str, Any]:
    return json.loads(page.locator(STATE).inner_text())


def wait_for_report(page: Page, part: str, value: object) -> None:
    deadline = time.monotonic() + 30
    while reported(page)[part] != value and time.monotonic() < deadline:
        page.wait_for_timeout(50)
    assert reported(page)[part] == value


def middle(locator: Locator) -> tuple[float, float]:
    box = locator.bounding_box()
    return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2


def test_sixty_updates_keep_the_node_and_the_zoom(page: Page, open_case: OpenCase) -> None:
    open_case("live")
    page.evaluate(UPDATES)
    ranges = "[...watched.plot._fullLayout.xaxis.range, ...watched.plot._fullLayout.yaxis.range]"
    whole = page.evaluate(ranges)
    x, y = middle(page.locator(".nsewdrag"))
    page.mouse.move(x - 151, y - 73)
    page.mouse.down()
    page.mouse.move(x + 97, y + 51, steps=5)
    page.mouse.up()
    page.wait_for_function(f"JSON.stringify({ranges}) !== '{json.dumps(whole).replace(' ', '')}'")
    zoomed = page.evaluate(ranges)
    first = int(page.locator(".annotation-text").text_content().split()[-1])
    page.wait_for_function(
        "(last) => Number(document.querySelector('.annotation-text').textContent.split(' ').at(-1)) >= last",
        arg=first + 60,
        timeout=60_000,
    )
    assert page.evaluate("watched.figure.isConnected && watched.plot === document.querySelector('.js-plotly-plot')")
    np.testing.assert_allclose(page.evaluate(ranges), zoomed, atol=1e-6)
    assert page.evaluate("watched.removed") == 0


def test_words_move_while_plotly_is_left_alone(page: Page, open_case: OpenCase) -> None:
    open_case("words")
    at_rest(page)
    assert page.evaluate(RED_HALVES) == [False, True], "the last frame has the word on the right"
    page.evaluate("""() => {
      window.plotted = 0
      document.querySelector('.js-plotly-plot').on('plotly_afterplot', () => { window.plotted += 1 })
    }""")
    page.get_by_role("button", name="One frame back").click()
    at_rest(page)
    assert page.evaluate(RED_HALVES) == [True, False]
    assert page.evaluate("window.plotted") == 0


def test_words_give_way_to_each_other(page: Page, open_case: OpenCase) -> None:
    """Of three on one place two step aside, all stay within the view, and what stands alone stays."""
    open_case("words")
    found = page.evaluate("""async () => {
      const main = performance.getEntriesByType('resource').find(({ name }) => name.endsWith('/words.js')).name
      const { aside } = await import(main)
      const view = { left: 0, top: 0, width: 200, height: 100 }
      return aside([[50, 50, 30, 10], [52, 51, 30, 10], [48, 50, 30, 10], [150, 5, 30, 10], [150, 4, 30, 10]], view)
    }""")
    assert found == [[0, 0], [0, 10], [0, -10], [0, 0], [30, 0]]


def test_five_thousand_points_move_smoothly(page: Page, open_case: OpenCase) -> None:
    open_case("fast")
    seconds = min(page.evaluate(TWENTY_DRAWS) for _ in range(3))
    print(f"\n5,000 points, two updates a second: {20 / seconds:.0f} draws a second")
    assert 20 / seconds > 5, "the figure must move at all"


def test_scrubbing_plays_pauses_and_steps(page: Page, open_case: OpenCase) -> None:
    open_case("scrub")
    label = page.locator(".live-figure-label")
    assert label.inner_text() == "epoch 20 of 20"
    page.get_by_role("button", name="One frame back").click()
    wait_for_report(page, "frame", "epoch 19")
    page.get_by_role("button", name="Play").click()
    page.get_by_role("button", name="Pause").wait_for()
    page.wait_for_function("document.querySelector('.live-figure-label').textContent.startsWith('epoch 20')")
    page.get_by_role("button", name="Play", exact=True).wait_for()
    wait_for_report(page, "frame", "epoch 20")


def test_playing_reports_nothing_until_the_pause(page: Page, open_case: OpenCase) -> None:
    sent = open_case("scrub")
    at_rest(page)
    sent.clear()
    page.get_by_role("button", name="Play").click()
    page.wait_for_function("document.querySelector('.live-figure-label').textContent.startsWith('epoch 5 ')")
    assert not sent
    page.get_by_role("button", name="Pause").click()
    shown = page.locator(".live-figure-label").inner_text().split(" of")[0]
    wait_for_report(page, "frame", shown)
    at_rest(page)
    assert len(sent) == 1


def test_the_bar_answers_to_the_keyboard(page: Page, open_case: OpenCase) -> None:
    open_case("scrub")
    bar = page.get_by_role("slider", name="Frame")
    bar.focus()
    for _ in range(3):
        page.keyboard.press("ArrowLeft")
    assert bar.get_attribute("aria-valuetext") == "epoch 17 of 20"
    wait_for_report(page, "frame", "epoch 17")
    page.keyboard.press("Space")
    page.get_by_role("button", name="Pause").wait_for()
    page.keyboard.press("Space")
    page.get_by_role("button", name="Play").wait_for()


def test_a_figure_of_the_group_follows_to_the_last_frame_it_has(page: Page, open_case: OpenCase) -> None:
    open_case("scrub")
    page.get_by_role("slider", name="Frame").fill("13")
    wait_for_report(page, "frame", "epoch 13")
    at_rest(page)
    draws = page.evaluate("document.querySelectorAll('.live-figure-points')[1].draws")
    assert draws > 1, "the follower is drawn"
    followed = page.evaluate("document.querySelectorAll('.live-figure')[1].dataset.frame")
    assert followed == "epoch 10"


def test_a_recorded_run_plays_by_itself(page: Page, open_case: OpenCase) -> None:
    open_case("scrub", "&autoplay=1")
    page.wait_for_function("document.querySelector('.live-figure-label').textContent.startsWith('epoch 3 ')")


def test_a_reader_who_wants_stillness_gets_the_last_frame(page: Page, open_case: OpenCase) -> None:
    page.emulate_media(reduced_motion="reduce")
    open_case("scrub", "&autoplay=1")
    page.get_by_role("button", name="Play", exact=True).wait_for()
    assert page.locator(".live-figure-label").inner_text() == "epoch 20 of 20"


def test_frames_of_a_long_run_are_all_there_in_their_order(browser: BrowserContext, serve: Serve) -> None:
    """Also where the server has dropped a list of them, which is asked for again."""
    with browser.new_page() as tab:
        asked = asked_once_in_vain(tab)
        tab.goto(f"{serve(PAGE)}/?case=long")
        label = tab.locator(".live-figure-label")
        expect(label).to_have_text("epoch 250 of 250", timeout=30_000)
        assert asked[0].count(",") == 1, "two lists"
        for frame in (0, 99, 100, 201):
            tab.get_by_role("slider", name="Frame").fill(str(frame))
            expect(label).to_have_text(f"epoch {frame} of 250")


def test_new_frames_are_followed_only_from_the_last_one(page: Page, open_case: OpenCase) -> None:
    open_case("growing")
    page.wait_for_function("Number(document.querySelector('.live-figure-label').textContent.split(' ')[1]) >= 5")
    page.get_by_role("slider", name="Frame").fill("2")
    total = "Number(document.querySelector('.live-figure-label').textContent.split(' of ')[1])"
    page.wait_for_function(f"(more) => {total} >= more", arg=page.evaluate(total) + 3)
    assert page.locator(".live-figure-label").inner_text().split(" of ")[0] == "epoch 2"


def test_dragging_is_silent_until_release_and_readouts_are_exact(page: Page, open_case: OpenCase) -> None:
    sent = open_case("handle")
    stops = np.sort(np.random.default_rng(1).uniform(0, 2, 1000))
    handle = page.get_by_role("slider", name="Threshold").first
    x, y = middle(page.locator(".live-figure-grip").first)
    at_rest(page)
    sent.clear()
    page.mouse.move(x, y)
    page.mouse.down()
    for step in range(20):
        page.mouse.move(x + 18 * step, y)
        painted(page)
        value = float(handle.get_attribute("aria-valuenow"))
        row = int(np.flatnonzero(stops == value)[0])
        shown = page.locator(".live-figure-readout-value").all_inner_texts()
        assert shown == [f"{row:,d}", f"{100 - row / 10:.1f} %", f"{100 - row / 10:.1f} %"]
        assert f"at most {value:.2f}. {row:,d} of" in page.locator(".live-figure-sentence").inner_text()
    assert not sent
    runs = int(page.get_by_text("runs ").inner_text().split()[1])
    page.mouse.up()
    wait_for_report(page, "handles", {"threshold": value})
    at_rest(page)
    assert len(sent) == 1
    assert int(page.get_by_text("runs ").inner_text().split()[1]) == runs + 1


def test_a_drag_paints_at_once(page: Page, open_case: OpenCase) -> None:
    open_case("handle")
    x, y = middle(page.locator(".live-figure-grip").first)
    page.evaluate("""() => {
      window.delays = []
      document.querySelector('.live-figure-handle').addEventListener('pointermove', (event) =>
        requestAnimationFrame(() => requestAnimationFrame((now) => delays.push(now - event.timeStamp))))
    }""")
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x + 360, y, steps=60)
    page.mouse.up()
    delays = page.evaluate("delays")
    print(f"\nfrom pointer to the frame after the painted one: p95 {np.percentile(delays, 95):.0f} ms of {len(delays)}")
    assert len(delays) > 10


def test_the_keyboard_moves_a_handle_stop_by_stop(page: Page, open_case: OpenCase) -> None:
    open_case("handle")
    stops = np.sort(np.random.default_rng(1).uniform(0, 2, 1000))
    handle = page.get_by_role("slider", name="Threshold").first
    before = float(handle.get_attribute("aria-valuenow"))
    handle.focus()
    page.keyboard.press("ArrowRight")
    after = float(handle.get_attribute("aria-valuenow"))
    assert np.flatnonzero(stops == after) - np.flatnonzero(stops == before) == 1
    assert "accepted" in handle.get_attribute("aria-valuetext")
    wait_for_report(page, "handles", {"threshold": after})


def test_a_value_from_the_page_moves_the_handle(page: Page, open_case: OpenCase) -> None:
    open_case("handle")
    page.get_by_role("button", name="Choose 1.5").click()
    page.wait_for_function(
        "Math.abs(document.querySelector('[role=slider]').getAttribute('aria-valuenow') - 1.5) < 0.02"
    )


def test_margins_recolour_points_while_dragged(page: Page, open_case: OpenCase) -> None:
    open_case("diagonal")
    x, y = middle(page.locator(".live-figure-grip"))
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x, y - 80, steps=8)
    painted(page)
    margin = float(page.get_by_role("slider", name="Margin").get_attribute("aria-valuenow"))
    page.mouse.up()
    assert margin > 0.25
    wait_for_report(page, "handles", {"margin": margin})


def point_under_pointer(page: Page) -> tuple[float, float]:
    """Move along the middle of the figure until a tooltip shows; the place it showed at."""
    box = page.locator(".live-figure-stage").bounding_box()
    for across in np.arange(0.55, 0.95, 0.004):
        x, y = box["x"] + across * box["width"], box["y"] + box["height"] / 2
        page.mouse.move(x, y)
        if page.locator(".live-figure-tip").is_visible():
            return x, y
    raise AssertionError("no point found along the middle")


def test_hover_shows_the_tile_without_a_request(page: Page, open_case: OpenCase) -> None:
    open_case("select")
    page.wait_for_load_state("networkidle")
    requests: list[str] = []
    page.on("request", lambda request: requests.append(request.url))
    point_under_pointer(page)
    assert page.locator(".live-figure-tip").inner_text().startswith("image ")
    drawn = "document.querySelector('.live-figure-tile canvas').getContext('2d').getImageData(0, 0, 8, 8).data[3]"
    assert page.evaluate(drawn) == 255
    assert not requests


def test_a_click_reports_the_point_and_a_click_beside_clears(page: Page, open_case: OpenCase) -> None:
    open_case("select")
    x, y = point_under_pointer(page)
    row = int(page.locator(".live-figure-tip").inner_text().split()[-1])
    page.mouse.click(x, y)
    wait_for_report(page, "selected", {f"class {row % 5}": [row]})
    box = page.locator(".live-figure-stage").bounding_box()
    page.mouse.click(box["x"] + box["width"] / 2, box["y"] + 60)
    wait_for_report(page, "selected", {})


def test_a_lasso_reports_what_is_inside(page: Page, open_case: OpenCase) -> None:
    open_case("select")
    plot = page.locator(".nsewdrag").bounding_box()
    left, top, right, bottom = (
        plot["x"] + plot["width"] * 0.62,
        plot["y"] + 100,
        plot["x"] + plot["width"] - 20,
        plot["y"] + 230,
    )
    page.mouse.move(left, top)
    page.mouse.down()
    for x, y in ((right, top), (right, bottom), (left, bottom), (left, top + 5)):
        page.mouse.move(x, y, steps=6)
    page.mouse.up()
    page.wait_for_function("(state) => document.querySelector(state).textContent.includes('class 0')", arg=STATE)
    selected = reported(page)["selected"]
    assert len(selected["class 0"]) > 20
    assert all(row % 5 == 0 for row in selected["class 0"])


# Where the axes put places: offset, length and range of both, and the middle and the radius of the circle.
CIRCLE = """() => {
  const { xaxis: x, yaxis: y } = document.querySelector('.js-plotly-plot')._fullLayout
  const circle = document.querySelector('.live-figure-overlay circle.live-figure-lasso')
  return [...[x, y].map(({ _offset, _length, range }) => [_offset, _length, ...range]),
          ['cx', 'cy', 'r'].map((name) => Number(circle.getAttribute(name)))]
}"""


def test_a_point_is_chosen_by_keyboard(page: Page, open_case: OpenCase) -> None:
    open_case("select")
    for _ in range(8):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.className") == "live-figure-keys":
            break
    expect(page.locator(".live-figure-said")).to_contain_text("Arrow keys move the cross")
    for _ in range(12):
        page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowUp")
    pointed_at = page.locator(".live-figure-tip").inner_text()
    expect(page.locator(".live-figure-said")).to_have_text(pointed_at)
    page.keyboard.press("Enter")
    row = int(pointed_at.split()[-1])
    wait_for_report(page, "selected", {f"class {row % 5}": [row]})
    expect(page.locator(".live-figure-said")).to_have_text(f"Chosen: {pointed_at}")
    page.keyboard.press("Escape")
    wait_for_report(page, "selected", {})
    page.keyboard.press("Tab")
    expect(page.locator(".live-figure-said")).to_be_hidden()
    expect(page.locator(".live-figure-cross")).to_be_hidden()


def test_a_circle_is_sized_and_kept_by_keyboard(page: Page, open_case: OpenCase) -> None:
    open_case("select")
    page.locator(".live-figure-keys").focus()
    for key in (*["ArrowRight"] * 14, *["Shift+ArrowUp"] * 9, "Shift+ArrowLeft", "ArrowDown"):
        page.keyboard.press(key)
    (left, width, *across), (top, height, low, high), (x, y, radius) = page.evaluate(CIRCLE)
    assert radius == 80
    cloud = blobs(300, 16)
    at = left + (cloud[0].astype(float) - across[0]) / (across[1] - across[0]) * width
    down = top + (high - cloud[1].astype(float)) / (high - low) * height
    inside = np.flatnonzero(np.hypot(at - x, down - y) <= radius)
    assert 5 < len(inside) < 295
    expect(page.locator(".live-figure-said")).to_have_text(f"{len(inside)} in the circle, Enter selects")
    assert not reported(page)["selected"], "nothing is told before it is kept"
    page.keyboard.press("Enter")
    expected = {f"class {label}": [row for row in inside.tolist() if row % 5 == label] for label in range(5)}
    wait_for_report(page, "selected", {name: rows for name, rows in expected.items() if rows})
    expect(page.locator(".live-figure-counted")).to_contain_text(f"{len(inside)} selected")
    page.keyboard.press("Shift+ArrowUp")
    page.keyboard.press("Escape")
    assert page.evaluate(CIRCLE)[2][2] == 0 and reported(page)["selected"], "the circle goes first"
    page.keyboard.press("Escape")
    wait_for_report(page, "selected", {})


def test_text_is_readable_in_the_dark(page: Page, open_case: OpenCase) -> None:
    page.emulate_media(color_scheme="dark")
    open_case("select")
    fill = "getComputedStyle(document.querySelector('.xtick text')).fill.match(/\\\\d+/g).slice(0, 3).map(Number)"
    assert min(page.evaluate(fill.replace("\\\\", "\\"))) > 150


def test_a_server_answers_beside_its_pages_and_knows_runs_by_plain_names(serve: Serve) -> None:
    address = serve(PAGE)
    assert status(f"{address}/vendor/plotly.min.js") == status(f"{address}/runs/tiles/probe.png") == 200
    assert status(f"{address}/vendor/frames/{'0' * 32}") == 404
    for name in ("unknown", "..%2Ftiles", ".tiles", "a" * 101):
        assert status(f"{address}/runs/{name}/probe.png") in (400, 404)


def status(address: str) -> int:
    try:
        with urllib.request.urlopen(address, timeout=20) as answer:
            return answer.status
    except urllib.error.HTTPError as error:
        with error:
            return error.code


def test_a_missing_plotly_is_said_in_words(browser: BrowserContext, serve: Serve) -> None:
    with browser.new_page() as tab:
        tab.route("**/vendor/plotly.min.js*", lambda route: route.abort())
        tab.goto(f"{serve(PAGE)}/?case=select")
        tab.get_by_text("This figure could not be drawn").wait_for()


def test_a_large_figure_that_the_server_has_dropped_is_asked_for_again(browser: BrowserContext, serve: Serve) -> None:
    with browser.new_page() as tab:
        asked = asked_once_in_vain(tab)
        tab.goto(f"{serve(PAGE)}/?case=large")
        tab.wait_for_function("document.querySelector('.live-figure-points')?.draws > 0")
        assert len(asked) == 2 and asked[0] == asked[1]
        assert tab.evaluate(RED_HALVES) == [True, True]

"""The maps of a comparison in a browser: what is marked in one is marked in all, and links go where the bar is."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

import numpy as np
import pytest
from playwright.sync_api import Page, expect

from core.runs.run_folder import Run
from tests.browser.rest import at_rest, painted
from tests.browser.served import Serve
from tests.dashboard.compare.test_panel import seeded
from tests.dashboard.made_runs import EXPERIMENT, made_run
from tests.engines import without_engine
from tests.imports import ROOT

MAPS = '.live-figure[aria-label^="Maps and pair distances"]'
COUNTED = f"{MAPS} .live-figure-counted"
STEP = 20
# Of a place on the axes of a map, by its number in plotly's names, the pixel of the window.
PIXEL = """([selector, number, x, y]) => {
  const plot = document.querySelector(`${selector} .js-plotly-plot`)
  const [across, down] = [plot._fullLayout[`xaxis${number}`], plot._fullLayout[`yaxis${number}`]]
  const { left, top } = plot.getBoundingClientRect()
  return [left + across._offset + across.d2p(x), top + down._offset + down.d2p(y)]
}"""
# Where the rings are that show, in pixels of the figure.
RINGS = f"""() => [...document.querySelectorAll('{MAPS} .live-figure-ring[visibility=visible]')]
  .map((ring) => [Number(ring.getAttribute('cx')), Number(ring.getAttribute('cy'))])"""
# In each third of the figure from the left, how many pixels of points are opaque, and how many are faint.
INKS = f"""() => {{
  const canvas = document.querySelector('{MAPS} .live-figure-points')
  const third = Math.floor(canvas.width / 3)
  return [0, 1, 2].map((place) => {{
    const {{ data }} = canvas.getContext('2d').getImageData(place * third, 0, third, canvas.height)
    let [opaque, faint] = [0, 0]
    for (let at = 3; at < data.length; at += 4) data[at] > 120 ? opaque += 1 : data[at] > 0 && (faint += 1)
    return opaque / (opaque + faint)
  }})
}}"""


@pytest.fixture(scope="module")
def compared(tmp_path_factory: pytest.TempPathFactory) -> list[Run]:
    """Three runs of the same held-out samples, and one of others, in a store of their own."""
    root = tmp_path_factory.mktemp("compared")
    paced = [replace(EXPERIMENT.schedule, learning_rate=rate) for rate in (0.001, 0.002, 0.003)]
    return [made_run(root, one) for one in (*(replace(EXPERIMENT, schedule=pace) for pace in paced), seeded(3))]


@pytest.fixture
def compare(page: Page, serve: Serve, compared: list[Run]) -> Iterator[Page]:
    """The page with the three, drawn."""
    with without_engine(compared[0].folder.parents[1]):
        show(page, serve, compared[:3])
        yield page


def show(page: Page, serve: Serve, shown: list[Run]) -> None:
    names, root = ",".join(run.folder.name for run in shown), shown[0].folder.parents[1]
    page.goto(f"{serve(ROOT / 'dashboard' / 'app.py', {'METRIC_LAB_STORE': str(root)})}/compare?runs={names}")
    page.wait_for_selector(f"{MAPS} .main-svg", timeout=60_000)
    at_rest(page)


def outline(run: Run) -> tuple[np.ndarray, int]:
    """A circle (K, 2) on the first map around some of its points, which none lies near, and how many these are."""
    layout = run.snapshot(STEP, "map")["map"].astype(float)
    middle = np.median(layout, axis=0)
    away = np.sort(np.linalg.norm(layout - middle, axis=1))
    gap = 60 + int(np.diff(away[60:200]).argmax())
    radius = (away[gap] + away[gap + 1]) / 2
    turns = np.linspace(0, 2 * np.pi, 80)
    return middle + radius * np.stack([np.cos(turns), np.sin(turns)], axis=1), gap + 1


def draw(page: Page, places: np.ndarray) -> None:
    pixels = [page.evaluate(PIXEL, [MAPS, "", *place]) for place in places.tolist()]
    page.mouse.move(*pixels[0])
    page.mouse.down()
    for pixel in pixels[1:]:
        page.mouse.move(*pixel)
    page.mouse.up()


def test_what_a_lasso_marks_in_one_map_stands_out_in_all_without_a_request(compare: Page, compared: list[Run]) -> None:
    places, count = outline(compared[0])
    sent: list[object] = []
    compare.on("request", lambda request: sent.append(request.url))
    scripts = compare.evaluate("document.querySelectorAll('[data-stale=true]').length")
    all_alike = compare.evaluate(INKS)
    draw(compare, places)
    expect(compare.locator(COUNTED)).to_have_text(f"{count} selected in every map")
    at_rest(compare)
    assert not sent and compare.evaluate("document.querySelectorAll('[data-stale=true]').length") == scripts
    marked = compare.evaluate(INKS)
    assert all(now < 0.8 * before for now, before in zip(marked, all_alike, strict=True)), "the others step back"
    compare.wait_for_function("!document.querySelector('.live-figure .select-outline')")  # points move on, it does not
    compare.get_by_role("button", name="One frame back").click()
    at_rest(compare)
    expect(compare.locator(COUNTED)).to_have_text(f"{count} selected in every map")
    compare.keyboard.press("Escape")
    expect(compare.locator(COUNTED)).to_be_hidden()


def test_of_samples_that_not_every_map_shows_it_is_said_which_do(page: Page, serve: Serve, compared: list[Run]) -> None:
    with without_engine(compared[0].folder.parents[1]):
        show(page, serve, compared[2:])
        places, count = outline(compared[2])
        draw(page, places)
        inside = inside_of(places, compared[2].snapshot(STEP, "map")["map"].astype(float))
        also = np.isin(compared[2].probe()["rows"][inside], compared[3].probe()["rows"]).sum()
        assert 0 < also < count == inside.sum()
        said = page.locator(COUNTED)
        expect(said).to_contain_text(f"{count} selected: {count} in")
        expect(said).to_contain_text(f", {also} in")


def inside_of(circle: np.ndarray, points: np.ndarray) -> np.ndarray:
    """(K, 2), (N, 2) -> which of the points the circle holds, (N,)."""
    middle = (circle.max(axis=0) + circle.min(axis=0)) / 2
    return np.linalg.norm(points - middle, axis=1) < np.ptp(circle[:, 0]) / 2


def test_a_button_selects_none_and_shift_adds(compare: Page, compared: list[Run]) -> None:
    places, count = outline(compared[0])
    draw(compare, places)
    expect(compare.locator(COUNTED)).to_have_text(f"{count} selected in every map")
    middle, layout = places.mean(axis=0), compared[0].snapshot(STEP, "map")["map"].astype(float)
    farthest = layout[np.linalg.norm(layout - middle, axis=1).argmax()]
    compare.keyboard.down("Shift")
    draw(compare, farthest + 0.1 * (places - middle))
    compare.keyboard.up("Shift")
    compare.wait_for_function(
        "([selector, count]) => parseInt(document.querySelector(selector).textContent) > count", arg=[COUNTED, count]
    )
    compare.get_by_role("button", name="Select none").click()
    expect(compare.locator(COUNTED)).to_be_hidden()


def test_a_lasso_over_the_distances_leaves_what_is_marked(compare: Page, compared: list[Run]) -> None:
    places, count = outline(compared[0])
    draw(compare, places)
    expect(compare.locator(COUNTED)).to_have_text(f"{count} selected in every map")
    box = compare.locator(f"{MAPS} .live-figure-stage").bounding_box()
    assert box
    x, y = box["x"] + 60, box["y"] + box["height"] - 50
    compare.mouse.move(x, y)
    compare.mouse.down()
    for across, down in ((80, 0), (80, 20), (0, 20)):
        compare.mouse.move(x + across, y + down, steps=4)
    compare.mouse.up()
    compare.wait_for_timeout(400)  # plotly tells of a lasso late
    expect(compare.locator(COUNTED)).to_have_text(f"{count} selected in every map")
    assert not compare.locator(".live-figure .select-outline").count()


def test_what_is_pointed_at_has_a_ring_in_every_map(compare: Page, compared: list[Run]) -> None:
    layouts = [run.snapshot(STEP, "map")["map"].astype(float) for run in compared]
    apart = np.linalg.norm(layouts[0][:, None] - layouts[0], axis=2) + 99 * np.eye(len(layouts[0]))
    loneliest = int(apart.min(axis=1).argmax())
    compare.mouse.move(*compare.evaluate(PIXEL, [MAPS, "", *layouts[0][loneliest].tolist()]))
    painted(compare)
    rings = compare.evaluate(RINGS)
    assert len(rings) == 3 and len({round(across) for across, _ in rings}) == 3
    compare.mouse.move(5, 5)
    painted(compare)
    assert not compare.evaluate(RINGS)


def test_links_go_to_the_run_at_the_epoch_where_the_bar_stands_and_back(compare: Page, compared: list[Run]) -> None:
    compare.get_by_role("slider", name="Frame").fill("1")
    links = compare.locator(".st-key-compare-ways a")
    expect(links.nth(1)).to_have_attribute("href", re.compile(r"mine\?.*[?&]epoch=1(&|$)"))
    links.nth(4).click()
    compare.wait_for_url(re.compile("/mine"))
    at_rest(compare)
    assert f"run={compared[1].folder.name}" in compare.url and "epoch=1" in compare.url
    compare.go_back()
    compare.wait_for_selector(f"{MAPS} .main-svg")
    at_rest(compare)
    assert compare.locator(f"{MAPS}").get_attribute("data-frame") == "epoch 1"


def test_a_circle_by_keyboard_marks_in_every_map_and_shift_adds(compare: Page) -> None:
    compare.locator(f"{MAPS} .live-figure-keys").focus()
    for key in (*["Shift+ArrowUp"] * 4, "Enter"):
        compare.keyboard.press(key)
    expect(compare.locator(COUNTED)).to_have_text(re.compile(r"^\d+ selected in every map$"))
    count = int(compare.locator(COUNTED).inner_text().split()[0])
    assert count > 0
    for key in (*["ArrowRight"] * 3, *["Shift+ArrowUp"] * 5, "Shift+Enter"):
        compare.keyboard.press(key)
    compare.wait_for_function(
        "([selector, count]) => parseInt(document.querySelector(selector).textContent) > count", arg=[COUNTED, count]
    )
    compare.keyboard.press("Escape")
    expect(compare.locator(COUNTED)).to_be_hidden()

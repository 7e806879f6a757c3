"""The Mine page in a real browser: the margin is dragged in silence, and every count it shows on the way is core's."""

from __future__ import annotations

import re

import numpy as np
import pytest
from playwright.sync_api import Page

from core.runs.run_folder import Run
from core.statistics.anchor_census import AnchorTriplets, census_of_anchor, distances_from
from core.statistics.triplet_census import census
from dashboard.figures.choices import for_the_plane
from tests.browser.rest import at_rest, painted
from tests.imports import ROOT

APP = ROOT / "dashboard" / "app.py"
STEP, ANCHOR = 10, 17
MAP, PLANE = '.live-figure[aria-label^="Map"]', '.live-figure[aria-label^="Triplets"]'
# Pixels on the page of a place (x, y) in the figure.
PIXEL = """([figure, x, y]) => {
  const plot = document.querySelector(figure).querySelector('.js-plotly-plot')
  const { xaxis, yaxis } = plot._fullLayout
  const box = plot.getBoundingClientRect()
  return [box.left + xaxis._offset + xaxis.r2p(x), box.top + yaxis._offset + yaxis.r2p(y)]
}"""
TILES = """() => [...document.querySelectorAll('.live-figure-tip:not([hidden]) canvas')].map((canvas) => {
  const { data } = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height)
  return Array.from({ length: 64 }, (_, k) => data[4 * (canvas.width * (10 * (k >> 3) + 5) + 10 * (k & 7) + 5)])
})"""


@pytest.fixture(scope="module")
def triplets(run: Run) -> AnchorTriplets:
    arrays = run.snapshot(STEP, "embeddings", "margins")
    to_others = distances_from(arrays["embeddings"], ANCHOR)
    return census_of_anchor(to_others, run.probe()["labels"], ANCHOR, arrays["margins"])


@pytest.fixture
def mine(page: Page, address: str) -> Page:
    """The page at one epoch and anchor, drawn, and the frames it sends."""
    sent: list[object] = []
    page.on("websocket", lambda socket: socket.on("framesent", lambda frame: sent.append(frame)))
    page.goto(f"{address}/mine?epoch=1&anchor={ANCHOR}")
    wait_until_drawn(page)
    page.sent = sent
    return page


def wait_until_drawn(page: Page) -> None:
    page.wait_for_selector(f"{PLANE} .live-figure-readout-value", timeout=60_000)
    page.wait_for_selector(f"{MAP} .main-svg")
    page.wait_for_function("[...document.querySelectorAll('.live-figure-points')].every((canvas) => canvas.draws > 0)")
    at_rest(page)


def shown(page: Page) -> tuple[float, list[int], list[int]]:
    """The margin, and the counts hard, semi-hard and easy of all anchors and of this one, as the reader sees them."""
    readouts = page.locator(f"{PLANE} .live-figure-readout-value").all_inner_texts()
    sentence = page.locator(f"{PLANE} .live-figure-sentence").inner_text()
    margin, own = re.fullmatch(r"Margin ([\d.]+)\. This anchor alone: (.*)\.", sentence).groups()
    return float(margin), [number(readout.split(" · ")[0]) for readout in readouts], [*map(number, own.split(" · "))]


def number(text: str) -> int:
    return int(re.sub(r"[^\d]", "", text))


def expected(run: Run, triplets: AnchorTriplets, margin: float) -> tuple[list[int], list[int]]:
    whole = census(run.snapshot(STEP)["embeddings"], run.probe()["labels"], margin)
    near, far = triplets.to_positives[:, None], triplets.to_negatives
    hard, closer = int((far < near).sum()), int((far < near + margin).sum())
    return [whole.hard, whole.semi_hard, whole.easy], [hard, closer - hard, triplets.total - closer]


def test_dragging_is_silent_and_every_count_is_cores(mine: Page, run: Run, triplets: AnchorTriplets) -> None:
    stops = triplets.margins[np.linspace(1, 55, 20).astype(int)]
    across = 0.2
    grip = mine.locator(f"{PLANE} .live-figure-grip").bounding_box()
    mine.mouse.move(grip["x"] + grip["width"] / 2, grip["y"] + grip["height"] / 2)
    mine.mouse.down()
    mine.sent.clear()
    seen = set()
    for stop in stops:
        mine.mouse.move(*mine.evaluate(PIXEL, [PLANE, across, across + stop]))
        painted(mine)
        margin, whole, own = shown(mine)
        assert margin == pytest.approx(stop, abs=5e-4)
        assert (whole, own) == expected(run, triplets, stop)
        seen.add(tuple(whole))
    assert len(seen) == 20, "every stop must show other counts"
    assert not mine.sent
    mine.mouse.up()
    mine.wait_for_url(re.compile(f"margin={stops[-1]:g}"))
    assert mine.sent
    assert shown(mine) == (margin, whole, own), "the answer of the server must move nothing"


def test_the_map_follows_the_drag(mine: Page, triplets: AnchorTriplets) -> None:
    picture = "(figure) => document.querySelector(figure).querySelector('.live-figure-points').toDataURL()"
    before = {figure: mine.evaluate(picture, figure) for figure in (MAP, PLANE)}
    mine.locator(f"{PLANE} .live-figure-handle").focus()
    for _ in range(3):
        mine.keyboard.down("PageUp")
    painted(mine)
    assert all(mine.evaluate(picture, figure) != pixels for figure, pixels in before.items())
    mine.keyboard.up("PageUp")
    mine.wait_for_url(re.compile(f"margin={triplets.margins[40]:g}"))


def test_hovering_a_triplet_shows_its_three_images(mine: Page, run: Run, triplets: AnchorTriplets) -> None:
    choice = for_the_plane(triplets)
    place = np.stack([triplets.to_positives[choice.positives], triplets.to_negatives[choice.negatives]])
    row = int(place[1].argmin())
    asked: list[object] = []
    mine.on("request", lambda request: asked.append(request.url))
    mine.mouse.move(*mine.evaluate(PIXEL, [PLANE, *place[:, row].tolist()]))
    tip = mine.locator(f"{PLANE} .live-figure-tip")
    tip.wait_for(state="visible")
    assert tip.locator("span").all_inner_texts() == ["anchor", "positive", "negative"]
    distances = [float(found) for found in re.findall(r"d\(a, .\) ([\d.]+)", tip.inner_text())]
    near = np.abs(place.T - distances).max(axis=1) < 6e-4  # the points that the text may be of
    rows = [
        [ANCHOR, triplets.positives[choice.positives[point]], triplets.negatives[choice.negatives[point]]]
        for point in np.flatnonzero(near)
    ]
    tiles = np.array(mine.evaluate(TILES))
    assert any((tiles == tiles_of(run, row)).all() for row in rows)
    assert not asked


def tiles_of(run: Run, rows: list[int]) -> np.ndarray:
    """(3, 64) pixels of three images of the probe set."""
    from PIL import Image

    probe = run.record().probe
    assert probe is not None
    sheet = np.array(Image.open(run.folder / "probe.png").convert("L"))
    tall, wide = probe.tile_height, probe.tile_width
    corners = [(row // probe.columns * tall, row % probe.columns * wide) for row in rows]
    return np.stack([sheet[top : top + tall, left : left + wide].ravel() for top, left in corners])


def test_a_click_on_the_map_chooses_the_anchor(mine: Page, run: Run) -> None:
    layout = run.snapshot(STEP, "map")["map"].astype(float)
    apart = np.linalg.norm(layout[:, None] - layout, axis=2) + 99 * np.eye(len(layout))
    loneliest = int(apart.min(axis=1).argmax())
    mine.mouse.click(*mine.evaluate(PIXEL, [MAP, *layout[loneliest].tolist()]))
    mine.wait_for_url(re.compile(f"anchor={loneliest}(&|$)"))
    mine.wait_for_function("(row) => document.querySelector('input[type=number]').value == row", arg=loneliest)
    at_rest(mine)  # what is typed while the server answers would be overwritten
    mine.locator("input[type=number]").fill(str(ANCHOR))
    mine.keyboard.press("Enter")
    mine.wait_for_url(re.compile(f"anchor={ANCHOR}(&|$)"))
    wait_until_drawn(mine)


def test_it_fits_a_small_screen_without_scrolling(mine: Page) -> None:
    for locator in (MAP, PLANE):
        box = mine.locator(f"{locator} .live-figure-stage").bounding_box()
        assert box["y"] + box["height"] < 720 and box["width"] >= 480 and box["height"] >= 350
    last = mine.locator('[data-testid="stCaptionContainer"]', has_text="2,349,000 triplets").bounding_box()
    assert last["y"] + last["height"] <= 720
    assert mine.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_it_fits_a_telephone(mine: Page) -> None:
    mine.set_viewport_size({"width": 390, "height": 844})
    mine.wait_for_function(f"""document.querySelector('{MAP} .live-figure-stage').clientWidth < 390""")
    assert mine.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert mine.locator(f"{MAP} .live-figure-stage").bounding_box()["width"] >= 320

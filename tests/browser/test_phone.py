"""In a window as narrow as a telephone: the menu closes, the run stands before the settings, and no table is cut."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from playwright.sync_api import CDPSession, Locator, Page, ViewportSize, expect

from core.experiment.experiment import Experiment
from core.runs.run_folder import Run
from core.runs.store import Store
from tests.browser.bars import PAGES, box
from tests.browser.rest import at_rest
from tests.browser.served import Serve
from tests.browser.shown_pages import drawn
from tests.engines import without_engine
from tests.imports import ROOT

APP = ROOT / "dashboard" / "app.py"
LESSON = ROOT / "assets" / "recorded" / "digits-semi-hard"
SCROLLED = "document.querySelector('[data-testid=stMain]').scrollTop"
PHONE: ViewportSize = {"width": 390, "height": 844}
# Cells whose words reach out of the window or of their own box.
CUT = """(cells) => cells.filter((cell) => cell.getBoundingClientRect().right > innerWidth
  || cell.scrollWidth > cell.clientWidth + 1).map((cell) => cell.textContent)"""
# Numbers that take more than one line.
BROKEN = """(cells) => cells.filter((cell) => /^[0-9]/.test(cell.textContent)).filter((cell) => {
  const range = document.createRange()
  range.selectNodeContents(cell)
  return new Set([...range.getClientRects()].map((box) => Math.round(box.bottom))).size > 1
}).map((cell) => cell.textContent)"""


@pytest.fixture
def phone(page: Page) -> Page:
    page.set_viewport_size(PHONE)
    page.emulate_media(reduced_motion="reduce")
    return page


@pytest.fixture(scope="module")
def training(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Path, str]]:
    """A store with one run under way that has a first snapshot, and a title as long as titles get."""
    store = Store(tmp_path_factory.mktemp("store"))
    experiment = Experiment()
    row = store.submit(experiment.described(), experiment.run_id(), experiment.title())
    recorded, run = Run(LESSON), Run(store.folder(row.id))
    for name in ("run.json", "probe.npz", "probe.png", "baselines.json", "steps.jsonl", "maps.jsonl"):
        shutil.copy(recorded.folder / name, run.folder / name)
    for name in ("snapshots.jsonl", "snapshots"):
        copy = shutil.copytree if (recorded.folder / name).is_dir() else shutil.copy
        copy(recorded.folder / name, run.folder / name)
    store.set_state(row.id, "running")
    store.describe(row.id, title="Fashion images, semi-hard triplets, a smaller margin, second seed", note="")
    with without_engine(store.root):
        yield store.root, row.id


def test_the_menu_of_pages_closes_when_one_is_chosen(phone: Page, serve: Serve) -> None:
    phone.goto(serve(APP))
    sidebar = phone.get_by_test_id("stSidebar")
    for name in ("Train", "Verify"):
        phone.get_by_test_id("stExpandSidebarButton").click()
        expect(sidebar).to_have_attribute("data-collapsed", "false")
        phone.get_by_test_id("stSidebarNavLink").filter(has_text=name).click()
        expect(sidebar).to_have_attribute("data-collapsed", "true")
        phone.get_by_role("heading", name=name).wait_for()


def test_the_run_stands_on_the_first_screen_of_train_and_settings_unfold_in_their_place(
    phone: Page, serve: Serve
) -> None:
    phone.goto(f"{serve(APP)}/train")
    canvas = phone.locator("canvas.live-figure-points").first
    canvas.wait_for()
    at_rest(phone)
    start, margin = phone.get_by_role("button", name="Start"), phone.get_by_role("spinbutton", name="Margin")
    assert bottom(start) < top(canvas) and bottom(canvas) <= PHONE["height"], "Start and the whole map"
    assert not margin.is_visible()
    phone.locator(".st-key-train-unfold").get_by_text("Settings").click()
    margin.wait_for()
    assert bottom(start) < top(margin) < top(canvas)
    phone.set_viewport_size({"width": 1280, "height": 720})
    phone.locator(".st-key-train-unfold").wait_for(state="hidden")
    assert margin.is_visible()


def test_settings_stay_beside_the_run_where_there_is_room(page: Page, serve: Serve) -> None:
    page.set_viewport_size({"width": 820, "height": 1180})
    page.goto(f"{serve(APP)}/train")
    page.get_by_role("spinbutton", name="Margin").wait_for()
    assert not page.locator(".st-key-train-unfold").is_visible()


BOXES = """(node, label) => {
  const button = [...node.querySelectorAll('button')].find((one) => one.innerText.trim().endsWith(label))
  return [button, node].map((one) => one.getBoundingClientRect().toJSON())
}"""


@pytest.mark.soak
def test_the_line_of_a_live_run_shows_its_buttons_whole(phone: Page, serve: Serve, training: tuple[Path, str]) -> None:
    root, name = training
    phone.goto(f"{serve(APP, {'METRIC_LAB_STORE': str(root)})}/train?run={name}")
    line = phone.locator(".st-key-running-status")
    for label in ("Pause", "Stop"):
        button = line.get_by_role("button", name=label)
        button.wait_for()
        box, around = line.evaluate(BOXES, label)  # both at once: the page may still be moving
        assert box["x"] >= 0 and box["x"] + box["width"] <= PHONE["width"]
        assert box["y"] >= around["y"] and box["y"] + box["height"] <= around["y"] + around["height"] + 1
    assert line.evaluate("(node) => node.scrollHeight <= node.clientHeight + 1")
    assert bottom(line) < PHONE["height"] / 2
    assert line.get_by_text("second seed").is_visible()


@pytest.mark.soak
@pytest.mark.parametrize(("page_name", "row"), [("train", "untrained encoder"), ("verify", "95 % intervals")])
def test_tables_of_text_show_every_word_and_break_no_number(
    phone: Page, serve: Serve, page_name: str, row: str
) -> None:
    phone.goto(f"{serve(APP)}/{page_name}")
    table = phone.locator("table").filter(has_text=row)
    table.wait_for()
    cells = table.locator("th, td")
    assert cells.count() > 8
    assert cells.evaluate_all(CUT) == [] and cells.evaluate_all(BROKEN) == []


@pytest.mark.soak
@pytest.mark.parametrize("section", ["calibration", "identities"])
def test_tables_on_a_canvas_are_cut_at_neither_end(phone: Page, serve: Serve, section: str) -> None:
    phone.goto(f"{serve(APP)}/verify?section={section}")
    table = phone.get_by_test_id("stDataFrame")
    table.scroll_into_view_if_needed()
    table.locator("canvas").first.wait_for()
    at_rest(phone)
    left, _ = ends(table)
    assert left
    scroller = table.locator(".dvn-scroller")
    scroller.evaluate("(node) => node.scrollTo(node.scrollWidth, 0)")
    phone.wait_for_timeout(300)  # the canvas is drawn with no sign that it was
    assert ends(table) == (True, True), "the first column stays and the last one is whole"


def ends(table: Locator) -> tuple[bool, bool]:
    """Whether the first column has words, and whether the last one keeps them off the edge, as a picture shows it."""
    with Image.open(BytesIO(table.screenshot())) as picture:
        grey = np.asarray(picture.convert("L")).astype(int)[34:-8]  # without the names and the lower edge
    ink = grey < np.median(grey) - 60
    return bool(ink[:, 4:60].any()), bool(ink[:, -90:-8].any()) and not ink[:, -5:-1].any()


def top(element: Locator) -> float:
    box = element.bounding_box()
    assert box
    return box["y"]


def bottom(element: Locator) -> float:
    box = element.bounding_box()
    assert box
    return box["y"] + box["height"]


MOST_PINCHES = 5


@pytest.fixture
def finger(phone: Page) -> Iterator[CDPSession]:
    """A telephone that is touched, with two fingers, too."""
    session = phone.context.new_cdp_session(phone)
    session.send("Emulation.setTouchEmulationEnabled", {"enabled": True, "maxTouchPoints": 2})
    yield session
    session.send("Emulation.setTouchEmulationEnabled", {"enabled": False})
    session.send("Emulation.setPageScaleFactor", {"pageScaleFactor": 1})
    session.detach()


@pytest.mark.parametrize("name", ["learn", "mine"])
def test_one_finger_scrolls_past_the_map_and_two_zoom(finger: CDPSession, phone: Page, serve: Serve, name: str) -> None:
    phone.goto(f"{serve(APP)}/{PAGES[name]}")
    phone.locator(".live-figure .main-svg").first.wait_for(state="attached")
    drawn(phone)
    stage = box(phone, ".live-figure-stage")
    place = {"x": stage["x"] + stage["width"] / 2, "y": stage["y"] + stage["height"] / 2}
    across, down = place["x"], place["y"]
    touch(finger, [[(across, down - shift)] for shift in range(0, 260, 20)])
    phone.wait_for_function(f"{SCROLLED} > 100")
    for _ in range(MOST_PINCHES):  # what still glides takes the first of them
        touch(finger, [[(across - apart, down), (across + apart, down)] for apart in range(20, 120, 10)])
        phone.wait_for_timeout(300)
        if phone.evaluate("visualViewport.scale > 1.5"):
            return
    raise AssertionError("two fingers do not zoom")


def touch(finger: CDPSession, moves: list[list[tuple[float, float]]]) -> None:
    """Put fingers down at the first places, move them to all others and lift them."""
    for kind, places in (("touchStart", moves[0]), *(("touchMove", one) for one in moves[1:]), ("touchEnd", [])):
        points = [{"x": x, "y": y, "id": number} for number, (x, y) in enumerate(places)]
        finger.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": points})

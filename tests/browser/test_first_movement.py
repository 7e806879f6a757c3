"""What shows before plotly is there: points whose places plotly's axes will not change."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page

from tests.browser.rest import at_rest, painted
from tests.browser.served import Serve
from tests.imports import ROOT

PAGE = Path(__file__).with_name("live_figure_page.py")
APP = ROOT / "dashboard" / "app.py"
CANVAS = "document.querySelector('canvas.live-figure-points')"
PIXELS = f"{CANVAS}?.draws > 0 && {CANVAS}.toDataURL()"
# Of maps alone: below them plotly brings a grid.
UPPER_PIXELS = f"""[...{CANVAS}.getContext('2d').getImageData(0, 0, {CANVAS}.width, {CANVAS}.height / 5).data]"""
FRAME = "document.querySelector('.live-figure')?.dataset.frame"


@pytest.fixture
def let_plotly_come(page: Page) -> Callable[[], None]:
    """Plotly gets no answer until the test calls this, which also waits for the first plot."""
    held = []
    page.route("**/vendor/plotly.min.js*", lambda route: held.append(route))

    def let_come() -> None:
        assert not page.locator(".live-figure .main-svg").count()
        for route in held:
            route.continue_()
        page.locator(".live-figure .main-svg").first.wait_for(state="attached")

    return let_come


@pytest.mark.parametrize("width", [1280, 700, 390])
def test_points_stand_where_plotly_puts_its_axes(
    page: Page, serve: Serve, let_plotly_come: Callable[[], None], width: int
) -> None:
    page.set_viewport_size({"width": width, "height": 720})
    page.goto(f"{serve(PAGE)}/?case=unseen")
    page.wait_for_function(PIXELS)
    at_rest(page)
    before, draws = page.evaluate(PIXELS), page.evaluate(f"{CANVAS}.draws")
    let_plotly_come()
    page.wait_for_function(f"{CANVAS}.draws > {draws}")
    at_rest(page)
    assert page.evaluate(PIXELS) == before
    assert page.evaluate("document.querySelector('.js-plotly-plot')._fullLayout.xaxis._length > 100")


@pytest.mark.parametrize("width", [1280, 820, 390])
def test_the_points_of_runs_side_by_side_stand_where_plotly_puts_their_axes(
    page: Page, serve: Serve, let_plotly_come: Callable[[], None], width: int
) -> None:
    page.set_viewport_size({"width": width, "height": 720})
    page.goto(f"{serve(APP)}/compare")
    page.wait_for_function(f"{CANVAS}?.draws > 0 && {UPPER_PIXELS}.some(Boolean)")
    at_rest(page, has_plotly=False)
    before, draws = page.evaluate(UPPER_PIXELS), page.evaluate(f"{CANVAS}.draws")
    let_plotly_come()
    page.wait_for_function(f"{CANVAS}.draws > {draws}")
    at_rest(page)
    assert page.evaluate(UPPER_PIXELS) == before
    assert page.evaluate("Object.keys(document.querySelector('.js-plotly-plot')._fullLayout._plots).length") == 6


def test_points_play_without_plotly(page: Page, serve: Serve, let_plotly_come: Callable[[], None]) -> None:
    page.goto(f"{serve(PAGE)}/?case=unseen&frames=1")
    page.wait_for_function(f"{FRAME} === 'epoch 3'")
    let_plotly_come()
    page.locator(".nsewdrag").first.wait_for(state="attached")


def test_a_change_of_width_before_plotly_moves_the_points(
    page: Page, serve: Serve, let_plotly_come: Callable[[], None]
) -> None:
    page.goto(f"{serve(PAGE)}/?case=unseen")
    page.wait_for_function(PIXELS)
    page.set_viewport_size({"width": 600, "height": 720})
    page.wait_for_function(f"{CANVAS}.width === {CANVAS}.clientWidth && {CANVAS}.width < 600")
    at_rest(page)
    before = page.evaluate(PIXELS)
    let_plotly_come()
    at_rest(page)
    assert page.evaluate(PIXELS) == before


def test_the_home_page_moves_before_plotly_is_there(
    page: Page, serve: Serve, let_plotly_come: Callable[[], None]
) -> None:
    page.goto(serve(APP))
    page.wait_for_function(f"{FRAME} && {FRAME} !== 'epoch 0'")
    page.locator(".live-figure").nth(1).wait_for()
    heights = "[...document.querySelectorAll('.live-figure')].map((figure) => figure.clientHeight)"
    before = page.evaluate(heights)
    assert len(before) == 2
    let_plotly_come()
    page.locator(".live-figure").nth(1).locator(".main-svg").first.wait_for(state="attached")
    painted(page)
    assert page.evaluate(heights) == before

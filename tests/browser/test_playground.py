"""The playground in a browser: points are dragged and moved by keys, the loss falls, and the address has it all."""

from __future__ import annotations

import re
from urllib.parse import urlencode

import pytest
from playwright.sync_api import Locator, Page, expect

from core.lessons.boundary import LESSON
from dashboard.playground.starts import points_at
from tests.browser.rest import at_rest, painted
from tests.browser.served import Serve
from tests.imports import ROOT

STEPPED = "button[aria-label='One step']"


@pytest.fixture
def playground(page: Page, serve: Serve) -> Page:
    """A tab with the triplet loss on the plane."""
    address = serve(ROOT / "dashboard" / "app.py", {})
    opened(page, f"{address}/playground?play=triplet&start=triplet&space=plane&points=a0_0a80_0b0_60")
    return page


def opened(page: Page, address: str) -> None:
    page.goto(address)
    page.locator(".playground-mark").first.wait_for(timeout=60_000)
    at_rest(page)


def loss(page: Page) -> float:
    painted(page)
    page.wait_for_timeout(120)  # the panel follows a few times a second
    return float(page.locator(".playground-loss").inner_text().split()[-1])


def point(page: Page, name: str) -> Locator:
    return page.get_by_role("slider", name=name, exact=True)


def drag(page: Page, name: str, right: int, up: int) -> None:
    box = point(page, name).bounding_box()
    assert box
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x + right, y - up, steps=6)
    page.mouse.up()
    at_rest(page)


def test_a_point_that_is_dragged_changes_the_loss_and_the_address(playground: Page) -> None:
    assert loss(playground) == pytest.approx(0.4)  # [0.8 - 0.6 + 0.2]
    drag(playground, "Negative, of another class", 0, 80)
    assert loss(playground) < 0.4 and re.search(r"points=a0_0a80_0b-?\d_1\d\d", playground.url)


def test_let_go_the_loss_falls_to_nothing_and_one_step_is_one_step(playground: Page) -> None:
    playground.locator(STEPPED).click()
    after = loss(playground)
    assert 0 < after < 0.4
    playground.get_by_role("button", name=re.compile("Let go")).click()
    expect(playground.locator(".playground-loss")).to_have_text("Loss 0.000", timeout=30_000)
    expect(playground.get_by_role("button", name=re.compile("Let go"))).to_be_visible()  # it has come to rest by itself


def test_keys_move_a_point_and_what_it_is_then_is_spoken(playground: Page) -> None:
    negative = point(playground, "Negative, of another class")
    negative.focus()
    for _ in range(4):
        playground.keyboard.press("ArrowUp")
        at_rest(playground)
    assert loss(playground) == pytest.approx(0.2, abs=0.011)
    assert "Loss 0.2" in (negative.get_attribute("aria-valuetext") or "")
    assert "Negative, of another class at" in playground.locator(".playground-spoken").inner_text()


def test_what_was_done_is_undone_done_again_and_set_back(playground: Page) -> None:
    drag(playground, "Negative, of another class", 0, 80)
    moved = loss(playground)
    for button, value in (("Undo", 0.4), ("Redo", moved), ("Back to the start", None)):
        playground.get_by_role("button", name=button, exact=True).click()
        at_rest(playground)
        if value is not None:
            assert loss(playground) == pytest.approx(value, abs=0.001)
    assert f"points={points_at('triplet', 'plane')}" in playground.url


def test_the_address_opens_the_same_in_another_tab(playground: Page) -> None:
    drag(playground, "Positive, of the anchor's class", -60, 40)
    playground.get_by_role("slider", name="margin").first.focus()
    playground.keyboard.press("ArrowRight")
    at_rest(playground)
    before, address = loss(playground), playground.url
    assert "values=margin" in address
    playground.goto("about:blank")
    opened(playground, address)
    assert loss(playground) == pytest.approx(before, abs=0.006)  # places in hundredths


def test_what_an_address_asks_for_in_vain_is_noted(playground: Page) -> None:
    opened(playground, playground.url.split("?")[0] + "?play=triplet&values=scale-3&points=a1_1")
    expect(playground.get_by_text(re.compile("The address asks for"))).to_have_count(2)


def test_on_a_telephone_nothing_is_wider_than_the_screen_and_targets_are_large_enough(playground: Page) -> None:
    playground.set_viewport_size({"width": 390, "height": 844})
    at_rest(playground)
    assert playground.evaluate("document.documentElement.scrollWidth") <= 390
    for target in playground.locator(".playground-mark, .playground-button").all():
        box = target.bounding_box()
        assert box and min(box["width"], box["height"]) >= 24


def test_its_scripts_are_no_burden_to_the_home_page(page: Page, serve: Serve) -> None:
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(serve(ROOT / "dashboard" / "app.py", {}))
    page.locator(".live-figure").first.wait_for(timeout=60_000)
    assert not [url for url in asked if "/vendor/playground/" in url]


def test_in_a_lesson_the_start_is_that_of_the_step(page: Page, serve: Serve) -> None:
    step = LESSON.steps[-1]
    address = serve(ROOT / "dashboard" / "app.py", {})
    opened(
        page, f"{address}/playground?{urlencode({'lesson': LESSON.name, 'step': len(LESSON.steps), **step.address})}"
    )
    before = loss(page)
    page.get_by_role("button", name="One step").click()
    at_rest(page)
    assert loss(page) < before
    page.get_by_role("button", name="Back to the start").click()
    at_rest(page)
    assert (
        loss(page) == before and f"points={step.address['points']}" in page.url and "boundary_kind-shared" in page.url
    )

"""Train in a real browser: no formula is cut, curves stand above the fold and follow what is typed."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from tests.browser.rest import at_rest, painted
from tests.browser.served import Serve
from tests.imports import ROOT

APP = ROOT / "dashboard" / "app.py"
FORMULAS = ROOT / "tests" / "browser" / "formulas_page.py"
BY_SIZE = [pytest.param((1280, 720), id="1280"), pytest.param((390, 844), id="390", marks=pytest.mark.soak)]

SHARED = ("Classes per batch", "Samples per class")
# Each unbreakable piece of a formula that reaches out of its paragraph, with how far.
CUT = """() => [...document.querySelectorAll('[data-testid=stMarkdownContainer]')].flatMap((text) => {
  const right = text.getBoundingClientRect().right
  return [...text.querySelectorAll('.katex .base')]
    .map((piece) => [piece.textContent, Math.round(piece.getBoundingClientRect().right - right)])
    .filter(([, beyond]) => beyond > 1)
})"""
# Which y values the first curve of the card that is open has.
CURVE = "() => JSON.stringify(document.querySelector('[data-testid=stPopoverBody] .js-plotly-plot').data[0].y)"


@pytest.mark.parametrize("spoken", ["en", "zh"])
@pytest.mark.parametrize("size", BY_SIZE)
def test_no_formula_of_any_method_is_cut(size: tuple[int, int], spoken: str, page: Page, serve: Serve) -> None:
    page.set_viewport_size({"width": size[0], "height": size[1]})
    page.goto(serve(FORMULAS, {"METRIC_LAB_LANGUAGE": spoken}))
    page.locator(".katex").nth(60).wait_for(state="attached")
    page.evaluate("() => document.fonts.ready")
    assert page.evaluate("() => document.querySelectorAll('.katex .base').length") > 200
    assert not (cut := page.evaluate(CUT)), cut


def open_card(page: Page, size: tuple[int, int], address: str, family: str) -> None:
    page.set_viewport_size({"width": size[0], "height": size[1]})
    page.goto(f"{address}/train")
    page.locator(".live-figure .main-svg").first.wait_for(state="attached")
    page.locator("[data-test-script-state=notRunning]").wait_for(state="attached")
    unfold = page.locator(".st-key-train-unfold").get_by_text("Settings")
    if unfold.is_visible():
        unfold.click()
    page.locator(f".st-key-settings-{family} button").first.click()
    page.locator("[data-testid=stPopoverBody] .js-plotly-plot .main-svg").first.wait_for()


@pytest.mark.parametrize("size", BY_SIZE)
def test_the_curves_of_a_loss_stand_above_the_fold_and_follow_what_is_typed(
    size: tuple[int, int], page: Page, serve: Serve
) -> None:
    open_card(page, size, serve(APP), "loss")
    painted(page)
    card = page.get_by_test_id("stPopoverBody").bounding_box()
    figure = page.locator("[data-testid=stPopoverBody] .live-figure").bounding_box()
    assert card and figure
    assert card["y"] <= figure["y"] and figure["y"] + figure["height"] <= min(card["y"] + card["height"], size[1])
    assert card["x"] >= 0 and card["x"] + card["width"] <= size[0]
    assert not (cut := page.evaluate(CUT)), cut
    assert page.get_by_test_id("stTooltipContent").count() == 0, "nothing lies over the card"
    before = page.evaluate(CURVE)
    margin = page.get_by_test_id("stPopoverBody").get_by_role("spinbutton", name="Margin")
    margin.fill("0.5")
    margin.press("Enter")
    page.wait_for_function(f"(before) => ({CURVE})() !== before", arg=before)
    assert page.get_by_test_id("stPopoverBody").is_visible()
    assert page.get_by_text("0.2 in the run shown").is_visible()


@pytest.mark.parametrize(
    "size", [pytest.param((1280, 720), id="1280"), pytest.param((1920, 1080), id="1920", marks=pytest.mark.soak)]
)
def test_what_matters_most_stands_on_the_first_screen(size: tuple[int, int], page: Page, serve: Serve) -> None:
    page.set_viewport_size({"width": size[0], "height": size[1]})
    page.goto(f"{serve(APP)}/train")
    page.locator(".live-figure .main-svg").first.wait_for(state="attached")
    for name in ("Margin", "Classes per batch", "Samples per class", "Learning rate"):
        field = page.get_by_role("spinbutton", name=name, exact=True)
        box = field.bounding_box()
        assert box and box["y"] + box["height"] <= size[1], name
        assert field.evaluate("(node) => node.scrollWidth <= node.clientWidth"), f"{name} must not be cut"
    lines = {page.get_by_role("spinbutton", name=name).bounding_box()["y"] for name in SHARED}
    assert len(lines) == 1, "P and K share a line"


def test_a_card_opens_wherever_its_button_is_clicked_and_bears_the_sign_of_a_difference(
    page: Page, serve: Serve
) -> None:
    page.goto(f"{serve(APP)}/train")
    page.locator(".live-figure .main-svg").first.wait_for(state="attached")
    page.get_by_label("loss", exact=True).click()
    page.get_by_role("option", name="loss: circle", exact=True).click()
    page.get_by_text("Changed along with circle").wait_for()
    for family, mark in (("loss", "≠"), ("miner", "≠"), ("sampler", "tune")):
        button = page.locator(f".st-key-settings-{family} button").first
        assert mark in button.inner_text()
        arrow = button.get_by_test_id("stIconMaterial").last.bounding_box()
        assert arrow
        page.mouse.click(arrow["x"] + arrow["width"] / 2, arrow["y"] + arrow["height"] / 2)
        page.get_by_test_id("stPopoverBody").wait_for()
        page.keyboard.press("Escape")
        page.get_by_test_id("stPopoverBody").wait_for(state="detached")
    page.get_by_role("button", name="Undo").click()
    page.get_by_text("Changed along with circle").wait_for(state="detached")
    expect(page.get_by_label("miner", exact=True)).to_have_value("miner: semi hard")


def behind(page: Page) -> dict[str, str]:
    """What the numbers behind the button of the schedule say; the button is closed again."""
    page.locator(".st-key-settings-schedule button").first.click()
    body = page.get_by_test_id("stPopoverBody")
    body.get_by_role("spinbutton").first.wait_for()
    at_rest(page)
    said = body.get_by_role("spinbutton").evaluate_all(
        "(all) => all.map((one) => [one.ariaLabel.split(' :')[0], one.value])"
    )
    page.keyboard.press("Escape")
    body.wait_for(state="detached")
    return dict(said)


def test_settings_behind_a_button_are_those_that_were_chosen_elsewhere(page: Page, serve: Serve) -> None:
    page.goto(f"{serve(APP)}/train")
    page.locator(".live-figure .main-svg").first.wait_for(state="attached")
    at_rest(page)
    margin = page.get_by_role("spinbutton", name="Margin", exact=True)
    for value in ("0.3", "0.4"):  # the button is opened for the first time after a run, and again
        margin.fill(value)
        margin.press("Enter")
        at_rest(page)
        assert {"Epochs": "20", "Probe points (points)": "2000"}.items() <= behind(page).items()
    page.locator(".st-key-train-preset input").click()
    page.get_by_role("option", name="Fashion").click()
    page.get_by_role("spinbutton", name="Learning rate", exact=True).and_(page.locator("[value='0.002']")).wait_for()
    at_rest(page)
    margin.fill("0.25")
    margin.press("Enter")
    at_rest(page)
    assert {"Epochs": "40", "Maps per epoch (maps)": "5"}.items() <= behind(page).items()

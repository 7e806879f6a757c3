"""Three questions on Explore in a real browser: measured once somebody asks, three cards in a line, on a telephone one
below the other, and seen at once by who comes with a link."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from core.jobs.measure_questions import measured
from core.runs.run_folder import Run
from tests.browser.rest import at_rest

STEP = 20
SECONDS = 90_000  # a process that compiles its kernels on a machine that does other things
KINDS = ("ranking", "rejection", "clustering")
WIDER = "document.querySelector('[data-testid=stMain]').scrollWidth - innerWidth"
MOVED = "document.querySelector('.st-key-explore-questions').getBoundingClientRect().top > 200"
TARGET = 4  # pixels by which the target of a help icon is wider than the icon
CUT = f"""(parts) => parts.filter((part) => part.scrollWidth > part.clientWidth + 1 + {TARGET}
  || part.getBoundingClientRect().right > innerWidth).map((part) => part.textContent)"""


def wait_for_answers(page: Page) -> list[dict[str, float]]:
    """The boxes of the three cards, once all of their pictures are drawn."""
    figures = page.locator(".st-key-explore-questions .live-figure .main-svg:first-child")
    expect(figures).to_have_count(4, timeout=SECONDS)
    at_rest(page)
    found = [page.locator(f".st-key-explore-question-{kind}").bounding_box() for kind in KINDS]
    return [dict(box) for box in found if box]


def top_of(page: Page) -> float:
    """Where the three questions begin in the window."""
    box = page.locator(".st-key-explore-questions").bounding_box()
    assert box
    return box["y"]


@pytest.mark.parametrize("width", [1280, 390])
def test_cards_stand_in_a_line_and_on_a_telephone_one_below_the_other(page: Page, address: str, width: int) -> None:
    page.set_viewport_size({"width": width, "height": 844})
    page.goto(f"{address}/explore?run=digits-softmax&questions=true")
    first, second, third = wait_for_answers(page)
    if width == 1280:
        assert first["y"] == pytest.approx(second["y"], abs=1) and second["y"] == pytest.approx(third["y"], abs=1)
        assert first["x"] + first["width"] < second["x"] and second["x"] + second["width"] < third["x"]
    else:
        assert first["x"] == second["x"] == third["x"] and first["y"] + first["height"] < second["y"] < third["y"]
    assert page.evaluate(WIDER) <= 0
    assert page.locator(".st-key-explore-questions :is(td, th, p)").evaluate_all(CUT) == []


def test_who_comes_with_a_link_sees_the_answers(page: Page, address: str) -> None:
    page.goto(f"{address}/explore?run=digits-semi-hard&questions=true")
    wait_for_answers(page)
    expect(page.locator(".st-key-explore-question-ranking")).to_be_in_viewport(ratio=1)
    expect(page.locator(".st-key-explore-question-rejection")).to_be_in_viewport(ratio=1)
    assert 50 < top_of(page) < 120, "below the bar of pages"


def test_who_moves_the_page_is_not_taken_back(page: Page, address: str) -> None:
    page.goto(f"{address}/explore?run=digits-semi-hard&questions=true")
    wait_for_answers(page)
    page.mouse.move(640, 400)
    page.mouse.wheel(0, -300)
    page.wait_for_function(MOVED)
    page.set_viewport_size({"width": 1200, "height": 720})
    at_rest(page)
    assert top_of(page) > 200


def test_another_process_answers_once_somebody_asks(page: Page, address: str, run: Run) -> None:
    page.goto(f"{address}/explore?run={run.folder.name}")
    ask = page.get_by_role("button", name="Answer all three")
    ask.wait_for(timeout=60_000)
    assert not page.locator(".st-key-explore-question-ranking").count()
    ask.click()
    wait_for_answers(page)
    numbers = measured(run, STEP).numbers
    for kind, value in zip(KINDS, (numbers.map_at_r, numbers.frr_at_far_1_percent, numbers.ami), strict=True):
        expect(page.locator(f".st-key-explore-question-{kind}")).to_contain_text(f"{value:.3f}")
    assert "questions=true" in page.url
    page.get_by_role("button", name="Close", exact=True).last.click()
    expect(page.get_by_role("button", name="Answer all three")).to_be_visible()
    page.wait_for_url(lambda url: "questions" not in url)


def test_a_lesson_can_hide_it(page: Page, address: str) -> None:
    page.goto(f"{address}/explore?run=digits-softmax&questions=true")
    wait_for_answers(page)
    page.add_style_tag(content=".st-key-explore-questions { display: none }")  # as a lesson hides parts by their keys
    assert not page.get_by_text("Which image is nearest?").is_visible()

"""Which run am I looking at: what the page shows and what its address says are one, on every way to it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from core.experiment.presets import PRESETS
from core.runs.run_folder import Run
from core.runs.store import Store
from tests.browser.rest import at_rest
from tests.browser.served import Serve
from tests.dashboard.made_runs import EXPERIMENT, collapse, made_run
from tests.engines import without_engine
from tests.imports import ROOT

APP = ROOT / "dashboard" / "app.py"
SECONDS = 60_000
FRAME = "() => document.querySelector('.live-figure')?.dataset.frame"
# Keeps every frame that the first figure with a transport bar shows.
WATCH_FRAMES = """() => {
  window.frames = []
  setInterval(() => {
    const frame = document.querySelector('.live-figure')?.dataset.frame
    if (frame && frame !== window.frames.at(-1)) window.frames.push(frame)
  }, 10)
}"""


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    root = tmp_path_factory.mktemp("store")
    with without_engine(root):
        yield root


@pytest.fixture(scope="module")
def run(root: Path) -> Run:
    return made_run(root)


@pytest.fixture(scope="module")
def newest(root: Path, run: Run) -> Run:
    """The run that a page shows where its address names none."""
    return made_run(root, replace(EXPERIMENT, schedule=replace(EXPERIMENT.schedule, seed=1)))


@pytest.fixture
def address(serve: Serve, root: Path, run: Run, newest: Run) -> str:
    return serve(APP, {"METRIC_LAB_STORE": str(root)})


def go(page: Page, name: str, query: str) -> None:
    """By the navigation at the top."""
    page.get_by_test_id("stTopNavLink").filter(has_text=name).click()
    reach(page, name, query)


def reach(page: Page, name: str, query: str) -> None:
    """Wait until the address says this of this page, and the page is that one."""
    path = "" if name == "Learn" else name.lower()
    page.wait_for_url(re.compile(rf":\d+/{path}{re.escape('?' + query) if query else ''}$"), timeout=SECONDS)
    title = "Watch an embedding space form" if name == "Learn" else name
    expect(page.get_by_role("heading", name=title, exact=True)).to_be_visible(timeout=SECONDS)


def anchor(page: Page) -> str:
    return page.get_by_test_id("stNumberInputField").input_value()


def choose_anchor(page: Page, number: int, query: str) -> None:
    field = page.get_by_test_id("stNumberInputField")
    field.fill(str(number))
    field.press("Enter")
    reach(page, "Mine", query)
    at_rest(page)


def test_the_run_travels_from_page_to_page_and_every_page_is_one_step_of_the_history(
    page: Page, address: str, run: Run, newest: Run
) -> None:
    page.goto(address)
    reach(page, "Learn", "")
    about = f"run={newest.folder.name}"
    for name in ("Mine", "Verify", "Train", "Compare"):
        go(page, name, about)
    for name in ("Train", "Verify", "Mine"):
        page.go_back()
        reach(page, name, about)
    page.go_back()
    reach(page, "Learn", "")
    for name in ("Mine", "Verify", "Train"):
        page.go_forward()
        reach(page, name, about)
    expect(page.get_by_text("an example that comes with Metric Lab")).to_have_count(0)


def test_back_and_forward_lead_through_what_was_chosen_on_other_pages_too(page: Page, address: str, run: Run) -> None:
    about = f"run={run.folder.name}"
    page.goto(f"{address}/mine?{about}")
    reach(page, "Mine", about)
    choose_anchor(page, 17, f"{about}&anchor=17")
    choose_anchor(page, 18, f"{about}&anchor=18")
    go(page, "Verify", f"{about}&anchor=18")
    page.go_back()
    reach(page, "Mine", f"{about}&anchor=18")
    at_rest(page)
    assert anchor(page) == "18"
    page.go_back()
    reach(page, "Mine", f"{about}&anchor=17")
    expect(page.get_by_test_id("stNumberInputField")).to_have_value("17", timeout=SECONDS)
    page.go_forward()
    expect(page.get_by_test_id("stNumberInputField")).to_have_value("18", timeout=SECONDS)


def test_a_link_in_a_new_tab_shows_the_same(page: Page, address: str, run: Run) -> None:
    page.goto(f"{address}/mine?run={run.folder.name}&epoch=1")
    reach(page, "Mine", f"run={run.folder.name}&epoch=1")
    choose_anchor(page, 17, f"run={run.folder.name}&epoch=1&anchor=17")
    said = page.get_by_text(re.compile(r"This anchor alone: \d")).inner_text()
    other = page.context.new_page()
    other.goto(page.url)
    expect(other.get_by_text(said)).to_be_visible(timeout=SECONDS)
    expect(other.get_by_test_id("stNumberInputField")).to_have_value("17", timeout=SECONDS)


@pytest.mark.soak
def test_the_goal_of_verify_goes_back_as_well(page: Page, address: str, run: Run) -> None:
    about = f"run={run.folder.name}"
    page.goto(f"{address}/verify?{about}")
    reach(page, "Verify", about)
    at_rest(page)
    page.get_by_test_id("stButtonGroup").get_by_text("EER", exact=True).click()
    reach(page, "Verify", f"{about}&goal=eer")
    at_rest(page)
    page.go_back()
    reach(page, "Verify", about)
    chosen = page.locator(
        "[data-testid=stButtonGroup] [aria-checked=true], [data-testid=stButtonGroup] [aria-pressed=true]"
    )
    expect(chosen.filter(has_text="FAR at most")).to_be_visible(timeout=SECONDS)


@pytest.mark.parametrize("name", ["Train", "Mine", "Verify"])
def test_an_unknown_run_is_refused_and_one_click_shows_another(
    page: Page, address: str, name: str, newest: Run
) -> None:
    page.goto(f"{address}/{name.lower()}?run={'0' * 32}")
    expect(page.get_by_text("is not kept here, so nothing is shown in its place")).to_be_visible(timeout=SECONDS)
    at_rest(page)
    expect(page.locator(".live-figure:visible")).to_have_count(0)
    page.get_by_role("button", name="seed 1").first.click()
    reach(page, name, f"run={newest.folder.name}")
    expect(page.locator(".live-figure:visible").first).to_be_visible(timeout=SECONDS)


def test_a_wrong_setting_has_a_note_until_it_is_closed(page: Page, address: str, run: Run) -> None:
    about = f"run={run.folder.name}"
    page.goto(f"{address}/mine?{about}&epoch=99&anchor=5000")
    expect(page.get_by_text("The address asks for")).to_have_count(2, timeout=SECONDS)
    page.locator(".st-key-notices-close button").first.click()
    reach(page, "Mine", about)
    expect(page.get_by_text("The address asks for")).to_have_count(0, timeout=SECONDS)


def test_a_fork_with_a_cure_shows_the_fork(page: Page, serve: Serve, tmp_path: Path) -> None:
    parent = made_run(tmp_path)
    collapse(parent)
    with without_engine(tmp_path):
        address = serve(APP, {"METRIC_LAB_STORE": str(tmp_path)})
        page.goto(f"{address}/train?run={parent.folder.name}")
        page.get_by_text("Fork with a cure").click(timeout=SECONDS)
        page.locator("[class*=st-key-alarm] button").first.click(timeout=SECONDS)
        expect(page.get_by_text("Fork of")).to_be_visible(timeout=SECONDS)
        expect(page.get_by_text("Total collapse.")).to_have_count(0, timeout=SECONDS)
        (fork,) = [row for row in Store(tmp_path).rows() if row.id != parent.folder.name]
        reach(page, "Train", f"run={fork.id}")
        page.go_back()
        expect(page.get_by_text("Total collapse.")).to_be_visible(timeout=SECONDS)


def test_settings_that_were_trained_are_played_and_another_seed_is_one_click(
    page: Page, serve: Serve, tmp_path: Path
) -> None:
    there = made_run(tmp_path, PRESETS["digits"].experiment)
    with without_engine(tmp_path):
        page.goto(f"{serve(APP, {'METRIC_LAB_STORE': str(tmp_path)})}/train")
        page.get_by_role("button", name="Start").wait_for(timeout=SECONDS)
        page.evaluate(WATCH_FRAMES)
        page.get_by_role("button", name="Start").click()
        reach(page, "Train", f"run={there.folder.name}")
        expect(page.get_by_text("this is that run, played from its beginning")).to_be_visible(timeout=SECONDS)
        page.wait_for_function("window.frames.slice(-2).join() === 'epoch 1,epoch 2'", timeout=SECONDS)
        page.get_by_role("button", name="Train with seed 1").click()
        expect(page.get_by_text("played from its beginning")).to_have_count(0, timeout=SECONDS)
        (other,) = [row for row in Store(tmp_path).rows() if row.id != there.folder.name]
        assert other.experiment["schedule"]["seed"] == 1
        reach(page, "Train", f"run={other.id}")


@pytest.mark.soak
def test_the_frame_that_a_reader_stops_at_is_in_the_address(page: Page, address: str, run: Run) -> None:
    about = f"run={run.folder.name}"
    page.goto(f"{address}/train?{about}")
    page.wait_for_function(f"({FRAME})() === 'epoch 2'", timeout=SECONDS)
    at_rest(page)
    page.get_by_label("One frame back").click()
    reach(page, "Train", f"{about}&frame=epoch+1")
    other = page.context.new_page()
    other.goto(page.url)
    other.wait_for_function(f"({FRAME})() === 'epoch 1'", timeout=SECONDS)
    other.close()
    page.get_by_label("One frame back").click()
    reach(page, "Train", f"{about}&frame=epoch+0")
    page.go_back()
    page.wait_for_function(f"({FRAME})() === 'epoch 1'", timeout=SECONDS)
    page.go_back()
    page.wait_for_function(f"({FRAME})() === 'epoch 2'", timeout=SECONDS)

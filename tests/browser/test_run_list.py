"""The list of runs in a browser: it opens on every page, follows what is done in it, and takes it back."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect

from core.runs.run_folder import Run
from core.runs.store import Store
from tests.browser.rest import at_rest
from tests.browser.served import Serve
from tests.dashboard.made_runs import EXPERIMENT, made_run
from tests.engines import without_engine
from tests.imports import ROOT

APP = ROOT / "dashboard" / "app.py"
SECONDS = 60_000


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    root = tmp_path_factory.mktemp("store")
    with without_engine(root):
        yield root


@pytest.fixture(scope="module")
def run(root: Path) -> Run:
    return made_run(root)


@pytest.fixture(scope="module")
def other(root: Path, run: Run) -> Run:
    return made_run(root, replace(EXPERIMENT, schedule=replace(EXPERIMENT.schedule, seed=1)))


@pytest.fixture
def address(serve: Serve, root: Path, run: Run, other: Run) -> str:
    return serve(APP, {"METRIC_LAB_STORE": str(root)})


def opened(page: Page, address: str) -> Locator:
    """The list, open on this page."""
    page.goto(address)
    page.locator(".st-key-runs-panel button").click(timeout=SECONDS)
    lines = page.locator(".st-key-runs-lines")
    lines.wait_for(timeout=SECONDS)
    return lines


def line(lines: Locator, run: Run) -> Locator:
    return lines.locator(f".st-key-runs-pick-{run.folder.name} button")


def menu_of(lines: Locator, run: Run) -> None:
    button = lines.locator(f".st-key-runs-edit-{run.folder.name} button").locator("visible=true")
    expect(button).to_have_count(1, timeout=SECONDS)  # two while its line is drawn anew
    button.click()


@pytest.mark.parametrize(
    "view", ["train", *(pytest.param(view, marks=pytest.mark.soak) for view in ("", "mine", "verify", "compare"))]
)
def test_the_list_opens_on_every_page(page: Page, address: str, run: Run, view: str) -> None:
    lines = opened(page, f"{address}/{view}")
    expect(line(lines, run)).to_contain_text("seed 0")
    said = r"finished · epoch 2 · Recall@1 \d\.\d{3} · \d\.\d MB · (just now|\d+ min ago)"  # a machine may be slow
    expect(lines).to_contain_text(re.compile(said))


def test_a_click_on_a_line_shows_that_run_and_closes_the_list(page: Page, address: str, run: Run, other: Run) -> None:
    lines = opened(page, f"{address}/mine?run={other.folder.name}")
    line(lines, run).click()
    page.wait_for_url(re.compile(f"run={run.folder.name}"), timeout=SECONDS)
    expect(lines).to_be_hidden()
    expect(page.locator(".st-key-runs-panel button")).to_contain_text("seed 0")
    page.go_back()
    expect(page.locator(".st-key-runs-panel button")).to_contain_text("seed 1", timeout=SECONDS)


@pytest.mark.soak
def test_a_run_is_titled_and_deleted_and_both_are_undone(page: Page, address: str, root: Path, run: Run) -> None:
    lines = opened(page, f"{address}/verify?run={run.folder.name}")
    menu_of(lines, run)
    page.get_by_label("Title", exact=True).fill("for the class")
    page.get_by_label("Title", exact=True).press("Enter")
    shown = line(lines, run).first  # for a moment the line before it was drawn again stands there, too
    expect(shown).to_contain_text("for the class", timeout=SECONDS)
    page.get_by_role("button", name="Undo", exact=True).click()
    expect(shown).to_contain_text("seed 0", timeout=SECONDS)
    menu_of(lines, run)
    page.get_by_role("button", name="Delete", exact=True).click()
    expect(page.get_by_test_id("stAlert").filter(has_text="was deleted. Restore it")).to_be_visible(timeout=SECONDS)
    assert Store(root).row(run.folder.name).entry.deleted_at
    page.get_by_role("button", name="Undo", exact=True).click()
    expect(shown).to_contain_text("seed 0", timeout=SECONDS)
    at_rest(page)
    assert not Store(root).row(run.folder.name).entry.deleted_at


def test_words_leave_the_lines_that_say_them(page: Page, address: str) -> None:
    lines = opened(page, f"{address}/compare")
    page.get_by_placeholder("Search titles, notes, settings").fill("softmax")
    page.get_by_placeholder("Search titles, notes, settings").press("Enter")
    expect(lines.locator("[class*=st-key-runs-pick]")).to_have_count(1, timeout=SECONDS)

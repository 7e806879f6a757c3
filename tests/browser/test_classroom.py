"""A teacher's link from one end to the other: made, opened, a task done, handed in, and read by the teacher."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from core.lessons.handin import read
from dashboard.classroom.parts import PARTS
from tests.browser.rest import at_rest
from tests.browser.served import Serve
from tests.dashboard.lessons.test_guide import smallest
from tests.engines import without_engine
from tests.imports import ROOT

APP = ROOT / "dashboard" / "app.py"
SECONDS = 60_000
CODES = {"METRIC_LAB_CLASS": "sunday", "METRIC_LAB_TEACHER": "monday", "METRIC_LAB_LIMIT": "epochs=3"}


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    root = tmp_path_factory.mktemp("store")
    with without_engine(root):
        yield root


@pytest.fixture
def address(serve: Serve, root: Path) -> str:
    """Of a server that everybody on this machine owns."""
    return serve(APP, {"METRIC_LAB_STORE": str(root)})


@pytest.fixture
def of_class(serve: Serve, root: Path) -> str:
    """Of a class."""
    return serve(APP, {"METRIC_LAB_STORE": str(root), **CODES})


def open_menu(page: Page) -> None:
    page.locator(".st-key-link-menu button:visible").first.click()
    expect(page.locator(".st-key-link-reset button:visible").first).to_be_visible(timeout=SECONDS)


def link_in(page: Page, key: str) -> str:
    return page.locator(f".st-key-{key} .field").input_value(timeout=SECONDS)


def query_of(link: str) -> dict[str, str]:
    return {name: value for name, (value,) in parse_qs(urlsplit(link).query).items()}


def shown(page: Page, key: str) -> int:
    """How many elements of this key can be seen."""
    return page.locator(f".st-key-{key}:visible").count()


def enter(page: Page, address: str, code: str, name: str) -> None:
    page.context.clear_cookies()
    page.goto(address)
    page.locator("input[name=name]").fill(name)
    page.locator("input[name=code]").fill(code)
    page.locator("input[name=code]").press("Enter")
    page.wait_for_selector("[data-testid=stApp]", timeout=SECONDS)


def test_a_teacher_makes_a_link_a_student_does_the_task_and_the_teacher_reads_it(
    page: Page, of_class: str, root: Path
) -> None:
    enter(page, of_class, "monday", "Li")
    page.goto(f"{of_class}/mine?lesson=hardness&step=4&margin={smallest()}")
    expect(page.locator(".st-key-lesson-check button:visible").first).to_be_visible(timeout=SECONDS)
    open_menu(page)
    for part, key in (("anchor", "mine.anchor"), ("list of runs", "mine.runs"), ("Compare", "page.compare")):
        page.get_by_test_id("stPopoverBody").get_by_text(part, exact=True).click()
        expect(page.locator(".st-key-link-class .field")).to_have_value(re.compile(key), timeout=SECONDS)
    link = link_in(page, "link-class")
    assert query_of(link)["hide"] == "mine.anchor,mine.runs,page.compare" and query_of(link)["margin"] == smallest()

    enter(page, of_class, "sunday", "Ada")
    page.goto(link)
    expect(page.locator(".st-key-lesson-check button:visible").first).to_be_visible(timeout=SECONDS)
    at_rest(page)
    assert shown(page, "anchor") == 0 and shown(page, "runs-panel") == 0 and shown(page, "epoch") > 0
    bar = page.get_by_test_id("stTopNavLink")
    expect(bar.filter(has_text="Verify")).to_have_count(1)
    assert bar.filter(has_text="Compare").count() == 0 and bar.filter(has_text="Hand-ins").count() == 0
    bar.filter(has_text="Verify").click()
    page.wait_for_url(re.compile("/verify"), timeout=SECONDS)
    page.go_back()
    expect(page.locator(".st-key-lesson-check button:visible").first).to_be_visible(timeout=SECONDS)
    at_rest(page)
    assert shown(page, "anchor") == 0, "it stays hidden on the way back"
    page.locator(".st-key-lesson-check button:visible").first.click()
    expect(page.get_by_text("Right.")).to_be_visible(timeout=SECONDS)
    page.locator(".st-key-handin-menu button:visible").first.click()
    page.locator(".st-key-handin-reason-hardness-task textarea").fill("The <b>counts</b> say so.")
    page.locator(".st-key-handin-reason-hardness-task textarea").press("Control+Enter")
    at_rest(page)
    with page.expect_download() as download:
        page.locator(".st-key-handin-file button:visible").first.click()
    saved = read(Path(download.value.path()).read_bytes())
    assert (saved.name, saved.task, saved.reason) == ("Ada", "hardness.task", "The <b>counts</b> say so.")
    page.locator(".st-key-handin-give button:visible").first.click()
    expect(page.get_by_text("Handed in at")).to_be_visible(timeout=SECONDS)
    (kept,) = (root / "handins").iterdir()
    assert json.loads(kept.read_text())["verdict"]["right"] is True
    page.goto(f"{of_class}/handins")
    expect(page.get_by_text("This page is for whoever runs this server")).to_be_visible(timeout=SECONDS)

    enter(page, of_class, "monday", "Li")
    page.get_by_test_id("stTopNavLink").filter(has_text="Hand-ins").click()
    row = page.locator(".st-key-handins-of-task tr", has_text="Ada")
    expect(row).to_contain_text("The <b>counts</b> say so.", timeout=SECONDS)
    expect(row).to_contain_text("right")
    target = row.get_by_role("link", name="open").get_attribute("href")
    assert target and query_of(target)["margin"] == smallest() and urlsplit(target).path == "/mine"
    assert "hide" not in query_of(target), "the teacher sees all of the page"


def test_the_server_of_a_class_refuses_what_is_beyond_its_limit(page: Page, of_class: str) -> None:
    enter(page, of_class, "sunday", "Ben")
    page.goto(f"{of_class}/train?limit=epochs=900")
    expect(page.get_by_text("In this class: at most 3 epochs.")).to_be_visible(timeout=SECONDS)
    page.locator(".st-key-train-start button:visible").first.click()
    expect(page.get_by_text("must have at most 3 epochs, got 20")).to_be_visible(timeout=SECONDS)


def test_a_link_is_copied_by_the_clipboard_and_without_one(page: Page, browser: BrowserContext, address: str) -> None:
    browser.grant_permissions(["clipboard-read", "clipboard-write"])
    page.goto(f"{address}/mine?run=digits-semi-hard&anchor=17")
    at_rest(page)
    open_menu(page)
    copy = page.locator(".st-key-link-page .button")
    copy.click()
    expect(page.get_by_text("Copied.")).to_be_visible(timeout=SECONDS)
    copied = page.evaluate("navigator.clipboard.readText()")
    assert copied == page.url and query_of(copied) == {"run": "digits-semi-hard", "anchor": "17"}
    # As on an address of http that is not of this machine.
    page.evaluate("navigator.clipboard.writeText('before')")
    page.evaluate("Object.defineProperty(navigator, 'clipboard', { value: undefined, configurable: true })")
    copy.click()
    expect(page.get_by_text("Copied.")).to_be_visible(timeout=SECONDS)
    other = page.context.new_page()
    other.goto(address)
    other.bring_to_front()
    assert other.evaluate("navigator.clipboard.readText()") == copied
    other.close()
    page.bring_to_front()
    page.evaluate("document.execCommand = () => false")
    copy.click()
    expect(page.get_by_text("The link is selected: press Ctrl+C")).to_be_visible(timeout=SECONDS)
    chosen = page.locator(".st-key-link-page .field").evaluate(
        "(field) => field.value.slice(field.selectionStart, field.selectionEnd)"
    )
    assert chosen == copied


def test_back_and_undo_both_take_back_a_change_and_a_reset(page: Page, address: str) -> None:
    page.goto(f"{address}/mine?run=digits-semi-hard&anchor=17")
    field = page.locator(".st-key-anchor input")
    expect(field).to_have_value("17", timeout=SECONDS)
    at_rest(page)
    field.fill("18")
    field.press("Enter")
    page.wait_for_url(re.compile("anchor=18"), timeout=SECONDS)
    at_rest(page)
    open_menu(page)
    page.locator(".st-key-link-reset button:visible").first.click()
    page.wait_for_url(re.compile(r"/mine\?run=digits-semi-hard$"), timeout=SECONDS)
    at_rest(page)
    page.go_back()
    page.wait_for_url(re.compile("anchor=18"), timeout=SECONDS)
    expect(field).to_have_value("18", timeout=SECONDS)
    at_rest(page)
    if not page.locator(".st-key-link-undo button:visible").count():
        open_menu(page)
    page.locator(".st-key-link-undo button:visible").first.click()
    page.wait_for_url(re.compile("anchor=17"), timeout=SECONDS)
    expect(field).to_have_value("17", timeout=SECONDS)


@pytest.mark.parametrize("name", PARTS)
def test_every_part_of_a_page_can_be_hidden(page: Page, address: str, name: str) -> None:
    hide = ",".join(f"{name}.{part}" for part in PARTS[name])
    page.goto(f"{address}/{'' if name == 'learn' else name}?run=digits-semi-hard&hide={hide}")
    page.wait_for_selector(".st-key-link-menu button:visible", timeout=SECONDS)
    page.wait_for_selector("[data-test-script-state=notRunning]", timeout=SECONDS)
    for part in PARTS[name].values():
        for key in part.keys:
            classes = key.replace(".", "-")
            selector = f'[class*="st-key-{classes[:-1]}"]' if key.endswith("*") else f".st-key-{classes}"
            assert page.locator(f"{selector}:visible").count() == 0, key

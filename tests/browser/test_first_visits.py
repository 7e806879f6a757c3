"""A first visit: no page is empty, Verify shows an example and takes the sample file, and says what it refuses."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from playwright.sync_api import CDPSession, Locator, Page, expect

from tests.browser.rest import at_rest
from tests.browser.served import Serve
from tests.imports import ROOT

APP = ROOT / "dashboard" / "app.py"
EXAMPLE = "an example that comes with Metric Lab"


@pytest.mark.soak
@pytest.mark.parametrize("name", ["", "train", "mine", "verify", "compare", "explore"])
def test_no_page_of_an_empty_store_is_empty(page: Page, serve: Serve, name: str) -> None:
    page.goto(f"{serve(APP)}/{name}")
    page.locator(".live-figure .main-svg").first.wait_for(state="attached")
    assert page.get_by_test_id("stAlert").count() == 0


@pytest.mark.soak
def test_verify_opens_with_an_example_and_takes_its_own_samples(page: Page, serve: Serve, tmp_path: Path) -> None:
    open_data(page, serve)
    assert page.get_by_text(EXAMPLE).is_visible()
    for label, name, said in (
        ("Embeddings", "sample-embeddings.npz", "719 points of 10 identities"),
        ("Scores", "sample-scores.csv", "3,160 pairs of 10 identities"),
    ):
        with page.expect_download() as download:
            page.get_by_role("button", name=label, exact=True).click()
        assert download.value.suggested_filename == name
        download.value.save_as(tmp_path / name)
        chooser(page).set_input_files(tmp_path / name)
        page.get_by_text(said).wait_for()
        page.locator(".st-key-upload-cancel button").click()
        page.get_by_role("button", name="JSON").wait_for()
        at_rest(page)
        page.get_by_role("button", name="Measure a file").click()
        page.get_by_role("button", name=f"Remove {name}").click()
        page.get_by_role("button", name=label, exact=True).wait_for()


def test_a_lesson_that_the_address_names_is_no_example(page: Page, serve: Serve) -> None:
    page.goto(f"{serve(APP)}/verify?run=digits-softmax")
    page.get_by_role("button", name="JSON").wait_for()
    assert not page.get_by_text(EXAMPLE).count()


@pytest.mark.soak
def test_what_is_refused_is_said_in_a_sentence_that_stays(page: Page, serve: Serve, tmp_path: Path) -> None:
    large, folder, empty = tmp_path / "large.npz", tmp_path / "faces", tmp_path / "empty.npz"
    large.touch()
    os.truncate(large, 201 << 20)
    folder.mkdir()
    for name in ("one.npz", "two.npz"):
        (folder / name).write_bytes(b"nothing")
    empty.touch()
    open_data(page, serve)
    alert = page.get_by_test_id("stPopoverBody").get_by_test_id("stAlert")
    chooser(page).set_input_files(large)
    expect(alert).to_contain_text("large.npz must be at most 200 MiB to be brought here, got 201 MiB.")
    page.get_by_test_id("stPopoverBody").get_by_text("Junk, distractors, groups").click()
    page.locator(".st-key-upload-across label").first.click()
    at_rest(page)
    expect(alert).to_contain_text("large.npz must be at most")
    chooser(page).set_input_files(empty)
    expect(alert).to_contain_text("empty.npz must be a whole .npz archive")
    session = page.context.new_cdp_session(page)
    for files, said in (
        ([folder], "must be a file, got the folder faces."),
        ([empty, large], "must be one file at a time, got 2."),
        ([large], "large.npz must be at most 200 MiB"),
    ):
        drop(session, page.get_by_test_id("stFileUploaderDropzone").first, files)
        expect(alert).to_contain_text(said)
    assert page.locator("[data-testid=stFileChip][aria-invalid=true]").count() == 0, "no red sign beside it"
    assert not page.get_by_text("Drag and drop a file here").count(), "nothing hovers any more"
    paper = tmp_path / "paper.pdf"
    paper.write_bytes(b"%PDF-1.7\n\x00\x01")
    drop(session, page.get_by_test_id("stFileUploaderDropzone").first, [paper])
    expect(alert).to_contain_text("paper.pdf must be")


def open_data(page: Page, serve: Serve) -> None:
    page.goto(f"{serve(APP)}/verify")
    page.get_by_role("button", name="JSON").wait_for()
    at_rest(page)
    page.get_by_role("button", name="Measure a file").click()
    chooser(page).wait_for(state="attached")


def chooser(page: Page) -> Locator:
    return page.locator("input[type=file]").first


def drop(session: CDPSession, target: Locator, files: list[Path]) -> None:
    target.scroll_into_view_if_needed()
    box = target.bounding_box()
    assert box
    data = {"items": [], "files": [str(file) for file in files], "dragOperationsMask": 1}
    for kind in ("dragEnter", "dragOver", "drop"):
        where = {"x": box["x"] + 30, "y": box["y"] + 20}
        session.send("Input.dispatchDragEvent", {"type": kind, **where, "data": data})

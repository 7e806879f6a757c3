"""A newcomer brings a zip of photographs, trains on them, chooses a threshold and takes the encoder home."""

from __future__ import annotations

import json
import time
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect

from core.engine.process import stop_engine
from tests.browser.rest import at_rest
from tests.browser.served import Serve
from tests.environments.test_decide_alone import write_faces
from tests.imports import ROOT

MINUTES = 60_000  # milliseconds each
MOST_CLICKS = 12


@pytest.fixture
def root(tmp_path: Path) -> Iterator[Path]:
    yield tmp_path / "store"
    stop_engine(tmp_path / "store")


@pytest.mark.soak
def test_from_a_zip_of_faces_to_an_encoder_with_its_threshold(
    page: Page, serve: Serve, root: Path, tmp_path: Path, record_property: Callable[[str, object], None]
) -> None:
    clicks, told, began = 0, list[str](), time.monotonic()

    def click(found: Locator) -> None:
        nonlocal clicks
        clicks += 1
        found.click()

    def tell(what: str) -> None:
        told.append(f"{what} after {clicks} clicks, {time.monotonic() - began:.0f} s")

    images = write_faces(tmp_path)
    page.goto(serve(ROOT / "dashboard" / "app.py", {"METRIC_LAB_STORE": str(root)}))
    page.locator("canvas.live-figure-points").first.wait_for(timeout=MINUTES)
    began = time.monotonic()
    click(page.get_by_role("link", name="Train"))
    click(page.locator(".st-key-data-popover button").first)
    with page.expect_file_chooser() as chooser:
        click(page.get_by_test_id("stFileUploaderDropzone").first)
    chooser.value.set_files(images)
    click(page.get_by_role("button", name="Admit"))
    page.get_by_text("40 identities, 400 images").first.wait_for(timeout=2 * MINUTES)
    tell("admitted")
    click(page.get_by_role("button", name="Use in Train"))
    at_rest(page)
    click(page.get_by_role("button", name="Start", exact=True))
    expect(page.get_by_text("finished").first).to_be_visible(timeout=5 * MINUTES)
    tell("trained")
    click(page.get_by_role("link", name="Verify"))
    page.get_by_role("button", name="JSON").first.wait_for(timeout=MINUTES)
    at_rest(page)
    click(page.get_by_role("button", name="10 %", exact=True))
    page.wait_for_url("**far=10*")
    at_rest(page)
    tell("threshold chosen")
    click(page.get_by_role("radio", name="Hand over").or_(page.get_by_role("button", name="Hand over")).first)
    click(page.get_by_role("tab", name="Take home"))
    click(page.get_by_role("button", name="Make it"))
    with page.expect_download(timeout=3 * MINUTES) as download:
        click(page.get_by_role("button", name="Download (").first)
    tell("taken home")
    record_property("told", "; ".join(told))
    with zipfile.ZipFile(download.value.path()) as archive:
        (name,) = [one for one in archive.namelist() if one.endswith("model.json")]
        model = json.loads(archive.read(name))
    threshold, sentence = model["threshold"]["chosen"], page.locator(".live-figure-sentence").first.inner_text()
    assert 0 < threshold < 2 and f"{threshold:.3f}" in sentence
    assert clicks <= MOST_CLICKS, told

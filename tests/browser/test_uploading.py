"""A practitioner brings embeddings and leaves with a threshold to defend, in as few clicks as it takes."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from playwright.sync_api import Locator, Page

from core.engine.process import stop_engine
from core.verification.protocols import parts
from dashboard.lookups.runs import lessons
from tests.browser.rest import at_rest
from tests.browser.served import Serve
from tests.engines import without_engine
from tests.imports import ROOT

MEASURING_MILLISECONDS = 180_000  # a cold worker compiles before it counts


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    root = tmp_path_factory.mktemp("store")
    yield root
    stop_engine(root)


@pytest.fixture(scope="module")
def file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """600 points of 60 identities in 32 dimensions, of unit length."""
    generator, labels = np.random.default_rng(0), np.repeat(np.arange(60), 10)
    points = generator.normal(size=(60, 32))[labels] + 0.9 * generator.normal(size=(600, 32))
    points /= np.linalg.norm(points, axis=1, keepdims=True)
    path = tmp_path_factory.mktemp("files") / "embeddings.npz"
    np.savez(path, embeddings=points.astype(np.float32), labels=labels)
    return path


def counts_by_hand(path: Path, threshold: float) -> dict[str, int]:
    """Of the pairs of the half that reports, the slow way."""
    with np.load(path) as arrays:
        half = parts(arrays["labels"], 2) == 1
        points, labels = arrays["embeddings"][half].astype(np.float64), arrays["labels"][half]
    counts = dict.fromkeys(("true_accepts", "false_accepts", "true_rejects", "false_rejects"), 0)
    for row in range(len(points)):
        accepted = np.sqrt(np.square(points[row] - points[row + 1 :]).sum(axis=1)) <= threshold
        is_same = labels[row + 1 :] == labels[row]
        counts["true_accepts"] += int((accepted & is_same).sum())
        counts["false_accepts"] += int((accepted & ~is_same).sum())
        counts["true_rejects"] += int((~accepted & ~is_same).sum())
        counts["false_rejects"] += int((~accepted & is_same).sum())
    return counts


def test_three_clicks_from_the_first_page_to_a_card(page: Page, serve: Serve, root: Path, file: Path) -> None:
    page.goto(serve(ROOT / "dashboard" / "app.py", {"METRIC_LAB_STORE": str(root)}))
    page.locator("canvas.live-figure-points").first.wait_for(timeout=60_000)
    clicks = 0

    def click(found: Locator) -> None:
        nonlocal clicks
        clicks += 1
        found.click()

    click(page.get_by_role("link", name="Verify"))
    page.get_by_role("button", name="JSON").wait_for(timeout=60_000)
    at_rest(page)
    click(page.get_by_role("button", name="Measure a file"))
    with page.expect_file_chooser() as chooser:
        click(page.get_by_test_id("stFileUploaderDropzone").first)
    chooser.value.set_files(file)
    page.get_by_text("600 points of 60 identities").wait_for()
    waiting = page.get_by_role("progressbar").bounding_box()
    assert waiting["width"] > 1000, "as wide as the page"
    assert not page.get_by_text("A list of pairs").is_visible(), "what was opened for the file hides nothing"
    page.get_by_text("embeddings that you brought").wait_for(timeout=MEASURING_MILLISECONDS)
    at_rest(page)
    assert clicks == 3
    click(page.get_by_role("button", name="10 %", exact=True))
    page.wait_for_url("**far=10*")
    at_rest(page)
    assert "None" not in page.url
    sentence = page.locator(".live-figure-sentence").first.inner_text()
    assert sentence.startswith("Accept when the distance is at most") and " to " in sentence
    click(page.get_by_role("radio", name="Wrong pairs").or_(page.get_by_role("button", name="Wrong pairs")).first)
    assert page.get_by_text("False accepts: different classes").is_visible()
    with page.expect_download() as download:
        click(page.get_by_role("button", name="JSON").first)
    assert clicks <= 6
    card = json.loads(Path(download.value.path()).read_text())
    expected = counts_by_hand(file, card["threshold"])
    assert min(expected.values()) > 0 and {name: card[name] for name in expected} == expected
    assert card["goal"] == {"kind": "far", "max_false_accept_rate": 0.1} and card["protocol"] == "other-identities"
    assert f"{card['threshold']:.3f}" in sentence


@pytest.mark.soak
def test_scores_are_shown_as_they_were_understood_and_turned_round_by_one_click(
    page: Page, serve: Serve, root: Path, tmp_path: Path
) -> None:
    generator = np.random.default_rng(0)
    rows = [(row % 3 == 0, generator.normal(row % 3 == 0)) for row in range(600)]
    listed = tmp_path / "trials.txt"
    listed.write_text(
        "".join(
            f"{same:d} id{row:03d}/a.wav id{row + 1:03d}/b.wav {score:.4f}\n" for row, (same, score) in enumerate(rows)
        )
    )
    page.goto(f"{serve(ROOT / 'dashboard' / 'app.py', {'METRIC_LAB_STORE': str(root)})}/verify")
    page.get_by_role("button", name="JSON").wait_for(timeout=60_000)
    at_rest(page)
    page.get_by_role("button", name="Measure a file").click()
    page.locator("input[type=file]").first.set_input_files(listed)
    page.get_by_text("600 trials (200 same, 400 different), truth first, similarity (larger is closer").wait_for()
    page.get_by_role("radio", name="smaller").or_(page.get_by_role("button", name="smaller")).first.click()
    page.get_by_text("distance (smaller is closer, as you said)").wait_for()
    page.get_by_role("radio", name="larger").or_(page.get_by_role("button", name="larger")).first.click()
    page.get_by_text("similarity (larger is closer, as you said)").wait_for()
    assert page.get_by_text("A list of pairs or of trials").is_visible()
    page.get_by_role("button", name="Measure", exact=True).click()
    page.get_by_text("scores that you brought").wait_for(timeout=MEASURING_MILLISECONDS)
    at_rest(page)
    assert page.get_by_text("200 genuine and 400 impostor pairs").first.is_visible()
    assert page.get_by_text("600 trials (200 same, 400 different)").is_visible(), "what was understood stays beside it"


@pytest.mark.soak
def test_a_request_is_taken_back_and_the_run_before_it_is_shown_again(
    page: Page, serve: Serve, file: Path, tmp_path: Path
) -> None:
    """Without an engine it waits for as long as it is looked at; in a store of its own nobody waits before it."""
    lesson = lessons()[1]  # another than the menu offers first
    with without_engine(tmp_path / "store"):
        address = serve(ROOT / "dashboard" / "app.py", {"METRIC_LAB_STORE": str(tmp_path / "store")})
        check_taken_back(page, f"{address}/verify?run={lesson}", lesson, file)


def check_taken_back(page: Page, address: str, lesson: str, file: Path) -> None:
    page.goto(address)
    page.get_by_role("button", name="JSON").wait_for(timeout=60_000)
    at_rest(page)
    menu = page.locator(".st-key-runs-panel button")
    shown = menu.inner_text()
    page.get_by_role("button", name="Measure a file").click()
    page.locator("input[type=file]").first.set_input_files(file)
    page.get_by_text("Waiting · next in line · the workers start").wait_for(timeout=60_000)
    page.locator(".st-key-upload-cancel button").click()
    page.wait_for_url(f"**run={lesson}*")
    page.get_by_role("button", name="JSON").wait_for()
    at_rest(page)
    assert menu.inner_text() == shown

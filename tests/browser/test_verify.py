"""Verify in a browser: the handle is dragged without the server, and what Python then shows is where it was left."""

from __future__ import annotations

import json
import os
import re
from pathlib import Path

import numpy as np
import pytest
from playwright.sync_api import Locator, Page

from core.runs.run_folder import Run
from dashboard.lookups.wrong_pairs import SHOWN_PAIRS
from tests.browser.rest import at_rest, painted

PLACES = 20


@pytest.fixture
def verify(page: Page, address: str) -> Page:
    """The page of the made run, and the frames it sends."""
    sent: list[object] = []
    page.on("websocket", lambda socket: socket.on("framesent", lambda frame: sent.append(frame)))
    page.goto(f"{address}/verify")
    wait_until_drawn(page)
    page.sent = sent
    return page


def wait_until_drawn(page: Page) -> None:
    page.locator(".live-figure-readout-value").first.wait_for(timeout=60_000)
    page.locator(".live-figure-follower").nth(1).wait_for(timeout=60_000)
    at_rest(page)


def held(page: Page) -> float:
    """Where the handle stands, once Python holds the same."""
    released = value(page)
    page.wait_for_url(f"**threshold={released}*")
    at_rest(page)
    return released


def slider(page: Page) -> Locator:
    return page.get_by_role("slider", name="Threshold").first


def value(page: Page) -> float:
    return float(slider(page).get_attribute("aria-valuenow"))


def readouts(page: Page) -> dict[str, str]:
    boxes = page.locator(".live-figure-readout").all()
    return {
        box.locator(".live-figure-readout-label").inner_text(): box.locator(".live-figure-readout-value").inner_text()
        for box in boxes
    }


def number(text: str) -> int:
    return int(text.replace(",", ""))


def grip(page: Page) -> tuple[float, float]:
    box = page.locator(".live-figure-grip").first.bounding_box()
    return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2


def pair_distances_of(run: Run) -> tuple[np.ndarray, np.ndarray]:
    """All distances of the last snapshot the slow way: same class, different classes."""
    points, labels = run.snapshot(20, "embeddings")["embeddings"].astype(np.float64), run.probe()["labels"]
    first, second = np.triu_indices(len(points), 1)
    distances = np.sqrt(((points[first] - points[second]) ** 2).sum(axis=1))
    same = labels[first] == labels[second]
    return distances[same], distances[~same]


def test_a_reader_who_comes_from_the_home_page_sees_the_same(page: Page, address: str, verify: Page) -> None:
    shown, text = value(verify), readouts(verify)
    page.goto(address)
    page.get_by_role("link", name="Verify").click()
    wait_until_drawn(page)
    assert (value(page), readouts(page)) == (shown, text)


def test_a_drag_shows_exact_counts_and_sends_nothing_until_release(verify: Page, run: Run) -> None:
    positive, negative = pair_distances_of(run)
    stops = np.append(run.threshold_edges(20)[1:], value(verify))
    x, y = grip(verify)
    verify.mouse.move(x, y)
    verify.mouse.down()
    verify.sent.clear()
    seen = set()
    for place in range(PLACES):
        verify.mouse.move(x - 60 + 12 * place, y)
        painted(verify)
        threshold, shown = value(verify), readouts(verify)
        seen.add(threshold)
        assert threshold in stops
        # The handle stands at distances of pairs, which were added up in another order here.
        wrongly, accepted = ((kind <= threshold * (1 + 1e-12)).sum() for kind in (negative, positive))
        assert number(shown["False accepts"]) == wrongly
        assert number(shown["False rejects"]) == len(positive) - accepted
        assert shown["TAR"] == f"{100 * accepted / len(positive):.2f} %"
        right = accepted + len(negative) - wrongly
        assert shown["Accuracy"] == f"{100 * right / (len(positive) + len(negative)):.2f} %"
    assert len(seen) == PLACES
    assert not verify.sent, "nothing may reach the server during a drag"
    verify.mouse.up()
    held(verify)
    assert verify.sent


def test_python_holds_what_the_reader_released(verify: Page, run: Run) -> None:
    x, y = grip(verify)
    verify.mouse.move(x, y)
    verify.mouse.down()
    verify.mouse.move(x + 40, y, steps=4)
    verify.mouse.up()
    released, (positive, negative) = held(verify), pair_distances_of(run)
    assert "goal=hand" in verify.url
    captions = [caption.inner_text() for caption in verify.locator("[data-testid=stImageCaption]").all()]
    shown = [float(re.search("at (.*)", caption)[1]) for caption in captions]
    accepts = shown[: len(shown) - min(SHOWN_PAIRS, int((positive > released).sum()))]
    nearest = [
        float(f"{kind:.4g}") for kind in (negative[negative <= released].max(), positive[positive > released].min())
    ]
    assert [accepts[0], shown[len(accepts)]] == nearest and len(accepts) == SHOWN_PAIRS
    assert accepts == sorted(accepts, reverse=True) and max(accepts) <= float(f"{released:.4g}")
    with verify.expect_download() as download:
        verify.get_by_role("button", name="JSON").first.click()
    card = json.loads(Path(download.value.path()).read_text())
    assert card["threshold"] == released and card["goal"] == {"kind": "hand"}
    assert (
        card["false_accepts"] == (negative <= released * (1 + 1e-12)).sum() == number(readouts(verify)["False accepts"])
    )


def test_a_goal_moves_the_handle_also_back_to_where_it_was(verify: Page, run: Run) -> None:
    start = value(verify)
    for name in ("EER", "Accuracy", "FAR at most"):
        before = value(verify)
        verify.get_by_role("radio", name=name).or_(verify.get_by_role("button", name=name)).first.click()
        moved = (
            f"document.querySelector('[role=slider][aria-label=Threshold]').getAttribute('aria-valuenow') != {before}"
        )
        verify.wait_for_function(moved)
        at_rest(verify)
    assert value(verify) == start


def test_keys_typed_faster_than_the_server_answers_all_count(verify: Page, run: Run) -> None:
    start = value(verify)
    slider(verify).focus()
    for _ in range(6):
        verify.keyboard.press("ArrowRight")
    stops = run.threshold_edges(20)[1:]
    assert held(verify) == stops[np.searchsorted(stops, start, side="right") + 5]
    assert verify.evaluate("document.activeElement.getAttribute('aria-label')") == "Threshold"
    assert "False accepts" in slider(verify).get_attribute("aria-valuetext")


def test_the_curves_follow_the_drag(verify: Page) -> None:
    dots = verify.locator(".live-figure-follower")
    before = [dots.nth(row).bounding_box() for row in range(2)]
    x, y = grip(verify)
    verify.mouse.move(x, y)
    verify.mouse.down()
    verify.mouse.move(x + 60, y, steps=3)
    painted(verify)
    after = [dots.nth(row).bounding_box() for row in range(2)]
    verify.mouse.up()
    assert all(one["x"] < other["x"] for one, other in zip(before, after, strict=True))


def test_what_is_handed_over_is_of_the_released_threshold(verify: Page) -> None:
    verify.get_by_role("radio", name="Hand over").or_(verify.get_by_role("button", name="Hand over")).first.click()
    at_rest(verify)
    slider(verify).focus()
    verify.keyboard.press("ArrowRight")
    released = held(verify)
    texts = {}
    for tab in ("Report", "Python"):
        verify.get_by_role("tab", name=tab).click()
        with verify.expect_download() as download:
            verify.get_by_role("button", name=tab, exact=True).click()
        texts[download.value.suggested_filename] = Path(download.value.path()).read_text()
    assert (
        f"<code>{released!r}</code>" in texts["report.html"] and f"THRESHOLD = {released!r}\n" in texts["threshold.py"]
    )
    verify.get_by_role("tab", name="Find it again").click()
    link = verify.locator("[data-testid=stCode]:visible").first.inner_text()
    verify.goto(link)
    wait_until_drawn(verify)
    assert value(verify) == released and "/verify?" in link


def test_nothing_is_wider_than_the_window(verify: Page) -> None:
    footer = verify.locator(".live-figure-sentence").first.bounding_box()
    assert footer["y"] + footer["height"] <= 720
    for width, height in ((1280, 720), (390, 844)):
        verify.set_viewport_size({"width": width, "height": height})
        at_rest(verify)
        assert verify.evaluate("document.documentElement.scrollWidth") <= width
        assert 0 < grip(verify)[0] < width
        if folder := os.environ.get("METRIC_LAB_SHOTS"):
            verify.screenshot(path=f"{folder}/verify-{width}.png")


@pytest.mark.soak
def test_the_way_back_leads_through_the_sections(verify: Page) -> None:
    last_tab = verify.get_by_role("tab", name="Find it again")
    for name, asked in (("Calibration", "calibration"), ("Hand over", "hand-over")):
        verify.get_by_role("radio", name=name).or_(verify.get_by_role("button", name=name)).first.click()
        verify.wait_for_url(f"**section={asked}*")
        at_rest(verify)
    last_tab.wait_for()
    verify.go_back()
    last_tab.wait_for(state="detached")
    at_rest(verify)
    assert verify.url.endswith("section=calibration")


AWAITING = "[...document.querySelectorAll('[class*=st-key-awaits]')].map((one) => getComputedStyle(one).opacity)"


def test_intervals_fade_while_the_handle_moves_and_until_the_new_ones_are_there(verify: Page) -> None:
    assert verify.evaluate(AWAITING) == ["1", "1"]
    table = verify.locator(".st-key-awaits-intervals table").first
    before = table.inner_text()
    x, y = grip(verify)
    verify.mouse.move(x, y)
    verify.mouse.down()
    verify.mouse.move(x + 80, y, steps=4)
    verify.wait_for_function(f"{AWAITING}.every((opacity) => opacity === '0.35')")
    assert table.inner_text() == before
    verify.mouse.up()
    held(verify)
    verify.wait_for_function(f"{AWAITING}.every((opacity) => opacity === '1')")
    assert table.inner_text() != before


def test_keys_go_through_wrong_pairs_and_suspects_and_the_focus_is_seen(verify: Page, address: str, run: Run) -> None:
    first = verify.get_by_role("button", name=re.compile(r"row \d+")).first
    first.focus()
    marked = first.inner_text()
    verify.keyboard.press("Shift+Tab")
    verify.keyboard.press("Tab")
    assert verify.evaluate("getComputedStyle(document.activeElement).boxShadow") != "none"
    verify.keyboard.press("Enter")
    verify.locator("[data-testid=stMultiSelect]", has_text=marked.split()[-1]).wait_for()
    at_rest(verify)
    verify.goto(f"{address}/verify?run={run.folder.name}&goal=hand&threshold=1.2&snapshot=epoch+0")
    wait_until_drawn(verify)
    verify.get_by_text("By sample", exact=True).click()
    at_rest(verify)
    verify.get_by_role("radio", name=re.compile("row")).first.focus()
    told = verify.get_by_text(re.compile("labelled .* accepted by")).first
    seen = [told.inner_text()]
    for _ in range(2):
        verify.keyboard.press("ArrowDown")
        verify.wait_for_function("(text) => !document.body.innerText.includes(text)", arg=seen[-1])
        at_rest(verify)
        seen.append(told.inner_text())
    assert len(set(seen)) == 3

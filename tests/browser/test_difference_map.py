"""The map of what one strategy improved and the other did not, in a browser: a click shows the sample and leads on."""

from __future__ import annotations

import re
from collections.abc import Iterator

import numpy as np
import pytest
from playwright.sync_api import Page, expect

from core.comparison.record import Comparison
from core.runs.run_folder import Run
from core.runs.store import Store
from tests.browser.rest import at_rest
from tests.browser.served import Serve
from tests.browser.test_mine import PIXEL
from tests.dashboard.changed_samples import changed_comparison
from tests.engines import without_engine
from tests.imports import ROOT

MAP = '.live-figure[aria-label^="Map of the held-out samples"]'
TIP = f"{MAP} .live-figure-tip"


@pytest.fixture(scope="module")
def comparison(tmp_path_factory: pytest.TempPathFactory) -> tuple[Store, Comparison]:
    """Three strategies that have changed each sample otherwise."""
    root = tmp_path_factory.mktemp("changed")
    return Store(root), changed_comparison(root)


@pytest.fixture
def changes(page: Page, serve: Serve, comparison: tuple[Store, Comparison]) -> Iterator[Page]:
    """The page with the map of two of them, drawn."""
    store, found = comparison
    with without_engine(store.root):
        address = serve(ROOT / "dashboard" / "app.py", {"METRIC_LAB_STORE": str(store.root)})
        page.goto(f"{address}/compare?comparison={found.id}&first=all&second=random")
        page.wait_for_selector(f"{MAP} .main-svg", timeout=60_000)
        page.locator(MAP).scroll_into_view_if_needed()
        at_rest(page)
        yield page


def loneliest(store: Store, found: Comparison) -> tuple[int, list[float], str]:
    """The sample of the map that stands furthest from others, its place and its class."""
    run = Run(store.folder(found.runs_of("all")[0]))
    layout = run.snapshot(run.snapshots()[-1].step, "map")["map"].astype(float)
    apart = np.linalg.norm(layout[:, None] - layout, axis=2) + 99 * np.eye(len(layout))
    row = int(apart.min(axis=1).argmax())
    return row, layout[row].tolist(), run.record().data.class_names[run.probe()["labels"][row]]


def test_a_click_shows_the_sample_and_its_nearest_and_leads_to_its_triplets_and_back(
    changes: Page, comparison: tuple[Store, Comparison]
) -> None:
    row, place, name = loneliest(*comparison)
    changes.mouse.move(*changes.evaluate(PIXEL, [MAP, *place]))
    tip = changes.locator(TIP)
    expect(tip.locator("canvas")).to_be_visible()
    assert tip.inner_text().splitlines()[:2][0] == name and "<br>" not in tip.inner_text()
    changes.mouse.click(*changes.evaluate(PIXEL, [MAP, *place]))
    changes.wait_for_url(re.compile(rf"sample={row}(&|$)"))
    shown = changes.get_by_role("img", name=f"The sample: {name}")
    expect(shown).to_be_visible(timeout=60_000)
    for strategy in ("all", "random"):
        expect(changes.get_by_text(f"Nearest with {strategy}: ")).to_be_visible()
    assert changes.locator("[class*=st-key-compare-sample-nearest] img").count() == 12
    at_rest(changes)
    assert changes.locator(MAP).get_attribute("data-frame") == str(row), "the ring is around it"
    changes.get_by_role("link", name="Its triplets in Mine, random").click()
    changes.wait_for_url(re.compile(rf"/mine\?.*anchor={row}(&|$)"))
    assert f"run={comparison[1].runs_of('random')[0]}" in changes.url
    at_rest(changes)
    changes.go_back()
    expect(shown).to_be_visible(timeout=60_000)


def test_a_click_beside_all_samples_shows_none(changes: Page, comparison: tuple[Store, Comparison]) -> None:
    row, place, name = loneliest(*comparison)
    changes.mouse.click(*changes.evaluate(PIXEL, [MAP, *place]))
    changes.wait_for_url(re.compile(rf"sample={row}(&|$)"))
    at_rest(changes)
    box = changes.locator(MAP).bounding_box()
    assert box
    changes.mouse.click(box["x"] + 4, box["y"] + 4)
    expect(changes.get_by_text("Click a sample to see it")).to_be_visible(timeout=60_000)
    assert "sample=" not in changes.url


def test_by_keyboard_a_sample_is_chosen_as_by_a_click(changes: Page) -> None:
    changes.locator(f"{MAP} .live-figure-keys").focus()
    changes.keyboard.press("ArrowLeft")
    said = changes.locator(f"{MAP} .live-figure-said")
    expect(said).to_contain_text("in right order")
    changes.keyboard.press("Enter")
    changes.wait_for_url(re.compile(r"sample=\d+(&|$)"))
    expect(changes.get_by_text("Nearest with all: ")).to_be_visible(timeout=60_000)
